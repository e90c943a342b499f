"""Columns of any type as numbers and as text, cell by cell where a cell is odd."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geo_registry.errors import NumberExpected
from geo_registry.geo.coordinates import parse_number

_NUMBER = r"^-?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$"


@dataclass(frozen=True, slots=True)
class Numbers:
    """A column as numbers.

    `values` holds NaN where a cell is blank, or no number; `faults` says of the latter why.
    """

    values: NDArray[np.float64]
    blank: NDArray[np.bool_]
    faults: dict[int, NumberExpected]


def numbers(name: str, column: pa.Array) -> Numbers:
    """Return a column as numbers; cells are read by Arrow where they are plain, else by `parse_number`."""
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        try:
            values = column.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            return numbers(name, text(column))
        return _checked(name, values, np.isnan(values))
    cells = pc.utf8_trim_whitespace(column)
    try:
        values = cells.cast(pa.float64()).to_numpy(zero_copy_only=False)
    except pa.ArrowInvalid:
        return _one_by_one(name, cells)
    return _checked(name, values, np.asarray(cells.is_null()))


def _checked(name: str, values: NDArray[np.float64], blank: NDArray[np.bool_]) -> Numbers:
    odd = ~np.isfinite(values) & ~blank
    return Numbers(values, blank, {int(i): NumberExpected(name, str(values[i])) for i in np.flatnonzero(odd)})


def _one_by_one(name: str, cells: pa.Array) -> Numbers:
    blank = np.asarray(pc.fill_null(pc.equal(cells, ""), True))
    plain = pc.fill_null(pc.match_substring_regex(cells, _NUMBER), False)
    values = pc.if_else(plain, cells, None).cast(pa.float64()).to_numpy(zero_copy_only=False).copy()
    faults = {}
    for i in np.flatnonzero(~np.asarray(plain) & ~blank):
        try:
            values[i] = parse_number(name, cells[int(i)].as_py())
        except NumberExpected as error:
            faults[int(i)] = error
    for i in np.flatnonzero(np.isinf(values)):
        faults[int(i)] = NumberExpected(name, str(cells[int(i)]))
    return Numbers(values, blank, faults)


def text(column: pa.Array) -> pa.Array:
    """Return a column as text without space around it; blank where it is null."""
    try:
        cells = column.cast(pa.string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        cells = pa.array([None if v is None else str(v) for v in column.to_pylist()], pa.string())
    return pc.fill_null(pc.utf8_trim_whitespace(cells), "")
