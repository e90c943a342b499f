"""Whole files measured: against pandas reading and writing the same file, with processes and with a cluster.

``python -m tests.whole_files [--rows N …] [--json FILE]``. Rows are random places of the province's box;
the registry is the one the settings name. Runs alternate; the figures are medians.
"""

import argparse
import json
import platform
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from tests.server import COMMAND, free_port

_PANDAS = (
    "import sys, time, pandas; t = time.monotonic(); pandas.read_csv(sys.argv[1]).to_csv(sys.argv[2], index=False); "
    "print(time.monotonic() - t)"
)


def write_rows(path: Path, rows: int) -> None:
    """Write a CSV of random places, a stretch at a time."""
    random = np.random.default_rng(rows)
    with path.open("w", encoding="utf-8") as file:
        file.write("id,lon,lat\n")
        for start in range(0, rows, 100_000):
            n = min(100_000, rows - start)
            lons, lats = random.uniform(121.6, 131.4, n), random.uniform(40.8, 46.4, n)
            file.writelines(
                f"{start + i:08d},{lon:.6f},{lat:.6f}\n"
                for i, (lon, lat) in enumerate(zip(lons, lats, strict=True))
            )


def pandas_seconds(path: Path, out: Path) -> float:
    """Return the seconds pandas takes to read and write a file, its own start not counted."""
    done = subprocess.run(
        [sys.executable, "-c", _PANDAS, str(path), str(out)], check=True, capture_output=True, text=True
    )
    return float(done.stdout)


def routed(path: Path, out: Path, *options: str) -> tuple[float, float, float]:
    """Return what a run of the command takes: all its seconds, those of the file alone, and the largest MB of its processes."""
    started = time.monotonic()
    process = subprocess.Popen(
        [COMMAND, "route-file", str(path), str(out), "--json", *options],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    with watched(process.pid) as largest:
        stdout, stderr = process.communicate()
    if process.returncode != 0:
        raise RuntimeError(stderr)
    return time.monotonic() - started, float(json.loads(stdout)["seconds"]), largest()


@contextmanager
def watched(pid: int) -> Iterator[Callable[[], float]]:
    """Watch the memory of a process and its children; gives what returns the largest single one, in MB."""
    largest, ended = [0.0], threading.Event()

    def watch() -> None:
        while not ended.wait(0.05):
            largest[0] = max([largest[0], *(resident_mb(p) for p in family(pid))])

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    yield lambda: largest[0]
    ended.set()
    thread.join()


def family(pid: int) -> list[int]:
    """Return a process and all below it."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        others = [
            c
            for task in Path(f"/proc/{pid}/task").iterdir()
            if task.name != str(pid)
            for c in (task / "children").read_text().split()
        ]
    except OSError:
        return []
    return [pid, *(p for child in dict.fromkeys(children + others) for p in family(int(child)))]


def resident_mb(pid: int) -> float:
    """Return the memory a process holds, 0 once it has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    return next(
        (int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS")), 0.0
    )


@contextmanager
def cluster(workers: int) -> Iterator[str]:
    """Start a Dask scheduler and workers of one thread each on this machine; gives its address."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        address = f"tcp://127.0.0.1:{free_port()}"

        def start(module: str, *words: str) -> None:
            process = subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.{module}", *words, "--no-dashboard"],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            stack.callback(process.wait)
            stack.callback(process.terminate)

        start("dask_scheduler", "--host", "127.0.0.1", "--port", address.rsplit(":", 1)[1])
        for _ in range(workers):
            start("dask_worker", address, "--nthreads", "1", "--no-nanny", "--local-directory", folder)
        yield address


def measure(rows: int, rounds: int) -> dict[str, Any]:
    """Return the medians of interleaved runs over a file of so many rows, and whether all made the same."""
    with tempfile.TemporaryDirectory() as name, cluster(2) as address:
        path, out = Path(name) / "in.csv", Path(name) / "out.csv"
        write_rows(path, rows)
        ways: dict[str, tuple[str, ...]] = {
            "one": (), "two": ("--workers", "2"), "dask": ("--scheduler", address),
        }  # fmt: skip
        taken: dict[str, list[tuple[float, float, float]]] = {way: [] for way in ways}
        pandas, made = [], set()
        routed(path, out)  # compiled code is read from disk afterwards
        for _ in range(rounds):
            pandas.append(pandas_seconds(path, Path(name) / "pandas.csv"))
            for way, options in ways.items():
                taken[way].append(routed(path, out, *options))
                made.add(hash(out.read_bytes()))
        figures: dict[str, Any] = {
            "rows": rows,
            "pandas_s": statistics.median(pandas),
            "same": len(made) == 1,
        }
        for way, runs in taken.items():
            command_s, file_s, mb = (statistics.median(r[i] for r in runs) for i in range(3))
            figures[way] = {
                "command_s": command_s, "file_s": file_s, "largest_mb": mb, "ratio": file_s / figures["pandas_s"],
            }  # fmt: skip
        return figures


def crossover(measured: list[dict[str, Any]], way: str) -> int | None:
    """Return the fewest rows measured at which a way is quicker than one process, None where it never is."""
    return next((m["rows"] for m in measured if m[way]["command_s"] < m["one"]["command_s"]), None)


def main() -> None:
    """Measure, print, and write JSON where asked."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, nargs="+", default=[100_000])
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--json", type=Path)
    given = options.parse_args()
    measured = [measure(rows, given.rounds) for rows in sorted(given.rows)]
    result = {
        "python": platform.python_version(), "measured": measured,
        "crossover_two": crossover(measured, "two"), "crossover_dask": crossover(measured, "dask"),
    }  # fmt: skip
    text = json.dumps(result, indent=1)
    if given.json:
        given.json.write_text(text)
    print(text)
    sys.exit(0 if all(m["same"] for m in measured) else 1)


if __name__ == "__main__":
    main()
