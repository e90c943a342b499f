"""The parts of a result while it is made: a folder beside it, from which a run can be continued.

A part is there once the note beside it is: both are written under another name and renamed.
"""

import fcntl
import hashlib
import json
import os
import shutil
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from geo_registry.errors import FileInUse, InputChanged, PartsDiffer, UnreadableFile, UnwritableFile

_LOOKED_AT = 1 << 20
_MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Note:
    """What is told of a part: its rows by outcome, and the first reasons for which rows were refused."""

    number: int
    rows: int
    size: int
    check: int
    outcomes: dict[str, int] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Identity:
    """A file as it was when a run began."""

    size: int
    mtime_ns: int
    ends: str

    @classmethod
    def of(cls, path: Path) -> "Identity":
        """Return size, time of last change, and the SHA-256 of its first and last MiB.

        Raises
        ------
        UnreadableFile
            It cannot be opened.
        """
        try:
            with path.open("rb") as file:
                digest = hashlib.sha256(file.read(_LOOKED_AT))
                size = file.seek(0, os.SEEK_END)
                file.seek(max(size - _LOOKED_AT, 0))
                digest.update(file.read())
                return cls(size, os.fstat(file.fileno()).st_mtime_ns, digest.hexdigest())
        except OSError as error:
            raise UnreadableFile(
                path=str(path), reason_zh="文件打不开", reason_en=str(error.strerror)
            ) from None

    def require(self, path: Path) -> None:
        """Refuse a file that is no longer what it was.

        Raises
        ------
        InputChanged
            It was written to.
        """
        if Identity.of(path) != self:
            raise InputChanged(path=str(path))


@dataclass(frozen=True, slots=True)
class PartsFolder:
    """The folder `OUT.parts`; parts carry a mark of what was asked, so that none of another run is taken for ours."""

    folder: Path
    mark: str

    def path(self, number: int) -> Path:
        """Return where a part lies."""
        return self.folder / f"{number:06d}-{self.mark}.part"

    @property
    def whole(self) -> Path:
        """Return where the whole result is put together."""
        return self.folder / f"whole-{self.mark}"

    def keep(
        self, number: int, data: bytes, *, rows: int, outcomes: dict[str, int], reasons: tuple[str, ...]
    ) -> Note:
        """Write a part and then its note, each whole or not at all."""
        note = Note(number, rows, len(data), zlib.crc32(data), outcomes, reasons)
        path = self.path(number)
        _write(path, data)
        _write(path.with_suffix(".json"), json.dumps(asdict(note), ensure_ascii=False).encode())
        return note

    def abandon(self) -> None:
        """Remove the folder: what was asked cannot be done, so nothing is to be continued."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def kept(self) -> dict[int, Note]:
        """Return the notes of the parts that are whole."""
        notes = {}
        for path in sorted(self.folder.glob(f"*-{self.mark}.json")):
            plain = json.loads(path.read_bytes())
            note = Note(**{**plain, "reasons": tuple(plain["reasons"])})
            part = path.with_suffix(".part")
            if (
                part.is_file()
                and part.stat().st_size == note.size
                and zlib.crc32(part.read_bytes()) == note.check
            ):
                notes[note.number] = note
        return notes


def _write(path: Path, data: bytes) -> None:
    side = path.with_name(f".{path.name}.{os.getpid()}")
    side.write_bytes(data)
    side.replace(path)


@contextmanager
def parts_folder(out: Path, asked: dict[str, Any], *, resume: bool) -> Iterator[PartsFolder]:
    """Give the parts folder of a result; it is removed once `finish` has put the result in its place.

    Parameters
    ----------
    asked
        All that the result depends on; a run is continued only where it is the same.

    Raises
    ------
    PartsDiffer
        The parts kept are of another input, other options, other data or another release.
    FileInUse
        Another run is making this result.
    UnwritableFile
        The folder cannot be made.
    """
    folder = out.with_name(out.name + ".parts")
    try:
        folder.mkdir(exist_ok=True)
        lock = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise UnwritableFile(path=str(out), reason=error.strerror or "?") from None
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise FileInUse(path=str(out)) from None
        _begin(folder, asked, resume=resume)
        digest = hashlib.sha256(_manifest(asked)).hexdigest()
        yield PartsFolder(folder, digest[:12])
    finally:
        os.close(lock)


def finish(parts: PartsFolder, out: Path) -> None:
    """Put the whole result in its place, and remove its parts."""
    parts.whole.replace(out)
    shutil.rmtree(parts.folder, ignore_errors=True)


def _begin(folder: Path, asked: dict[str, Any], *, resume: bool) -> None:
    manifest = folder / _MANIFEST
    if resume and manifest.is_file():
        before = json.loads(manifest.read_bytes())
        names = sorted({*before, *asked})
        differing = [n for n in names if before.get(n) != json.loads(_manifest(asked)).get(n)]
        if differing:
            raise PartsDiffer(path=str(folder), what=", ".join(differing))
        return
    for path in folder.iterdir():
        path.unlink()
    _write(manifest, _manifest(asked))


def _manifest(asked: dict[str, Any]) -> bytes:
    return json.dumps(asked, ensure_ascii=False, sort_keys=True, default=str).encode()
