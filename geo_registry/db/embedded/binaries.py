"""Where the server's programs are, and whether PostGIS stands beside them."""

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from geo_registry.errors import ServerMissing

_SYSTEM = Path("/usr/lib/postgresql")
_OLDEST = 13


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder of server programs and its major version."""

    folder: Path
    major: int

    def path(self, program: str) -> str:
        """Return the path of a program of this server."""
        return str(self.folder / program)


def find_binaries(preferred: Path | None, *, major: int | None = None) -> Binaries:
    """Return the newest server that has PostGIS and btree_gist, or the one of a given major version.

    Raises
    ------
    ServerMissing
        There is none; the sentence names the command that installs it.
    """
    folders = [preferred] if preferred else _candidates()
    servers = [b for folder in folders if (b := _inspect(folder)) is not None and b.major >= _OLDEST]
    if not servers:
        raise ServerMissing(missing="PostgreSQL")
    with_postgis = [b for b in servers if _has_extensions(b)]
    if not with_postgis:
        raise ServerMissing(missing="PostGIS")
    wanted = [b for b in with_postgis if major is None or b.major == major]
    if not wanted:
        raise ServerMissing(missing=f"PostgreSQL {major} with PostGIS")
    return max(wanted, key=lambda b: b.major)


def _candidates() -> list[Path]:
    found = sorted(_SYSTEM.glob("*/bin")) if _SYSTEM.is_dir() else []
    for program in ("postgres", "pg_config"):
        where = shutil.which(program)
        if where:
            found.append(Path(where).resolve().parent)
    return list(dict.fromkeys(found))


def _inspect(folder: Path) -> Binaries | None:
    if not all((folder / program).is_file() for program in ("postgres", "initdb", "psql")):
        return None
    shown = subprocess.run(
        [str(folder / "postgres"), "--version"], capture_output=True, text=True, check=False
    )
    match = re.search(r"(\d+)(?:\.\d+|devel|beta|rc)", shown.stdout)
    return Binaries(folder, int(match.group(1))) if match else None


def _has_extensions(server: Binaries) -> bool:
    shown = (
        subprocess.run([server.path("pg_config"), "--sharedir"], capture_output=True, text=True, check=False)
        if (server.folder / "pg_config").is_file()
        else None
    )
    share = [Path(shown.stdout.strip())] if shown and shown.returncode == 0 and shown.stdout.strip() else []
    share += [Path(f"/usr/share/postgresql/{server.major}"), server.folder.parent / "share/postgresql"]
    return any(
        all((folder / "extension" / f"{name}.control").exists() for name in ("postgis", "btree_gist"))
        for folder in share
    )
