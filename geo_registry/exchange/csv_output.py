"""Rows out as delimited text: each record as it came in, its answer behind it."""

import re
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo_registry.exchange.answers import Answers
from geo_registry.exchange.batches import Batch
from geo_registry.exchange.shapes_out import as_text, features_wkb
from geo_registry.routing.row import COLUMNS, AnswerRow

_CUT = COLUMNS.index("distance_m")
_REMEMBERED = 100_000
_SPECIAL = re.compile(r'["\r\n]')


@dataclass(frozen=True)
class CsvOutput:
    """A delimited text file in UTF-8.

    Attributes
    ----------
    header
        The first record, without the answer's headings.
    keeps_records
        Whether records are taken as they were written; else they are made of their cells.
    geometry_column
        The column that shapes are written to as WKT; None where rows have none.
    """

    header: str
    names: tuple[str, ...]
    delimiter: str
    newline: str
    has_bom: bool
    keeps_records: bool
    geometry_column: str | None
    _made: dict[int, tuple[AnswerRow, str, str]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __reduce__(self) -> tuple[Any, ...]:
        return CsvOutput, tuple(getattr(self, f.name) for f in fields(self) if f.init)

    def part(self, batch: Batch, answers: Answers) -> bytes:
        """Return the records of a batch with their answers, ready to be put one after the other."""
        records = batch.records if self.keeps_records else self._records(batch)
        before, after = self._words(answers)
        number = pa.array(answers.number)
        text = pc.binary_join_element_wise(
            records,
            before.take(number),
            _figures(answers.column("distance_m")),
            after.take(number),
            _figures(answers.column("read_lon")),
            pc.binary_join_element_wise(_figures(answers.column("read_lat")), "", self.newline),
            self.delimiter,
        )
        return _bytes_of(text)

    def assemble(self, parts: Iterable[Path], path: Path) -> None:
        """Write the whole file from its parts, in order."""
        with path.open("wb") as out:
            out.write(b"\xef\xbb\xbf" if self.has_bom else b"")
            out.write(
                (self.delimiter.join([self.header, *map(self._cell, self.names)]) + self.newline).encode()
            )
            for part in parts:
                with part.open("rb") as file:
                    shutil.copyfileobj(file, out, 1 << 20)

    def _words(self, answers: Answers) -> tuple[pa.Array, pa.Array]:
        """Return, of each different answer, the cells before the distance and those behind it.

        Batches share most of their answers: what was made of one is kept, with the answer itself, so that
        its identity stays its own.
        """
        if len(self._made) > _REMEMBERED:
            self._made.clear()
        for row in answers.rows:
            if id(row) not in self._made:
                cells = [self._cell(getattr(row, name) or "") for name in COLUMNS]
                words = self.delimiter.join(cells[:_CUT]), self.delimiter.join(cells[_CUT + 1 :])
                self._made[id(row)] = (row, *words)
        made = [self._made[id(row)] for row in answers.rows]
        return pa.array([m[1] for m in made], pa.string()), pa.array([m[2] for m in made], pa.string())

    def _cell(self, text: str) -> str:
        if _SPECIAL.search(text) or self.delimiter in text:
            return '"' + text.replace('"', '""') + '"'
        return text

    def _records(self, batch: Batch) -> pa.Array:
        """Return records made of cells, quoted where they must be."""
        table = batch.table.whole()
        columns = [table.column(i).combine_chunks() for i in range(table.num_columns)]
        if self.geometry_column is not None:
            columns.append(
                as_text(features_wkb(batch.features) if batch.features is not None else batch.geometry)
            )
        cells = [self._quoted(_text(c)) for c in columns]
        return pc.binary_join_element_wise(*cells, self.delimiter) if len(cells) > 1 else cells[0]

    def _quoted(self, cells: pa.Array) -> pa.Array:
        must = pc.match_substring_regex(cells, f'["\r\n{self.delimiter}]')
        if not pc.any(must).as_py():
            return cells
        doubled = pc.replace_substring(cells, '"', '""')
        return pc.if_else(must, pc.binary_join_element_wise('"', doubled, '"', ""), cells)


def header_of(names: Sequence[str], delimiter: str) -> str:
    """Return headings as a record."""
    output = CsvOutput("", (), delimiter, "\n", False, False, None)
    return delimiter.join(output._cell(name) for name in names)


def _figures(values: pa.Array) -> pa.Array:
    return pc.fill_null(values.cast(pa.string()), "")


def _text(column: pa.Array) -> pa.Array:
    """Return any column as text; what Arrow cannot write, Python does."""
    try:
        return pc.fill_null(column.cast(pa.string()), "")
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):
        return pa.array(["" if v is None else str(v) for v in column.to_pylist()], pa.string())


def _bytes_of(text: pa.Array) -> bytes:
    """Return strings one after the other."""
    offsets, data = text.buffers()[1:]
    if data is None:
        return b""
    bounds = np.frombuffer(offsets, np.int32)[text.offset : text.offset + len(text) + 1]
    return bytes(memoryview(data)[bounds[0] : bounds[-1]])
