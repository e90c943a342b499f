"""The parts of a file done by the workers of a Dask scheduler, on whatever machines they are.

The job, with the snapshot in it, is sent to every worker once. Delimited text, GeoJSON and Parquet are
read by the workers from the path they share with this process; rows of other files are sent along.
Each part is written by its worker; only its note comes back. A worker that ends costs its parts' time:
Dask gives them to another.
"""

import warnings
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError
from dataclasses import replace
from pathlib import Path
from typing import Any

from geo_registry.actions.file_work import TRIES, Job, Run, Task
from geo_registry.errors import SchedulerUnavailable, WorkersLost
from geo_registry.exchange.parts import Note
from geo_registry.version import __version__

_WAIT_S = 8
_AHEAD = 2  # parts given out for each thread of a worker


def run_on_scheduler(url: str) -> Run:
    """Return a way to do the parts on a cluster.

    Raises
    ------
    SchedulerUnavailable
        (While running) nobody answers, no worker comes, or a worker is of another release or does not
        see the files.
    WorkersLost
        (While running) a part ended every worker it was given to.
    """

    def run(job: Job, tasks: Iterable[Task]) -> Iterator[Note]:
        job = _with_whole_paths(job)
        with _connected(url) as client, warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Sending large graph", category=UserWarning)
            _check_workers(client, url, job)
            yield from _through(client, job, iter(tasks))

    return run


def _with_whole_paths(job: Job) -> Job:
    parts = replace(job.parts, folder=job.parts.folder.absolute())
    return replace(job, parts=parts, source=replace(job.source, path=job.source.path.absolute()))  # type: ignore[type-var]


def _connected(url: str) -> Any:
    try:
        from distributed import Client
    except ImportError:
        raise SchedulerUnavailable(
            url=url,
            reason_zh="没有安装 geo-registry[cluster]",
            reason_en="geo-registry[cluster] is not installed",
        ) from None
    try:
        return Client(url, timeout=_WAIT_S, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TypeError) as error:
        raise SchedulerUnavailable(
            url=url, reason_zh="没有应答", reason_en=f"it does not answer ({type(error).__name__})"
        ) from None


def _check_workers(client: Any, url: str, job: Job) -> None:
    try:
        client.wait_for_workers(1, timeout=_WAIT_S)
        seen = client.run(_about, str(job.source.path) if job.source.is_shared else "", str(job.parts.folder))
    except Exception as error:  # a worker without this package fails as it likes
        raise SchedulerUnavailable(
            url=url, reason_zh="没有可用的工作进程", reason_en=f"it has no worker that can do this ({type(error).__name__}: {error})"
        ) from None  # fmt: skip
    for address, (version, missing) in seen.items():
        if version != __version__:
            raise SchedulerUnavailable(
                url=url,
                reason_zh=f"{address} 上的版本是 {version}，这里是 {__version__}",
                reason_en=f"{address} runs release {version}, and this is {__version__}",
            )
        if missing:
            raise SchedulerUnavailable(
                url=url,
                reason_zh=f"{address} 看不到 {missing}，请放在共享目录",
                reason_en=f"{address} does not see {missing}; put it on a path all share",
            )


def _about(path: str, folder: str) -> tuple[str, str]:
    """Return, on a worker, its release and the first path it does not see."""
    missing = [p for p in (path, folder) if p and not Path(p).exists()]
    return __version__, missing[0] if missing else ""


def _through(client: Any, job: Job, tasks: Iterator[Task]) -> Iterator[Note]:
    """Give out parts and yield their notes; what was lost with its worker is given out again."""
    from distributed import KilledWorker, as_completed

    shared = client.scatter(job, broadcast=True, hash=False)
    most = _AHEAD * max(sum(client.nthreads().values()), 1)
    out: dict[Any, tuple[Task, int]] = {}
    arrived = as_completed(loop=client.loop)  # type: ignore[no-untyped-call]

    def give(task: Task, tries: int) -> None:
        future = client.submit(_do, shared, *task, pure=False)
        out[future] = (task, tries)
        arrived.add(future)  # type: ignore[no-untyped-call]

    for task in tasks:
        give(task, 0)
        if len(out) >= most:
            break
    while out:
        future = next(arrived)
        task, tries = out.pop(future)
        try:
            note = future.result()
        except KilledWorker:
            raise WorkersLost(part=task[0].number, tries=TRIES) from None
        except CancelledError:  # the job went with the last worker that held it
            if tries + 1 >= TRIES:
                raise WorkersLost(part=task[0].number, tries=tries + 1) from None
            if shared.cancelled() or shared.status in ("lost", "error"):
                shared = client.scatter(job, broadcast=True, hash=False)
            give(task, tries + 1)
            continue
        yield note
        following = next(tasks, None)
        if following is not None:
            give(following, 0)


def _do(job: Job, part: Any, content: Any) -> Note:
    return job.do(part, content)
