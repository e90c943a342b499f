"""Route a whole file: each row a case of one place, the same rows out with the answer's columns."""

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from geo_registry.actions.ask import Query
from geo_registry.actions.file_rows import Statement
from geo_registry.actions.file_work import REASONS_SHOWN, Job, Run, Task, run_here, run_in_processes
from geo_registry.actions.snapshots import Snapshots
from geo_registry.errors import (
    BadChoice,
    InputChanged,
    InvalidInput,
    SameFile,
    SystemTwice,
    TooManyRows,
    UnreadableFile,
    UnwritableFile,
)
from geo_registry.exchange import formats
from geo_registry.exchange.batches import Part, Source
from geo_registry.exchange.columns import Chosen, Named, choose
from geo_registry.exchange.formats import Format, format_of
from geo_registry.exchange.outputs import Headings, open_output
from geo_registry.exchange.parts import Identity, Note, finish, parts_folder
from geo_registry.exchange.sources import Opening, open_source
from geo_registry.gazetteer.index import Gazetteer
from geo_registry.geo.crs import get_crs, is_stored_as_given
from geo_registry.geo.reading.model import checked_accuracy
from geo_registry.geo.reading.numbers import is_in_degrees, is_shifted
from geo_registry.routing.snapshot import Snapshot
from geo_registry.version import __version__

MOST_WORKERS = 256
MOST_PART_ROWS = 1_000_000
_COUNTED = (Format.GPKG, Format.PARQUET)  # their weight is their rows
_SCHEMALESS = (Format.GEOJSON, Format.GEOJSONSEQ)


@dataclass(frozen=True, slots=True)
class FileRequest:
    """A file to be routed.

    Attributes
    ----------
    named
        The columns to read, where they were named.
    query
        What is stated of all rows; it holds no place.
    crs, accuracy_m
        System of the numbers and texts, and metres, for all rows.
    workers
        Processes of this machine; with `scheduler`, the address of a Dask scheduler, they are its own.
    resume
        Whether to continue from the parts an ended run left.
    """

    path: Path
    out: Path
    query: Query
    named: Named = field(default_factory=Named)
    opening: Opening = field(default_factory=Opening)
    crs: str | None = None
    accuracy_m: float | None = None
    lang: str = "zh"
    bom: bool = False
    workers: int = 1
    scheduler: str | None = None
    resume: bool = False

    def check(self) -> None:
        """Refuse what cannot be done whatever the registry holds.

        Raises
        ------
        InvalidInput
            A format, a system, an accuracy, a number of workers that cannot be; or input and output are one.
        """
        format_of(self.path)
        format_of(self.out)
        if self.out.is_dir():
            raise UnwritableFile(path=str(self.out), reason="is a directory")
        if self.out.exists() and self.path.exists() and self.out.samefile(self.path):
            raise SameFile(path=str(self.path))
        if self.crs is not None:
            is_in_degrees(self.crs)
        if self.accuracy_m is not None:
            checked_accuracy(self.accuracy_m)
        if not 1 <= self.workers <= MOST_WORKERS:
            raise BadChoice(name="workers", value=str(self.workers), allowed=f"1–{MOST_WORKERS}")
        if not 1 <= self.opening.part_rows <= MOST_PART_ROWS:
            raise BadChoice(
                name="part-rows", value=str(self.opening.part_rows), allowed=f"1–{MOST_PART_ROWS}"
            )
        if self.lang not in ("zh", "en"):
            raise BadChoice(name="lang", value=self.lang, allowed="zh, en")

    def statement(self) -> Statement:
        """Return what is stated of all rows alike."""
        q = self.query
        return Statement(q.on, q.kind, q.level, q.territory, self.crs, self.accuracy_m, self.lang)


@dataclass(slots=True)
class Progress:
    """How far a run has come: weights in the units of the file, rows, and the rows kept from before."""

    whole: int
    done: int = 0
    rows: int = 0
    kept_rows: int = 0


@dataclass(slots=True)
class Report:
    """What a run came to.

    Attributes
    ----------
    rows, seconds
        Of the whole result, and of this run.
    outcomes
        Rows by outcome, `refused` among them.
    reasons
        The first reasons for which rows were refused.
    answer_columns, is_prefixed
        The names of the answer's columns, and whether they carry a prefix because one was taken.
    kept_rows
        Rows taken from the parts of an earlier run.
    """

    rows: int
    seconds: float
    outcomes: dict[str, int]
    reasons: tuple[str, ...]
    answer_columns: tuple[str, ...]
    is_prefixed: bool
    kept_rows: int

    @property
    def refused(self) -> int:
        """Return how many rows could not be read."""
        return self.outcomes.get("refused", 0)


async def route_file(
    request: FileRequest, snapshots: Snapshots, *, tell: Callable[[Progress], None] = lambda _: None
) -> Report:
    """Write the rows of a file with their answers, and return what that came to.

    The result appears under its name whole or not at all. What is done is kept in a folder beside it,
    `OUT.parts`, from which `resume` continues.

    Raises
    ------
    InvalidInput
        The file, its columns or what was stated cannot be used.
    Unavailable
        The registry, or the scheduler, cannot be asked.
    FileInUse, InputChanged
        Another run is writing the result, or the input was changed meanwhile.
    """
    request.check()
    source = await asyncio.to_thread(_opened, request)
    chosen = choose(source.schema.names, request.named, has_geometry=source.has_geometry)
    snapshot = await snapshots.get(request.query.on)
    gazetteer = await snapshots.gazetteer(snapshot) if chosen.place else None
    return await asyncio.to_thread(_routed, request, source, chosen, snapshot, gazetteer, tell)


def _opened(request: FileRequest) -> Source:
    """Return the source; the columns of GeoJSON are looked for only where someone wants them."""
    named = any(asdict(request.named).values())
    return open_source(
        request.path, request.opening, needs_columns=named or format_of(request.out) not in _SCHEMALESS
    )


def _routed(
    request: FileRequest,
    source: Source,
    chosen: Chosen,
    snapshot: Snapshot,
    gazetteer: Gazetteer | None,
    tell: Callable[[Progress], None],
) -> Report:
    begun = time.monotonic()
    identity = Identity.of(request.path)
    if format_of(request.path) in _COUNTED:
        _check_fits(request, source.weight)
    headings = Headings.beside(source.schema.names)
    system = _system(request, source, chosen)
    output = open_output(
        source, format_of(request.out), headings, system=system, bom=request.bom, stamp_ns=identity.mtime_ns
    )
    with parts_folder(
        request.out, _asked(request, chosen, identity, snapshot), resume=request.resume
    ) as parts:
        job = Job(source, output, parts, chosen, system, request.statement(), snapshot, gazetteer)
        try:
            notes, kept_rows = _done(request, job, tell)
            identity.require(request.path)
            output.assemble((parts.path(n.number) for n in notes), parts.whole)
        except BaseException as error:
            if isinstance(error, InvalidInput | InputChanged) or not parts.kept():
                parts.abandon()  # there is nothing to continue
            raise
        finish(parts, request.out)
    return _report(notes, headings, kept_rows, time.monotonic() - begun)


def _system(request: FileRequest, source: Source, chosen: Chosen) -> str | None:
    """Return the system of the file's geometry; None where it has none.

    Raises
    ------
    SystemTwice
        It names one, and another was named.
    UnreadableFile
        It names none, and none was named.
    """
    if not source.has_geometry:
        return None
    named = request.crs if chosen.geometry else None
    if source.crs is None and chosen.geometry and named is None:
        raise UnreadableFile(
            path=str(request.path),
            reason_zh="图层没有写明坐标系，请用 --crs 注明",
            reason_en="its layer names no coordinate system; name it with --crs",
        )
    if source.crs is not None and named is not None and not _are_one(source.crs, named):
        raise SystemTwice(text=request.path.name, written=source.crs, crs=named)
    return source.crs or named


def _are_one(a: str, b: str) -> bool:
    if is_shifted(b):
        return False
    return get_crs(a) == get_crs(b) or (is_stored_as_given(a) and is_stored_as_given(b))


def _done(request: FileRequest, job: Job, tell: Callable[[Progress], None]) -> tuple[list[Note], int]:
    """Do every part that is not there yet; returns the notes of all, in order, and the rows that were there."""
    notes = job.parts.kept()
    kept = sum(n.rows for n in notes.values())
    progress = Progress(whole=job.source.weight, kept_rows=kept)
    weights: dict[int, int] = {}

    def missing() -> Iterator[Task]:
        for part, content in job.source.parts():
            _check_fits(request, part.first_row + part.rows - 1)
            numbers.append(part.number)
            weights[part.number] = part.end - part.start
            if part.number in notes:
                _advance(progress, part, tell)
            else:
                yield part, content

    numbers: list[int] = []
    for note in _run(request)(job, missing()):
        notes[note.number] = note
        progress.done += weights[note.number]
        progress.rows += note.rows
        tell(progress)
    return [notes[n] for n in sorted(numbers)], kept


def _check_fits(request: FileRequest, rows: int) -> None:
    """Refuse more rows than a workbook holds, as soon as it is known that there are more.

    Raises
    ------
    TooManyRows
        There are.
    """
    if format_of(request.out) is Format.XLSX and rows > formats.MOST_SHEET_ROWS:
        raise TooManyRows(path=str(request.out), most=formats.MOST_SHEET_ROWS)


def _advance(progress: Progress, part: Part, tell: Callable[[Progress], None]) -> None:
    progress.done += part.end - part.start
    tell(progress)


def _run(request: FileRequest) -> Run:
    if request.scheduler is not None:
        from geo_registry.actions.file_cluster import run_on_scheduler

        return run_on_scheduler(request.scheduler)
    return run_here if request.workers == 1 else run_in_processes(request.workers)


def _asked(request: FileRequest, chosen: Chosen, identity: Identity, snapshot: Snapshot) -> dict[str, object]:
    """Return all that the result depends on; who does the work is not among it."""
    return {
        "input": asdict(identity),
        "output": request.out.name,
        "columns": asdict(chosen),
        "opening": asdict(request.opening),
        "stated": {k: None if v is None else str(v) for k, v in asdict(request.statement()).items()},
        "bom": request.bom,
        "data_version": snapshot.data_version,
        "engine": __version__,
    }


def _report(notes: list[Note], headings: Headings, kept_rows: int, seconds: float) -> Report:
    outcomes: dict[str, int] = {}
    for note in notes:
        for outcome, n in note.outcomes.items():
            outcomes[outcome] = outcomes.get(outcome, 0) + n
    reasons = tuple(r for note in notes for r in note.reasons)[:REASONS_SHOWN]
    return Report(
        sum(n.rows for n in notes),
        seconds,
        outcomes,
        reasons,
        headings.names,
        headings.is_prefixed,
        kept_rows,
    )
