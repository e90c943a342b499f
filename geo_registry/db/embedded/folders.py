"""Whose the cluster is and where its files lie.

Root may not run a server: root's cluster belongs to `postgres`, or `nobody`, and lies where that user
can reach it. A socket's path may be 107 bytes long and is written into URLs, so that an unusual home
gets its socket under /tmp instead.
"""

import hashlib
import os
import pwd
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geo_registry.errors import ClusterTrouble

_PLAIN = re.compile(r"[A-Za-z0-9/._-]+")
_LONGEST_SOCKET = 107
_SOCKET_NAME = ".s.PGSQL.5432"


@dataclass(frozen=True, slots=True)
class Owner:
    """The account the server runs under; `switch` when it is not the caller's own."""

    uid: int
    gid: int
    name: str
    switch: bool

    def popen(self) -> dict[str, Any]:
        """Return the arguments that make a subprocess run under the account."""
        if not self.switch:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def get_owner() -> Owner:
    """Return the account that owns the caller's cluster."""
    if os.geteuid() != 0:
        me = pwd.getpwuid(os.geteuid())
        return Owner(me.pw_uid, me.pw_gid, me.pw_name, False)
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Owner(entry.pw_uid, entry.pw_gid, entry.pw_name, True)
    raise ClusterTrouble(
        reason_zh="root 不能运行数据库，且没有 postgres 或 nobody 账户",
        reason_en="root cannot run a database and there is neither a postgres nor a nobody account",
    )


@dataclass(frozen=True, slots=True)
class Folders:
    """The files of one cluster of one major version."""

    home: Path
    major: int

    @property
    def base(self) -> Path:
        """Return the folder of this major version."""
        return self.home / f"pg{self.major}"

    @property
    def data(self) -> Path:
        """Return the data folder."""
        return self.base / "data"

    @property
    def log(self) -> Path:
        """Return the server's log."""
        return self.base / "server.log"

    @property
    def alive(self) -> Path:
        """Return the file whose lock the server's processes hold while one of them lives."""
        return self.base / "alive.lock"

    @property
    def ready_mark(self) -> Path:
        """Return the file that says the database was made."""
        return self.base / "made"

    @property
    def socket_folder(self) -> Path:
        """Return the folder of the socket: in the home where its path is short and plain."""
        inside = self.home / "run"
        if len(os.fsencode(inside / _SOCKET_NAME)) <= _LONGEST_SOCKET and _PLAIN.fullmatch(str(inside)):
            return inside
        digest = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:12]
        return Path(f"/tmp/geo-registry-{os.geteuid()}-{digest}")

    @property
    def socket(self) -> Path:
        """Return the socket itself."""
        return self.socket_folder / _SOCKET_NAME


def existing_majors(home: Path) -> list[int]:
    """Return the major versions a home has data of, newest first."""
    found = [int(p.parent.name[2:]) for p in home.glob("pg*/data") if p.parent.name[2:].isdigit()]
    return sorted(found, reverse=True)


def prepare(folders: Folders, owner: Owner) -> None:
    """Make the folders, the server's own private to its account.

    Raises
    ------
    ClusterTrouble
        The home cannot be written, or the server's account cannot reach it.
    """
    try:
        folders.home.mkdir(parents=True, exist_ok=True)
        for folder in (folders.base, folders.socket_folder):
            _private(folder, owner)
    except OSError as error:
        raise ClusterTrouble(
            reason_zh=f"无法写入 {folders.home}（{error.strerror}），可用 GEO_REGISTRY_HOME 另选",
            reason_en=f"{folders.home} cannot be written ({error.strerror}); choose another with GEO_REGISTRY_HOME",
        ) from None
    _check_reachable(folders.base, owner)


def _private(folder: Path, owner: Owner) -> None:
    """Make a folder of mode 0700 that belongs to the account; refuse one planted by somebody else."""
    folder.mkdir(mode=0o700, exist_ok=True)
    state = folder.lstat()
    if not stat.S_ISDIR(state.st_mode) or state.st_uid not in (owner.uid, os.geteuid()):
        raise ClusterTrouble(
            reason_zh=f"{folder} 不属于本账户，请删除后重试",
            reason_en=f"{folder} belongs to somebody else; remove it",
        )
    if owner.switch and state.st_uid != owner.uid:
        os.chown(folder, owner.uid, owner.gid)
    folder.chmod(0o700)


def _check_reachable(folder: Path, owner: Owner) -> None:
    if not owner.switch:
        return
    for parent in folder.resolve().parents:
        state = parent.stat()
        passes = state.st_mode & stat.S_IXOTH or (state.st_uid == owner.uid and state.st_mode & stat.S_IXUSR)
        if not passes:
            raise ClusterTrouble(
                reason_zh=f"账户 {owner.name} 进不去 {parent}；请把 GEO_REGISTRY_HOME 设到如 /var/lib/geo-registry 的位置",
                reason_en=f"the account {owner.name} cannot enter {parent}; set GEO_REGISTRY_HOME to a place such as /var/lib/geo-registry",
            )
