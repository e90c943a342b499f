"""A part of a file, and what its rows hold: the one form in which every format is read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from geo_registry.errors import GeoRegistryError

ROWS_A_PART = 65_536


@dataclass(frozen=True, slots=True)
class Part:
    """A run of rows, read, decided and kept together.

    Attributes
    ----------
    number
        Its place among the parts, from 0.
    first_row, rows
        The number of its first row, from 1, headings not counted; and how many it has.
    start, end
        Where it lies in the file, in units of its source: bytes or rows.
    """

    number: int
    first_row: int
    rows: int
    start: int
    end: int


@dataclass(slots=True)
class Batch:
    """The rows of a part.

    Attributes
    ----------
    table
        The columns of the file by their names, without geometry.
    geometry
        WKB in the system of the file, null where a row has none; None where the file has none.
    faults
        Why rows, by their place in the batch, cannot be read at all.
    records
        Of a delimited text file, each row as it was written, with as many cells as there are columns.
    features
        Of GeoJSON, the features as they were written.
    kinds
        Of a workbook, a letter a cell: `n` number, `b` truth, `d` day, `t` instant, `s` text, `-` empty.
    """

    part: Part
    table: "Columns"
    geometry: pa.Array | None = None
    faults: dict[int, GeoRegistryError] = field(default_factory=dict)
    records: pa.Array | None = None
    features: Sequence[dict[str, Any]] | None = None
    kinds: pa.Array | None = None

    def row_number(self, i: int) -> int:
        """Return the number a person knows a row of the batch by."""
        return self.part.first_row + i


class Columns(Protocol):
    """Columns that are read when they are asked for."""

    def column(self, name: str) -> pa.Array:
        """Return one column."""

    def whole(self) -> pa.Table:
        """Return all columns, in order."""


@dataclass(frozen=True, slots=True)
class TableColumns:
    """Columns that are there already."""

    table: pa.Table

    def column(self, name: str) -> pa.Array:
        """Return one column."""
        return self.table.column(name).combine_chunks()

    def whole(self) -> pa.Table:
        """Return all columns, in order."""
        return self.table


class Source(Protocol):
    """A file that is read in parts. Small, and safe to send to another process.

    Attributes
    ----------
    schema
        Its columns, without geometry.
    crs
        Of its geometry: an EPSG code, or None where it has none or names none.
    weight
        Its whole size in the units of `Part.start`, for telling how much is left.
    is_shared
        Whether whoever sees the path can read any part by itself; else one process reads them in order.
    """

    @property
    def path(self) -> Path:
        """Return where it lies."""

    @property
    def schema(self) -> pa.Schema:
        """Return its columns, without geometry."""

    @property
    def has_geometry(self) -> bool:
        """Return whether rows may have geometry."""

    @property
    def crs(self) -> str | None:
        """Return the system of its geometry."""

    @property
    def weight(self) -> int:
        """Return its whole size."""

    @property
    def is_shared(self) -> bool:
        """Return whether any process that sees the path can read any part."""

    @property
    def part_rows(self) -> int:
        """Return how many rows a part has, the last one excepted."""

    def parts(self) -> Iterator[tuple[Part, pa.Table | None]]:
        """Go through the parts, with their content where it must be sent along."""

    def batch(self, part: Part, content: pa.Table | None) -> Batch:
        """Return the rows of a part."""
