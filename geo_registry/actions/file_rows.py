"""The rows of a batch decided: points together, names and shapes one by one, by the same engine."""

import json
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
import shapely
from numpy.typing import NDArray

from geo_registry.actions.ask import Asked, asked_from_geojson
from geo_registry.errors import BadAccuracy, BlankPlace, InvalidInput, NumberExpected
from geo_registry.exchange.answers import AnswerBook, Answers, shown_metres
from geo_registry.exchange.batches import Batch
from geo_registry.exchange.cells import numbers, text
from geo_registry.exchange.columns import Chosen
from geo_registry.exchange.shapes_in import Shapes
from geo_registry.gazetteer.index import Gazetteer
from geo_registry.geo.reading.model import Reading
from geo_registry.geo.reading.numbers import read_many_numbers, read_numbers
from geo_registry.routing.many import PointDecider, Stated
from geo_registry.routing.model import Decision, Place, Question
from geo_registry.routing.row import AnswerRow, refused_row, row_of
from geo_registry.routing.rules import decide
from geo_registry.routing.snapshot import Snapshot
from geo_registry.terms import CaseKind, Level, Territory

_REMEMBERED = 50_000
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Statement:
    """What is stated of all rows alike, and in which language their reasons are."""

    on: date
    kind: CaseKind | None = None
    level: Level | None = None
    territory: Territory = Territory.UNKNOWN
    crs: str | None = None
    accuracy_m: float | None = None
    lang: str = "zh"


@dataclass(frozen=True, slots=True)
class _One:
    """The answer to a row that was decided by itself."""

    row: AnswerRow
    distance_m: float
    lon: float
    lat: float


@dataclass(slots=True)
class _Sheet:
    """The answers of a batch while they are found; `number` -1 is a row that has none yet."""

    rows: list[AnswerRow]
    number: NDArray[np.int64]
    distance_m: Floats
    lons: Floats
    lats: Floats
    seen: dict[AnswerRow, int] = field(default_factory=dict)

    def put(self, i: int, one: _One) -> None:
        """Set the answer of a row."""
        if one.row not in self.seen:
            self.seen[one.row] = len(self.rows)
            self.rows.append(one.row)
        self.number[i] = self.seen[one.row]
        self.distance_m[i], self.lons[i], self.lats[i] = one.distance_m, one.lon, one.lat


class RowDecider:
    """Decides the rows of one file; remembers what it decided, so it is made once a process.

    Parameters
    ----------
    gazetteer
        What names are looked up in; None where no column holds any.
    crs
        System of the file's geometry, None where it has none.
    threads
        That may decide points at the same time.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        gazetteer: Gazetteer | None,
        statement: Statement,
        chosen: Chosen,
        crs: str | None,
        *,
        threads: int = 1,
    ) -> None:
        self._threads = threads
        self._snapshot, self._gazetteer = snapshot, gazetteer
        self._stated, self._chosen = statement, chosen
        self._crs = crs if chosen.geometry else statement.crs
        known = chosen.geometry or statement.crs is not None
        stated = Stated(statement.on, statement.kind, statement.level, statement.territory, known)
        self._points = PointDecider(snapshot, stated)
        self._book = AnswerBook(snapshot, statement.lang)
        self._texts: OrderedDict[tuple[str, float | None], _One | InvalidInput] = OrderedDict()

    def answers(self, batch: Batch) -> Answers:
        """Return the answer to every row of a batch, in order.

        Raises
        ------
        UnknownCrs, NoTransformation
            The system named cannot be used at all.
        """
        n = batch.part.rows
        empty = np.full(n, np.nan)
        sheet = _Sheet([], np.full(n, -1, np.int64), empty, empty.copy(), empty.copy())
        faults: dict[int, InvalidInput] = {
            i: e for i, e in batch.faults.items() if isinstance(e, InvalidInput)
        }
        accuracy = self._accuracy(batch, faults)
        if self._chosen.geometry:
            self._by_geometry(batch, accuracy, faults, sheet)
        elif self._chosen.lon is not None:
            self._by_numbers(batch, accuracy, faults, sheet)
        if self._chosen.place is not None:
            self._by_place(batch, accuracy, faults, sheet)
        for i in np.flatnonzero(sheet.number < 0):
            sheet.put(int(i), self._refused(batch, int(i), faults.get(int(i), BlankPlace())))
        return Answers(sheet.rows, sheet.number, sheet.distance_m, sheet.lons, sheet.lats)

    def _accuracy(self, batch: Batch, faults: dict[int, InvalidInput]) -> Floats:
        """Return the metres given for each row, NaN for none; what is no radius is a fault."""
        given = np.full(
            batch.part.rows, np.nan if self._stated.accuracy_m is None else self._stated.accuracy_m
        )
        if self._chosen.accuracy is None:
            return given
        column = numbers(self._chosen.accuracy, batch.table.column(self._chosen.accuracy))
        for i, error in column.faults.items():
            faults.setdefault(i, BadAccuracy(value=error.value))
        return np.where(np.isnan(column.values), given, column.values)

    def _by_numbers(
        self, batch: Batch, accuracy: Floats, faults: dict[int, InvalidInput], sheet: _Sheet
    ) -> None:
        assert self._chosen.lon is not None
        assert self._chosen.lat is not None
        x = numbers(self._chosen.lon, batch.table.column(self._chosen.lon))
        y = numbers(self._chosen.lat, batch.table.column(self._chosen.lat))
        for column in (x, y):
            for i, error in column.faults.items():
                faults.setdefault(i, error)
        for k in np.flatnonzero(x.blank ^ y.blank):
            name = self._chosen.lon if x.blank[k] else self._chosen.lat
            faults.setdefault(int(k), NumberExpected(name=name, value=""))
        self._decide_points(x.values, y.values, accuracy, ~(x.blank | y.blank), faults, sheet)

    def _decide_points(
        self, x: Floats, y: Floats, accuracy: Floats, there: Flags, faults: dict[int, InvalidInput], sheet: _Sheet
    ) -> None:  # fmt: skip
        """Decide all pairs that can be read; the others become faults."""
        there = there & ~_flags(faults, len(x))
        at = np.flatnonzero(there)
        lons, lats, metres, read = read_many_numbers(x[at], y[at], crs=self._crs, accuracy_m=accuracy[at])
        for k in np.flatnonzero(~read):
            i = int(at[k])
            given = None if np.isnan(accuracy[i]) else float(accuracy[i])
            try:
                reading = read_numbers(x=float(x[i]), y=float(y[i]), crs=self._crs, accuracy_m=given)
            except InvalidInput as error:
                faults[i] = error
                continue
            assert reading.lon is not None
            assert reading.lat is not None
            lons[k], lats[k], metres[k], read[k] = reading.lon, reading.lat, reading.accuracy_m, True
        at, lons, lats, metres = at[read], lons[read], lats[read], metres[read]
        decided = self._points.decide(lons, lats, metres, threads=self._threads)
        sheet.number[at] = _renumbered(self._book.numbers(decided), self._book.rows, sheet.rows)
        sheet.distance_m[at] = shown_metres(decided.distance_m)
        sheet.lons[at], sheet.lats[at] = lons, lats

    def _by_geometry(
        self, batch: Batch, accuracy: Floats, faults: dict[int, InvalidInput], sheet: _Sheet
    ) -> None:
        shapes = Shapes.of(batch, self._crs)
        x, y, are_points = shapes.points()
        self._decide_points(x, y, accuracy, are_points, faults, sheet)
        for i in np.flatnonzero(~are_points & shapes.there & ~_flags(faults, len(x))):
            given = None if np.isnan(accuracy[i]) else float(accuracy[i])
            try:
                geojson = json.loads(shapely.to_geojson(shapes.lonlat(int(i))))
                asked = asked_from_geojson(geojson, label=str(geojson["type"]), accuracy_m=given)
                sheet.put(int(i), self._decided([a.read() for a in asked]))
            except InvalidInput as error:
                faults[int(i)] = error

    def _by_place(
        self, batch: Batch, accuracy: Floats, faults: dict[int, InvalidInput], sheet: _Sheet
    ) -> None:
        """Read the rows that nothing else places by what their column of places says."""
        open_ = np.flatnonzero((sheet.number < 0) & ~_flags(faults, len(sheet.number)))
        if not len(open_):
            return
        assert self._chosen.place is not None
        cells = text(batch.table.column(self._chosen.place))
        for i in open_:
            cell = cells[int(i)].as_py()
            if cell:
                self._put_text(int(i), cell, float(accuracy[i]), faults, sheet)

    def _put_text(
        self, i: int, cell: str, accuracy: float, faults: dict[int, InvalidInput], sheet: _Sheet
    ) -> None:
        given = None if np.isnan(accuracy) else accuracy
        found = self._remembered(
            (cell, given),
            lambda: self._decided(
                [Asked(text=cell, crs=self._stated.crs, accuracy_m=given).read(self._gazetteer)]
            ),
        )
        if isinstance(found, InvalidInput):
            faults[i] = found
        else:
            sheet.put(i, found)

    def _remembered(self, key: tuple[str, float | None], make: Callable[[], _One]) -> _One | InvalidInput:
        if key not in self._texts:
            try:
                self._texts[key] = make()
            except InvalidInput as error:
                self._texts[key] = error
            if len(self._texts) > _REMEMBERED:
                self._texts.popitem(last=False)
        return self._texts[key]

    def _decided(self, readings: list[tuple[Reading, ...]]) -> _One:
        s = self._stated
        places = tuple(Place(r) for r in readings)
        decision = decide(Question(places, s.kind, s.level, s.territory, s.on), self._snapshot)
        return _one(decision, self._snapshot, s.lang)

    def _refused(self, batch: Batch, i: int, error: InvalidInput) -> _One:
        row = batch.row_number(i)
        reason = f"第 {row} 行：{error.zh}" if self._stated.lang == "zh" else f"Row {row}: {error.en}"
        return _One(refused_row(reason), np.nan, np.nan, np.nan)


def _one(decision: Decision, snapshot: Snapshot, lang: str) -> _One:
    reading = decision.places[0].reading if len(decision.places) == 1 else None
    at = (reading.lon, reading.lat) if reading is not None and reading.name is None else (None, None)
    lon, lat = (np.nan if v is None else v for v in at)
    row = row_of(decision, snapshot, lang=lang)
    distance_m = np.nan if row.distance_m is None else row.distance_m
    return _One(replace(row, distance_m=None), distance_m, lon, lat)


def _flags(faults: dict[int, InvalidInput], n: int) -> Flags:
    flags = np.zeros(n, dtype=bool)
    flags[list(faults)] = True
    return flags


def _renumbered(number: NDArray[np.int64], rows: list[AnswerRow], kept: list[AnswerRow]) -> NDArray[np.int64]:
    """Return numbers among the rows of one batch, which are put to those kept."""
    used, place = np.unique(number, return_inverse=True)
    start = len(kept)
    kept.extend(rows[n] for n in used)
    return np.asarray(place + start, np.int64)
