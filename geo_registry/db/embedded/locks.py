"""Locks that die with their holders.

Whether a server lives is judged by a lock its processes inherit, not by a process number: numbers are
reused, zombies keep theirs, and another container's are not ours to see.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from geo_registry.errors import ClusterTrouble


@contextmanager
def one_at_a_time(path: Path, *, timeout_s: float) -> Iterator[None]:
    """Hold a file's lock while starting or stopping, so that two callers make one server."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        deadline = time.monotonic() + timeout_s
        while not try_lock(descriptor):
            if time.monotonic() > deadline:
                raise ClusterTrouble(
                    reason_zh=f"另一个进程正在启动或停止它，已等待 {timeout_s:.0f} 秒",
                    reason_en=f"another process has been starting or stopping it for {timeout_s:.0f} s",
                )
            time.sleep(0.02)
        yield
    finally:
        os.close(descriptor)


def try_lock(descriptor: int) -> bool:
    """Take the lock of an open file if it is free."""
    return _try(descriptor, fcntl.LOCK_EX)


def is_held(path: Path) -> bool:
    """Tell whether somebody holds a file's lock; those who only look do not see one another."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        return not _try(descriptor, fcntl.LOCK_SH)
    finally:
        os.close(descriptor)


def _try(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
