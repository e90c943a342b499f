"""Many points in one body: pairs of numbers as JSON, delimited text, Arrow or bare float64, read in runs."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from geo_registry.errors import (
    BadAccuracy,
    BareXY,
    ColumnsUnclear,
    InvalidInput,
    NumberExpected,
    TooManyPoints,
    UnreadableBody,
    UnreadableFile,
)

if TYPE_CHECKING:
    from geo_registry.exchange.columns import Chosen

MOST_AT_ONCE = 65_536
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Points:
    """A run of points.

    Attributes
    ----------
    first
        Place of its first point in the body, from 0.
    x, y
        Shape (n,): as written; degrees or the unit of a named system.
    accuracy_m
        Shape (n,), metres; NaN where none is given. None where there is none at all.
    faults
        Why points, by their place in the run, cannot be read.
    """

    first: int
    x: Floats
    y: Floats
    accuracy_m: Floats | None
    faults: dict[int, InvalidInput] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pairs:
    """The points of a body as numbers; what was none is among the faults."""

    x: Floats
    y: Floats
    accuracy_m: Floats | None = None
    faults: Mapping[int, InvalidInput] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """Return how many points there are."""
        return len(self.x)

    def runs(self, at_once: int = MOST_AT_ONCE) -> Iterator[Points]:
        """Go through the points in order, so many at once."""
        odd: dict[int, dict[int, InvalidInput]] = {}
        for i, error in self.faults.items():
            odd.setdefault(i // at_once, {})[i % at_once] = error
        for first in range(0, self.count, at_once):
            run = slice(first, first + at_once)
            accuracy = None if self.accuracy_m is None else self.accuracy_m[run]
            yield Points(first, self.x[run], self.y[run], accuracy, odd.get(first // at_once, {}))


def read_float64(body: bytes | memoryview) -> Pairs:
    """Return the points of a body of little-endian float64: x, y, x, y … without anything between.

    Raises
    ------
    UnreadableBody
        It ends within a point.
    """
    if len(body) % 16:
        raise UnreadableBody(
            reason_zh=f"{len(body)} 字节不是 16 的倍数（每点两个 float64）",
            reason_en=f"{len(body)} bytes are no multiple of 16, two float64 a point",
        )
    x, y = np.array(np.frombuffer(body, "<f8").reshape(-1, 2).T, order="C")  # a copy: the body may go
    return Pairs(x, y)


def read_json_points(body: bytes) -> tuple[Pairs, dict[str, Any]]:
    """Return the points of a JSON object, and what else stands in it.

    The points are `points`, a list of pairs, or the lists `lon` and `lat`; `accuracy_m` may be a list
    beside them. NaN and Infinity, which JSON does not have, are read and refused with their point.

    Raises
    ------
    UnreadableBody
        It is no such object.
    """
    rest = _json_object(body)
    if "points" in rest and not ({"lon", "lat"} & set(rest)):
        points = rest.pop("points")
        if not isinstance(points, list):
            raise _unreadable("points 应为 [[经度,纬度],…]", "points is to be [[lon,lat],…]")
        x, y, faults = _pairs(points)
    elif "points" not in rest and {"lon", "lat"} <= set(rest):
        x, y, faults = _columns(rest.pop("lon"), rest.pop("lat"))
    else:
        raise _unreadable(
            "应有 points，或 lon 和 lat 两个列表", "it holds either points, or the two lists lon and lat"
        )
    accuracy = None
    if isinstance(rest.get("accuracy_m"), list):
        accuracy, odd = _numbers("accuracy_m", rest.pop("accuracy_m"))
        if len(accuracy) != len(x):
            raise _unreadable("accuracy_m 与点数不同", "accuracy_m has another length than the points")
        faults |= {i: BadAccuracy(value=e.value) for i, e in odd.items() if i not in faults}
    return Pairs(x, y, accuracy, faults), rest


def _json_object(body: bytes) -> dict[str, Any]:
    import orjson

    try:
        read = orjson.loads(body)
    except ValueError:
        try:
            read = json.loads(body)
        except (ValueError, RecursionError):
            raise _unreadable("不是 UTF-8 的 JSON", "it is not JSON in UTF-8") from None
    if not isinstance(read, dict):
        raise _unreadable("应为 JSON 对象", "a JSON object is wanted")
    return read


def _pairs(points: list[Any]) -> tuple[Floats, Floats, dict[int, InvalidInput]]:
    if not points:
        return np.empty(0), np.empty(0), {}
    if all(type(p) is list and len(p) == 2 for p in points):
        lons, lats = zip(*points, strict=True)
        return _columns(lons, lats)
    faults: dict[int, InvalidInput] = {}
    whole = []
    for i, point in enumerate(points):
        if isinstance(point, list) and len(point) == 2:
            whole.append(point)
        else:
            whole.append([0.0, 0.0])
            faults[i] = _unreadable("点应为 [经度,纬度]", "a point is [lon,lat]")
    lons, lats = zip(*whole, strict=True)
    x, y, odd = _columns(lons, lats)
    return x, y, odd | faults


def _columns(lons: Any, lats: Any) -> tuple[Floats, Floats, dict[int, InvalidInput]]:
    if not (isinstance(lons, Sequence) and isinstance(lats, Sequence)) or len(lons) != len(lats):
        raise _unreadable("lon 与 lat 应为等长的列表", "lon and lat are to be lists of one length")
    x, odd_x = _numbers("lon", lons)
    y, odd_y = _numbers("lat", lats)
    return x, y, {**odd_y, **odd_x}


def _numbers(name: str, values: Sequence[Any]) -> tuple[Floats, dict[int, NumberExpected]]:
    """Return values as numbers, and which of them are none."""
    if {type(v) for v in values} <= {float}:
        return np.array(values, dtype=np.float64), {}
    made, faults = np.full(len(values), np.nan), {}
    for i, value in enumerate(values):
        try:
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise ValueError
            made[i] = value
        except (ValueError, OverflowError):
            faults[i] = NumberExpected(name=name, value="" if value is None else str(value))
    return made, faults


def _unreadable(zh: str, en: str) -> UnreadableBody:
    return UnreadableBody(reason_zh=zh, reason_en=en)


def read_csv_points(path: Path, *, most: int) -> Pairs:
    """Return the points of a file of delimited text, its columns known by their headings as in whole files.

    Raises
    ------
    UnreadableBody
        It is no table of text, or its headings do not name one longitude and one latitude.
    TooManyPoints
        There are more rows than `most`.
    """
    from geo_registry.exchange.csv_source import open_csv

    gathered = _Gathered(most)
    try:
        source = open_csv(path)
        chosen = _chosen(source.names)
        for part, _ in source.parts():
            gathered.count(part.rows)
            batch = source.batch(part)
            odd = {i: e for i, e in batch.faults.items() if isinstance(e, InvalidInput)}
            gathered.add(batch.table.column, chosen, odd)
    except UnreadableFile as error:
        raise _unreadable(error.reason_zh, error.reason_en) from None
    return gathered.pairs()


def read_arrow_points(file: BinaryIO, *, most: int) -> Pairs:
    """Return the points of an Arrow IPC stream, its columns known by their names; other columns are not read.

    Raises
    ------
    UnreadableBody
        It is no such stream, or its names do not name one longitude and one latitude.
    TooManyPoints
        There are more rows than `most`.
    """
    import pyarrow as pa

    gathered = _Gathered(most)
    try:
        with pa.ipc.open_stream(file) as stream:
            names = stream.schema.names
        chosen = _chosen(names)
        wanted = [names.index(n) for n in (chosen.lon, chosen.lat, chosen.accuracy) if n is not None]
        file.seek(0)
        with pa.ipc.open_stream(file, options=pa.ipc.IpcReadOptions(included_fields=wanted)) as stream:
            for batch in stream:
                gathered.count(batch.num_rows)
                batch.validate(full=True)  # what comes from outside may claim anything of itself
                gathered.add(batch.column, chosen, {})
    except (pa.ArrowException, OSError):
        raise _unreadable("不是完整的 Arrow IPC 流", "it is not a whole Arrow IPC stream") from None
    return gathered.pairs()


def _chosen(names: Sequence[str]) -> "Chosen":
    from geo_registry.exchange.columns import Named, choose

    try:
        chosen = choose(names, Named(), has_geometry=False)
    except (ColumnsUnclear, BareXY):
        chosen = None
    if chosen is None or chosen.lon is None:
        listed = ", ".join(names)
        raise _unreadable(
            f"各列（{listed}）中应恰有一列经度（lon、lng、longitude、经度）和一列纬度（lat、latitude、纬度）",
            f"among its columns ({listed}) there is to be one of longitude (lon, lng, longitude, 经度) and one of "
            "latitude (lat, latitude, 纬度)",
        )
    return chosen


class _Gathered:
    """Columns gathered run by run."""

    def __init__(self, most: int) -> None:
        self._most, self._count = most, 0
        self._runs: list[tuple[Floats, Floats, Floats]] = []
        self._faults: dict[int, InvalidInput] = {}

    def count(self, rows: int) -> None:
        """Take note of rows to come; refuse more than may be."""
        self._count += rows
        if self._count > self._most:
            raise TooManyPoints(most=self._most)

    def add(self, column: Callable[[str], Any], chosen: "Chosen", odd: Mapping[int, InvalidInput]) -> None:
        """Add a run of columns of any type; `odd` says which rows of it cannot be read at all."""
        from geo_registry.exchange.cells import numbers

        assert chosen.lon is not None
        assert chosen.lat is not None
        x, y = numbers(chosen.lon, column(chosen.lon)), numbers(chosen.lat, column(chosen.lat))
        accuracy = np.full(len(x.values), np.nan)
        faults: dict[int, InvalidInput] = {}
        if chosen.accuracy is not None:
            given = numbers(chosen.accuracy, column(chosen.accuracy))
            accuracy = given.values
            faults = {i: BadAccuracy(value=e.value) for i, e in given.faults.items()}
        for name, read in ((chosen.lat, y), (chosen.lon, x)):
            faults |= {int(i): NumberExpected(name=name, value="") for i in np.flatnonzero(read.blank)}
            faults |= read.faults
        before = sum(len(run[0]) for run in self._runs)
        self._faults |= {before + i: e for i, e in (faults | dict(odd)).items()}
        self._runs.append((x.values, y.values, accuracy))

    def pairs(self) -> Pairs:
        """Return all that was gathered."""
        if not self._runs:
            return Pairs(np.empty(0), np.empty(0))
        x, y, accuracy = (np.concatenate([run[k] for run in self._runs]) for k in range(3))
        return Pairs(x, y, accuracy, self._faults)
