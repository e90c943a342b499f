"""The cluster itself: start, stop and status, each safe to repeat and to call from two places at once."""

import os
import secrets
import shutil
import signal
import socket
import struct
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from geo_registry.db.embedded.binaries import Binaries, find_binaries
from geo_registry.db.embedded.folders import Folders, existing_majors, get_owner, prepare
from geo_registry.db.embedded.locks import is_held, one_at_a_time, try_lock
from geo_registry.errors import ClusterTrouble, ServerMissing

ADMIN, ROLE, DATABASE = "geo_registry_admin", "geo_registry", "geo_registry"
_START_S, _STOP_S, _TURN_S, _LOCK_S = 60.0, 30.0, 120.0, 30.0
_LOG_MOST = 10_000_000
_REPLY_S = 5.0
_SSL_REQUEST = struct.pack("!ii", 8, 80877103)  # the protocol's first message that always has a reply
_EXTENSIONS = "create extension if not exists postgis; create extension if not exists btree_gist;"


@dataclass(frozen=True, slots=True)
class ClusterStatus:
    """What `db status` shows."""

    running: bool
    major: int
    data: Path
    socket: Path
    log: Path
    size_mb: float


class Cluster:
    """A private PostgreSQL + PostGIS server in one folder.

    Parameters
    ----------
    home
        Folder of the cluster; made when missing. Root's must be reachable by an unprivileged account.
    postgres_bin
        Folder of the server's programs when they are not where the system puts them.
    options
        Further server settings, for tests.

    Raises
    ------
    ServerMissing
        PostgreSQL or PostGIS is not installed.
    ClusterTrouble
        The home holds data of a major version that is no longer installed.
    """

    def __init__(
        self, home: Path, *, postgres_bin: Path | None = None, options: Mapping[str, str] | None = None
    ) -> None:
        self.binaries = _binaries_for(home, postgres_bin)
        self.folders = Folders(home.absolute(), self.binaries.major)
        self.owner = get_owner()
        self._options = dict(options or {})

    def url(self, database: str = DATABASE, *, role: str = ROLE) -> str:
        """Return the SQLAlchemy URL of a database of the cluster."""
        host = quote(str(self.folders.socket_folder), safe="/")
        return f"postgresql+asyncpg://{role}@/{database}?host={host}"

    def start(self) -> str:
        """Start the server unless it runs, make the database unless it is there, and return its URL.

        Survives a `kill -9` of the server or of an earlier caller: what is stale is cleared, and
        PostgreSQL recovers every committed row.
        """
        prepare(self.folders, self.owner)
        with self._turn():
            if not self._is_answering():
                self._wait_until_dead()
                if not self.folders.data.is_dir():
                    self._initdb()
                self._launch()
            self._make_database()
        return self.url()

    def stop(self) -> bool:
        """Stop the server; return whether it was running."""
        if not self.folders.base.is_dir():
            return False
        with self._turn():
            was_running = is_held(self.folders.alive)
            for how in (signal.SIGINT, signal.SIGQUIT):  # fast, then immediate
                if not is_held(self.folders.alive):
                    break
                self._signal(how)
                self._wait_for(lambda: not is_held(self.folders.alive), _STOP_S)
        return was_running

    def is_running(self) -> bool:
        """Tell whether the server answers on its socket."""
        return self._is_answering()

    def status(self) -> ClusterStatus:
        """Return what there is to know without starting anything."""
        data = self.folders.data
        size = sum(p.lstat().st_size for p in data.rglob("*") if p.is_file()) if data.is_dir() else 0
        return ClusterStatus(
            self._is_answering(),
            self.binaries.major,
            data,
            self.folders.socket,
            self.folders.log,
            round(size / 1e6, 1),
        )

    def run_sql(self, sql: str, *, database: str = "postgres") -> str:
        """Run statements as the cluster's administrator and return what they print."""
        done = subprocess.run(
            [self.binaries.path("psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1",
             "-h", str(self.folders.socket_folder), "-U", ADMIN, "-d", database, "-c", sql],
            capture_output=True, text=True, env=_clean_environment(), check=False,
        )  # fmt: skip
        if done.returncode != 0:
            fault = done.stderr.strip().splitlines()[-1:] or ["psql"]
            raise ClusterTrouble(
                reason_zh=f"执行语句失败（{fault[0]}）", reason_en=f"a statement failed ({fault[0]})"
            )
        return done.stdout.strip()

    def _turn(self) -> AbstractContextManager[None]:
        self.folders.home.mkdir(parents=True, exist_ok=True)
        return one_at_a_time(self.folders.home / "turn.lock", timeout_s=_TURN_S)

    def _is_answering(self) -> bool:
        """Tell whether a server speaks at the socket.

        It must reply to a request, not merely accept a connection: the kernel accepts for a moment on
        behalf of a server that was just killed.
        """
        if not (is_held(self.folders.alive) and self._is_ready()):
            return False
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            probe.settimeout(_REPLY_S)
            try:
                probe.connect(str(self.folders.socket))
                probe.sendall(_SSL_REQUEST)
                return probe.recv(1) in (b"N", b"S")
            except OSError:
                return False

    def _is_ready(self) -> bool:
        """Tell whether the server says so: line 8 of its pid file."""
        lines = self._pid_file()
        return len(lines) > 7 and lines[7].strip() in ("ready", "standby")

    def _pid_file(self) -> list[str]:
        try:
            return (self.folders.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []

    def _wait_until_dead(self) -> None:
        """Give processes of a killed server time to go, and a starting one time to answer."""
        if not self._wait_for(lambda: not is_held(self.folders.alive) or self._is_answering(), _START_S):
            raise ClusterTrouble(
                reason_zh=f"旧进程仍占用 {self.folders.data}，见 {self.folders.log}",
                reason_en=f"processes of an earlier server still hold {self.folders.data}; see {self.folders.log}",
            )

    def _initdb(self) -> None:
        """Make the data folder beside its place, then move it there whole."""
        for leftover in self.folders.base.glob("data.new-*"):
            shutil.rmtree(leftover, ignore_errors=True)
        side = self.folders.base / f"data.new-{secrets.token_hex(6)}"
        careless = ["--no-sync"] if self._options.get("fsync") == "off" else []
        made = subprocess.run(
            [self.binaries.path("initdb"), "-D", str(side), "-U", ADMIN, "-E", "UTF8", "--locale=C",
             "--auth=peer", *careless],
            capture_output=True, text=True, cwd="/", env=_clean_environment(), check=False, **self.owner.popen(),
        )  # fmt: skip
        if made.returncode != 0:
            fault = (made.stderr.strip().splitlines() or ["initdb"])[-1]
            raise ClusterTrouble(reason_zh=f"无法建库（{fault}）", reason_en=f"initdb failed ({fault})")
        self.folders.ready_mark.unlink(missing_ok=True)  # it spoke of data that are gone
        side.rename(self.folders.data)

    def _launch(self) -> None:
        if self._is_answering():
            return
        self._clear_stale()
        self._write_access()
        if self.folders.log.exists() and self.folders.log.stat().st_size > _LOG_MOST:
            self.folders.log.unlink()
        alive = os.open(self.folders.alive, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if self._wait_for(lambda: try_lock(alive), _LOCK_S):  # a `status` may hold it for a moment
                self._spawn(alive)
        finally:
            os.close(alive)
        self._wait_for(lambda: self._is_answering() or not is_held(self.folders.alive), _START_S)
        if not self._is_answering():
            tail = (
                self.folders.log.read_text(errors="replace").strip().splitlines()[-1:]
                if self.folders.log.exists()
                else []
            )
            fault = tail[0] if tail else "?"
            raise ClusterTrouble(
                reason_zh=f"启动失败（{fault}），见 {self.folders.log}",
                reason_en=f"it did not start ({fault}); see {self.folders.log}",
            )

    def _spawn(self, alive: int) -> None:
        """Start the server with the lock in its hands; the shell leaves at once, so that it outlives the caller."""
        subprocess.run(
            ["/bin/sh", "-c", 'log=$1; shift; "$@" </dev/null >>"$log" 2>&1 &', "sh", str(self.folders.log),
             self.binaries.path("postgres"), "-D", str(self.folders.data), *self._settings()],
            cwd="/", env=_clean_environment(), pass_fds=[alive], start_new_session=True, check=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **self.owner.popen(),
        )  # fmt: skip

    def _settings(self) -> list[str]:
        wanted = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.folders.socket_folder),
            "unix_socket_permissions": "0700",
            "port": "5432",
            "logging_collector": "off",
            "log_destination": "stderr",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "jit": "off",
            "shared_buffers": "128MB",
            **self._options,
        }
        return [part for name, value in wanted.items() for part in ("-c", f"{name}={value}")]

    def _clear_stale(self) -> None:
        """Remove what a killed server left; its lock is free, so nobody uses these files."""
        for path in (
            self.folders.data / "postmaster.pid",
            self.folders.socket,
            Path(f"{self.folders.socket}.lock"),
        ):
            path.unlink(missing_ok=True)

    def _write_access(self) -> None:
        """Let in the server's account and the caller's own, by the kernel's word, and nobody else."""
        accounts = {self.owner.name, "root"} if self.owner.switch else {self.owner.name}
        idents = [
            f'geo_registry "{account}" {role}' for account in sorted(accounts) for role in (ADMIN, ROLE)
        ]
        access = [f"local {what} all peer map=geo_registry" for what in ("all", "replication")]
        for name, lines in (
            ("pg_hba.conf", access),
            ("pg_ident.conf", idents),
        ):
            path = self.folders.data / name
            path.write_text("\n".join(lines) + "\n")
            if self.owner.switch:
                os.chown(path, self.owner.uid, self.owner.gid)

    def _make_database(self) -> None:
        """Make role, database and extensions where they are missing.

        A caller that was killed in the middle leaves a statement that still runs; what it makes at this
        very moment is refused here as made already, and found the next time.
        """
        if self.folders.ready_mark.exists():
            return
        for last in (False, False, False, True):
            try:
                self._make_what_is_missing()
                break
            except ClusterTrouble:
                if last:
                    raise
                time.sleep(1.0)
        self.folders.ready_mark.touch()

    def _make_what_is_missing(self) -> None:
        if ROLE not in self.run_sql("select rolname from pg_roles").splitlines():
            self.run_sql(f"create role {ROLE} login")
        if DATABASE not in self.run_sql("select datname from pg_database").splitlines():
            self.run_sql(f"create database {DATABASE} owner {ROLE}")
        self.run_sql(_EXTENSIONS, database=DATABASE)

    def _signal(self, how: signal.Signals) -> None:
        lines = self._pid_file()
        pid = int(lines[0]) if lines and lines[0].strip().isdigit() else 0
        try:
            if pid and os.path.samefile(f"/proc/{pid}/cwd", self.folders.data):
                os.kill(pid, how)
        except OSError:
            return  # the server is gone; its last processes follow

    @staticmethod
    def _wait_for(condition: Callable[[], bool], timeout_s: float) -> bool:
        deadline = time.monotonic() + timeout_s
        while not (met := condition()) and time.monotonic() < deadline:
            time.sleep(0.02)
        return met


def _binaries_for(home: Path, postgres_bin: Path | None) -> Binaries:
    """Return the server that fits the data a home has; the newest where it has none."""
    majors = existing_majors(home)
    if not majors:
        return find_binaries(postgres_bin)
    for major in majors:
        try:
            return find_binaries(postgres_bin, major=major)
        except ServerMissing:
            continue
    newest = find_binaries(postgres_bin)
    raise ClusterTrouble(
        reason_zh=f"{home} 里是 PostgreSQL {majors[0]} 的数据，而系统现有 {newest.major}；请先用旧版本导出再导入",
        reason_en=f"{home} holds data of PostgreSQL {majors[0]} but the system has {newest.major}; "
        "dump it with the old version and restore it with the new one",
    )


def _clean_environment() -> dict[str, str]:
    """Return the environment without settings meant for other servers."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PG") and not k.startswith("LC_")}
    return {**kept, "LC_ALL": "C", "LANG": "C"}
