"""A bar with rate and time left on stderr, only where stderr is a terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from geo_registry.cli.output import stderr

if TYPE_CHECKING:
    from geo_registry.actions.route_file import Progress as Told


@contextmanager
def shown() -> Iterator[Callable[["Told"], None]]:
    """Give what is to be told of a run's progress; silent where nobody watches."""
    if not stderr().isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    bar = Progress(
        BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[rows]:,} 行 rows"),
        TextColumn("{task.fields[rate]:,.0f} 行/秒 rows/s"), TimeRemainingColumn(),
        console=Console(file=stderr()), transient=True,
    )  # fmt: skip
    with bar:
        task = bar.add_task("", total=None, rows=0, rate=0.0)

        def tell(at: "Told") -> None:
            seconds = bar.tasks[0].elapsed or 1e-9
            bar.update(
                task, total=at.whole, completed=at.done, rows=at.rows + at.kept_rows, rate=at.rows / seconds
            )

        yield tell
