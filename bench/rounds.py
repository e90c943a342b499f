"""Rounds: every competitor once, then all again, so that a slow minute of the machine hits them alike."""

import gc
import json
import os
import platform
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

OUT = Path(__file__).parent.parent / "out/bench"


@dataclass(frozen=True)
class Timing:
    """What one competitor took, milliseconds.

    Attributes
    ----------
    ratio
        How many times longer than the first competitor, as the median over the rounds of both in the same round.
    once
        Timed by a single call, since one took longer than the rounds allow.
    """

    median_ms: float
    least_ms: float
    most_ms: float
    ratio: float
    once: bool = False


def interleaved(
    calls: Mapping[str, Callable[[], object]], *, rounds: int, longest_s: float
) -> dict[str, Timing]:
    """Return the timing of each call; the first is what the others are compared with.

    The first call of each warms up and is not counted, unless it takes longer than `longest_s`: then it
    is all that is measured of that one.
    """
    warm = {name: _timed(call) for name, call in calls.items()}
    kept = {name: call for name, call in calls.items() if warm[name] <= longest_s * 1e3}
    taken: dict[str, list[float]] = {name: [] for name in kept}
    for _ in range(rounds):
        for name, call in kept.items():
            taken[name].append(_timed(call))
    first = next(iter(calls))
    base = taken[first]
    timings = {}
    for name in calls:
        times = taken.get(name, [warm[name]])
        ratios = (
            [t / b for t, b in zip(times, base, strict=False)] if name in taken else [times[0] / median(base)]
        )
        timings[name] = Timing(median(times), min(times), max(times), median(ratios), name not in taken)
    return timings


def _timed(call: Callable[[], object]) -> float:
    gc.collect()
    began = time.perf_counter()
    call()
    return (time.perf_counter() - began) * 1e3


def save(section: str, runs: Sequence[Any], **more: Any) -> None:
    """Write the results of a section, with the machine they are of."""
    OUT.mkdir(parents=True, exist_ok=True)
    plain = {"section": section, "machine": machine(), **more, "runs": [_plain(run) for run in runs]}
    (OUT / f"{section}.json").write_text(
        json.dumps(plain, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )


def machine() -> dict[str, Any]:
    """Return what a reader must know of the machine: processor, memory, system, and how busy it was."""
    cpu = next(
        (x.split(":")[1].strip() for x in _lines("/proc/cpuinfo") if x.startswith("model name")),
        platform.machine(),
    )
    memory = next((int(x.split()[1]) for x in _lines("/proc/meminfo") if x.startswith("MemTotal")), 0)
    system = next(
        (x.split("=")[1].strip('"') for x in _lines("/etc/os-release") if x.startswith("PRETTY_NAME")), "?"
    )
    return {
        "cpu": cpu, "cores": os.cpu_count(), "memory_gb": round(memory / 1048576), "system": system,
        "python": platform.python_version(), "load": round(os.getloadavg()[0], 1), "day": f"{datetime.now(UTC):%Y-%m-%d}",
    }  # fmt: skip


def _lines(path: str) -> list[str]:
    return Path(path).read_text(encoding="utf-8").splitlines() if Path(path).exists() else []


def _plain(value: Any) -> Any:
    return value if isinstance(value, dict) else asdict(value)
