"""Rounds: every competitor once, then all again, so that a slow minute of the machine hits them alike."""

import gc
import json
import os
import platform
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

OUT = Path(__file__).parent.parent / "out/bench"
_REPEAT_MS = 250.0


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
    is all that is measured of that one. In a round a short call is repeated for a quarter of a second
    and its median counts, so that a hiccup of the machine is not taken for the call.
    """
    warm = {name: _timed(call) for name, call in calls.items()}
    kept = {name: call for name, call in calls.items() if warm[name] <= longest_s * 1e3}
    taken: dict[str, list[float]] = {name: [] for name in kept}
    for _ in range(rounds):
        for name, call in kept.items():
            taken[name].append(_repeated(call))
    base = taken[next(iter(calls))]
    return {name: _timing(taken.get(name), warm[name], base) for name in calls}


def _timing(taken: Sequence[float] | None, warm: float, base: Sequence[float]) -> Timing:
    if taken is None:
        return Timing(warm, warm, warm, warm / median(base), once=True)
    ratio = median(t / b for t, b in zip(taken, base, strict=True))
    return Timing(median(taken), min(taken), max(taken), ratio)


def _repeated(call: Callable[[], object]) -> float:
    """Return the median milliseconds of as many calls as fit in a quarter of a second, at least one."""
    gc.collect()
    times = [_timed(call)]
    while sum(times) < _REPEAT_MS:
        times.append(_timed(call))
    return median(times)


def _timed(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return (time.perf_counter() - began) * 1e3


def save(section: str, runs: Sequence[dict[str, Any]], **more: Any) -> None:
    """Write the results of a section, with the machine they are of."""
    OUT.mkdir(parents=True, exist_ok=True)
    plain = {"section": section, "machine": machine(), **more, "runs": list(runs)}
    (OUT / f"{section}.json").write_text(
        json.dumps(plain, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )


def machine() -> dict[str, Any]:
    """Return what a reader must know of the machine, and how busy others kept it when the section had ended."""
    found = {"cpu": platform.machine(), "memory_gb": 0, "system": platform.system()}
    for line in _lines("/proc/cpuinfo"):
        if line.startswith("model name"):
            found["cpu"] = line.split(":")[1].strip()
    for line in _lines("/proc/meminfo"):
        if line.startswith("MemTotal"):
            found["memory_gb"] = round(int(line.split()[1]) / 1048576)
    for line in _lines("/etc/os-release"):
        if line.startswith("PRETTY_NAME"):
            found["system"] = line.split("=")[1].strip('"')
    return {
        **found, "cores": os.cpu_count(), "python": platform.python_version(),
        "busy_percent": _busy_percent(), "day": f"{datetime.now(UTC):%Y-%m-%d}",
    }  # fmt: skip


def _busy_percent() -> int:
    """Return the share of the processors that others use while this process sleeps."""
    before = _processor_time()
    time.sleep(2)
    (total, idle), (total0, idle0) = _processor_time(), before
    return round(100 * (1 - (idle - idle0) / max(1, total - total0)))


def _processor_time() -> tuple[int, int]:
    """Return all ticks of all processors and the idle ones among them."""
    words = (_lines("/proc/stat") or ["cpu 0 0 0 0 0"])[0].split()[1:]
    ticks = [int(word) for word in words[:8]]
    return sum(ticks), sum(ticks[3:5])


def _lines(path: str) -> list[str]:
    return Path(path).read_text(encoding="utf-8").splitlines() if Path(path).exists() else []
