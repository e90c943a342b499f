"""Locks that die with their holders: who only looks is not seen as a holder."""

import fcntl
import os
from pathlib import Path

from geo_registry.db.embedded.locks import is_held, try_lock


def test_who_only_looks_is_no_holder(tmp_path: Path) -> None:
    path = tmp_path / "alive"
    looker = os.open(path, os.O_RDWR | os.O_CREAT)
    try:
        fcntl.flock(looker, fcntl.LOCK_SH | fcntl.LOCK_NB)  # what `is_held` does for a moment
        assert not is_held(path)
    finally:
        os.close(looker)


def test_who_holds_it_is_seen_until_he_lets_go(tmp_path: Path) -> None:
    path = tmp_path / "alive"
    assert not is_held(path)
    holder = os.open(path, os.O_RDWR | os.O_CREAT)
    assert try_lock(holder)
    assert is_held(path)
    os.close(holder)
    assert not is_held(path)
