"""Work on many points shared between threads: the compiled functions let go of the interpreter's lock."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from itertools import pairwise
from typing import TypeVar

T = TypeVar("T")


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0))


def in_pieces(work: Callable[[slice], T], n: int, threads: int) -> list[T]:
    """Do a work on n things in as many pieces as there are threads; return what each piece came to, in order."""
    if threads <= 1:
        return [work(slice(0, n))]
    bounds = [n * i // threads for i in range(threads + 1)]
    return list(_pool(threads).map(work, [slice(a, b) for a, b in pairwise(bounds)]))


@lru_cache(maxsize=4)
def _pool(threads: int) -> ThreadPoolExecutor:
    """Return threads that are kept: starting them takes longer than locating a million points."""
    return ThreadPoolExecutor(threads, thread_name_prefix="geo-registry points")
