"""A sheet of a workbook in parts, read in order; values as the workbook shows them last computed."""

import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
import pyarrow as pa
from openpyxl.utils.exceptions import InvalidFileException

from geo_registry.errors import GeoRegistryError, LayerUnclear, UnreadableFile, WrongCellCount
from geo_registry.exchange.batches import ROWS_A_PART, Batch, Part, TableColumns
from geo_registry.exchange.columns import unlike

_KINDS = "kinds"
_BROKEN = (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError, EOFError, ParseError)


@dataclass(frozen=True)
class XlsxSource:
    """A sheet whose first row names its columns."""

    path: Path
    sheet: str
    names: tuple[str, ...]
    weight: int
    has_geometry: bool = False
    crs: str | None = None
    is_shared: bool = False
    part_rows: int = ROWS_A_PART

    @property
    def schema(self) -> pa.Schema:
        """Return the columns, all text; `Batch.kinds` says what each cell was."""
        return pa.schema([(name, pa.string()) for name in self.names])

    def parts(self) -> Iterator[tuple[Part, pa.Table]]:
        """Go through the sheet, `part_rows` rows at a time; empty rows at its end are no rows.

        Raises
        ------
        UnreadableFile
            It is cut off or broken.
        """
        number, first, rows, empty = 0, 1, [], 0
        with _sheet(self.path, self.sheet) as sheet:
            values = sheet.iter_rows(values_only=True)
            next(values)
            for row in values:
                if all(v is None for v in row):
                    empty += 1
                    continue
                rows += [() for _ in range(empty)]
                rows.append(row)
                empty = 0
                while len(rows) > self.part_rows:
                    yield self._sent(number, first, rows[: self.part_rows])
                    number, first, rows = number + 1, first + self.part_rows, rows[self.part_rows :]
        if rows:
            yield self._sent(number, first, rows)

    def batch(self, part: Part, content: pa.Table | None) -> Batch:
        """Return the rows of a part from what was sent along."""
        assert content is not None
        kinds = content.column(content.num_columns - 1).combine_chunks()
        table = content.remove_column(content.num_columns - 1)
        faults: dict[int, GeoRegistryError] = {
            i: WrongCellCount(cells=len(k), columns=len(self.names))
            for i, k in enumerate(kinds.to_pylist())
            if len(k) > len(self.names)
        }
        return Batch(part, TableColumns(table), faults=faults, kinds=kinds)

    def _sent(self, number: int, first: int, rows: list[tuple[Any, ...]]) -> tuple[Part, pa.Table]:
        width = len(self.names)
        written = [_written(row, width) for row in rows]
        columns = [pa.array([w[0][i] for w in written], pa.string()) for i in range(width)]
        table = pa.table([*columns, pa.array([w[1] for w in written])], names=[*self.names, _KINDS + "\0"])
        return Part(number, first, len(rows), first - 1, first - 1 + len(rows)), table


def open_xlsx(path: Path, *, sheet: str | None) -> XlsxSource:
    """Return a sheet of a workbook; it need not be named where only one has anything in it.

    Raises
    ------
    LayerUnclear
        Several sheets hold something and none was named, or not the one named.
    UnreadableFile
        It is no workbook, or the sheet is empty.
    """
    with _workbook(path) as book:
        filled = [s.title for s in book.worksheets if any(s.iter_rows(max_row=1, values_only=True))]
        titles = [s.title for s in book.worksheets]
        chosen = sheet if sheet is not None else filled[0] if len(filled) == 1 else None
        if chosen not in titles or (sheet is None and not filled):
            raise LayerUnclear(path=str(path), layers=", ".join(titles))
        header = next(book[chosen].iter_rows(max_row=1, values_only=True), ())
        weight = int(book[chosen].max_row or 1)
    cells = list(header)
    while cells and cells[-1] is None:
        cells.pop()
    if not cells:
        raise UnreadableFile(
            path=str(path), reason_zh="第一行没有表头", reason_en="its first row has no headings"
        )
    names: list[str] = []
    for i, cell in enumerate(cells):
        names.append(unlike(str(cell).strip() if cell is not None else f"column_{i + 1}", names))
    return XlsxSource(path, str(chosen), tuple(names), weight)


@contextmanager
def _workbook(path: Path) -> Iterator[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # openpyxl tells of styles and extensions it leaves out
        try:
            book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        except _BROKEN as error:
            raise _broken(path, error) from None
        try:
            yield book
        except _BROKEN as error:
            if isinstance(error, GeoRegistryError):
                raise
            raise _broken(path, error) from None
        finally:
            book.close()


@contextmanager
def _sheet(path: Path, title: str) -> Iterator[Any]:
    with _workbook(path) as book:
        sheet = book[title]
        sheet.reset_dimensions()  # some programs write a wrong extent
        yield sheet


def _written(row: tuple[Any, ...], width: int) -> tuple[list[str | None], str]:
    """Return the cells of a row as text, and a letter of what each was; surplus cells go into the last."""
    cells = list(row)
    while len(cells) > width and cells[-1] is None:
        cells.pop()
    texts = [_text(v) for v in cells]
    kinds = "".join(_kind(v) for v in cells)
    if len(texts) > width:
        rest = "\t".join(t or "" for t in texts[width - 1 :])
        return [*texts[: width - 1], rest], kinds
    missing = width - len(texts)
    return texts + [None] * missing, kinds + "-" * missing


def _kind(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "b"
    if isinstance(value, int | float):
        return "n"
    return "t" if isinstance(value, datetime) else "d" if isinstance(value, date) else "s"


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value) if not isinstance(value, timedelta) else f"{value.total_seconds()} s"


def _broken(path: Path, error: Exception) -> UnreadableFile:
    return UnreadableFile(
        path=str(path),
        reason_zh="不是完整的 XLSX 工作簿",
        reason_en=f"it is no whole XLSX workbook ({type(error).__name__})",
    )
