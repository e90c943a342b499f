"""Runs of answers to points as bytes: JSON, lines of JSON, delimited text, Arrow; one row a point, in order."""

import io
from collections.abc import Callable, Iterator
from typing import Any

import orjson
import pyarrow as pa
from pyarrow import csv as arrow_csv

from geo_registry.exchange.answers import Answers, answer_type
from geo_registry.routing.row import COLUMNS

_READ = {"lon": "read_lon", "lat": "read_lat"}
ROW_COLUMNS = (*_READ, *COLUMNS)
_FIGURES = frozenset({*_READ, "distance_m"})
_SCHEMA = pa.schema([(name, answer_type(_READ.get(name, name))) for name in ROW_COLUMNS])


def to_table(answers: Answers) -> pa.Table:
    """Return a run as a table of `ROW_COLUMNS`; null where an answer says nothing."""
    return pa.table([answers.column(_READ.get(name, name)) for name in ROW_COLUMNS], schema=_SCHEMA)


# A writer yields nothing before its first run is answered: what is wrong with all points alike is raised there.


def to_lines(runs: Iterator[Answers]) -> Iterator[bytes]:
    """Yield each row as a JSON object on a line of its own."""
    for answers in runs:
        yield b"".join([row + b"\n" for row in _objects(answers)])
    yield b""


def to_list(runs: Iterator[Answers]) -> Iterator[bytes]:
    """Yield one JSON list of all rows."""
    before = b"["
    for answers in runs:
        if len(answers.number):
            yield before + b",".join(_objects(answers))
            before = b","
    yield b"]" if before == b"," else b"[]"


def _objects(answers: Answers) -> Iterator[bytes]:
    """Yield the rows as JSON objects; the words of an answer are made into JSON once."""
    words = [
        orjson.dumps({c: getattr(row, c) for c in COLUMNS if c not in _FIGURES})[1:] for row in answers.rows
    ]
    figures = [_json_numbers(answers.column(name)) for name in ("read_lon", "read_lat", "distance_m")]
    for number, lon, lat, metres in zip(answers.number.tolist(), *figures, strict=True):
        yield b'{"lon":%b,"lat":%b,"distance_m":%b,%b' % (lon, lat, metres, words[number])


def _json_numbers(column: pa.Array) -> list[bytes]:
    return [orjson.dumps(value) for value in column.to_pylist()]


def to_csv(runs: Iterator[Answers]) -> Iterator[bytes]:
    """Yield delimited text in UTF-8 with headings."""
    before = (",".join(ROW_COLUMNS) + "\n").encode()
    for answers in runs:
        sink = io.BytesIO()
        arrow_csv.write_csv(to_table(answers), sink, arrow_csv.WriteOptions(include_header=False))
        yield before + sink.getvalue()
        before = b""
    yield before


def to_arrow(runs: Iterator[Answers]) -> Iterator[bytes]:
    """Yield an Arrow IPC stream."""
    sink = _Taken()
    with pa.ipc.new_stream(sink, _SCHEMA) as writer:
        for answers in runs:
            writer.write_table(to_table(answers))
            yield sink.take()
    yield sink.take()


class _Taken(io.RawIOBase):
    """What was written since it was last taken."""

    def __init__(self) -> None:
        self._written: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._written.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        written, self._written = self._written, []
        return b"".join(written)


WRITERS: dict[str, Callable[[Iterator[Answers]], Iterator[bytes]]] = {
    "application/json": to_list,
    "application/x-ndjson": to_lines,
    "text/csv": to_csv,
    "application/vnd.apache.arrow.stream": to_arrow,
}
