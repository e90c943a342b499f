"""Parquet and GeoParquet in parts: runs of rows within a row group."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from geo_registry.errors import UnreadableFile
from geo_registry.exchange.batches import ROWS_A_PART, Batch, Part, TableColumns
from geo_registry.geo.reading.model import DEFAULT_CRS


@dataclass
class _Cursor:
    """A row group read as far as `at`."""

    group: int
    at: int
    batches: Iterator[pa.RecordBatch]


@dataclass
class ParquetSource:
    """A Parquet file; `geometry` names its WKB column. `start` of a part counts rows of the whole file."""

    path: Path
    schema: pa.Schema
    geometry: str | None
    crs: str | None
    weight: int
    is_shared: bool = True
    part_rows: int = ROWS_A_PART
    _open: Any = field(default=None, init=False, repr=False)
    _cursor: _Cursor | None = field(default=None, init=False, repr=False)

    @property
    def has_geometry(self) -> bool:
        """Tell whether it has a geometry column."""
        return self.geometry is not None

    def parts(self) -> Iterator[tuple[Part, None]]:
        """Go through the row groups, each cut every `part_rows` rows."""
        number, first = 0, 1
        for _, start, end in _groups(self._file()):
            for at in range(start, end, self.part_rows):
                stop = min(at + self.part_rows, end)
                yield Part(number, first, stop - at, at, stop), None
                number, first = number + 1, first + stop - at

    def batch(self, part: Part, content: pa.Table | None = None) -> Batch:
        """Return the rows of a part; parts asked in order are read in one go.

        Raises
        ------
        UnreadableFile
            A page of it is broken.
        """
        try:
            table = pa.Table.from_batches([self._rows(part)])
        except (OSError, pa.ArrowException) as error:
            raise _broken(self.path, error) from None
        geometry = None
        if self.geometry is not None:
            geometry = table.column(self.geometry).combine_chunks().cast(pa.binary())
            table = table.drop_columns([self.geometry])
        return Batch(part, TableColumns(table), geometry)

    def _rows(self, part: Part) -> pa.RecordBatch:
        group, start = next((g, s) for g, s, e in _groups(self._file()) if s <= part.start < e)
        cursor = self._cursor
        if cursor is None or cursor.group != group or cursor.at > part.start:
            batches = self._file().iter_batches(self.part_rows, row_groups=[group])
            cursor = self._cursor = _Cursor(group, start, batches)
        while True:
            batch = next(cursor.batches)
            cursor.at += batch.num_rows
            if cursor.at > part.start:
                return batch

    def _file(self) -> Any:
        if self._open is None:
            self._open = pq.ParquetFile(self.path)
        return self._open

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_open": None, "_cursor": None}


def _groups(file: Any) -> Iterator[tuple[int, int, int]]:
    start = 0
    for group in range(file.num_row_groups):
        rows = file.metadata.row_group(group).num_rows
        yield group, start, start + rows
        start += rows


def open_parquet(path: Path) -> ParquetSource:
    """Return a Parquet file, its geometry column known where it is GeoParquet.

    Raises
    ------
    UnreadableFile
        It is no Parquet, or its geometry is not in WKB.
    """
    try:
        file = pq.ParquetFile(path)
        schema, rows = file.schema_arrow, file.metadata.num_rows
    except (OSError, pa.ArrowException) as error:
        raise _broken(path, error) from None
    geo = json.loads((schema.metadata or {}).get(b"geo", b"null"))
    if geo is None:
        return ParquetSource(path, schema, None, None, rows)
    name = geo["primary_column"]
    column = geo["columns"][name]
    if column.get("encoding") != "WKB":
        raise UnreadableFile(
            path=str(path), reason_zh="图形列不是 WKB 编码", reason_en="its geometry is not encoded as WKB"
        )
    return ParquetSource(path, schema.remove(schema.get_field_index(name)), name, _crs(path, column), rows)


def _crs(path: Path, column: dict[str, Any]) -> str:
    """Return the system of a GeoParquet column; none written is longitude and latitude, as the format says."""
    written = column.get("crs", "absent")
    if written == "absent":
        return DEFAULT_CRS
    identity = (written or {}).get("id", {})
    if identity.get("authority") == "OGC" and identity.get("code") == "CRS84":
        return DEFAULT_CRS
    if identity.get("authority") != "EPSG":
        raise UnreadableFile(
            path=str(path),
            reason_zh="图形列没有写明 EPSG 坐标系，请先写明或换算成 EPSG:4490",
            reason_en="its geometry names no EPSG system; name it, or convert it to EPSG:4490",
        )
    return f"EPSG:{identity['code']}"


def _broken(path: Path, error: Exception) -> UnreadableFile:
    return UnreadableFile(
        path=str(path),
        reason_zh="不是完整的 Parquet 文件",
        reason_en=f"it is no whole Parquet file ({str(error)[:120]})",
    )
