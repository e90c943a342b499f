"""Rows out as Parquet, GeoPackage and workbooks: parts are kept as Arrow, the file is written at the end."""

import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.writer.excel import ExcelWriter
from pyogrio.raw import write_arrow

from geo_registry.exchange.answers import ANSWER_COLUMNS, Answers, answer_type
from geo_registry.exchange.batches import Batch
from geo_registry.exchange.shapes_out import as_text, features_wkb, points_wkb
from geo_registry.geo.crs import get_crs
from geo_registry.geo.reading.numbers import is_shifted

_KINDS = "kinds\0"
_FIRST_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def _with_answers(columns: pa.Table, names: tuple[str, ...], answers: Answers) -> pa.Table:
    for name, own in zip(names, ANSWER_COLUMNS, strict=True):
        columns = columns.append_column(name, answers.column(own))
    return columns


def _schema(columns: pa.Schema, names: tuple[str, ...]) -> pa.Schema:
    own = [pa.field(name, answer_type(a)) for name, a in zip(names, ANSWER_COLUMNS, strict=True)]
    return pa.schema([*columns.remove_metadata(), *own])


def _kept(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def _batches(parts: Iterable[Path], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """Go through the parts; one batch is in memory at a time."""
    for part in parts:
        with pa.OSFile(str(part)) as file, pa.ipc.open_file(file) as reader:
            for i in range(reader.num_record_batches):
                yield reader.get_batch(i).cast(schema)


@dataclass(frozen=True)
class _ShapeOutput:
    """What Parquet and GeoPackage share: the geometry is the input's, or the point that was read."""

    names: tuple[str, ...]
    columns: pa.Schema
    geometry: str
    crs: str
    stamp_ns: int

    def part(self, batch: Batch, answers: Answers) -> bytes:
        """Return the rows with their answers as Arrow."""
        table = _with_answers(batch.table.whole(), self.names, answers)
        return _kept(table.append_column(pa.field(self.geometry, pa.binary()), self._wkb(batch, answers)))

    def _wkb(self, batch: Batch, answers: Answers) -> pa.Array:
        if batch.features is not None:
            return features_wkb(batch.features)
        return batch.geometry if batch.geometry is not None else points_wkb(answers.lons, answers.lats)

    @property
    def schema(self) -> pa.Schema:
        """Return all columns, the geometry last."""
        return _schema(self.columns, self.names).append(pa.field(self.geometry, pa.binary()))


@dataclass(frozen=True)
class ParquetOutput(_ShapeOutput):
    """GeoParquet 1.1 with WKB geometry."""

    def assemble(self, parts: Iterable[Path], path: Path) -> None:
        """Write the whole file from its parts, a row group each."""
        geo = {
            "version": "1.1.0",
            "primary_column": self.geometry,
            "columns": {self.geometry: self._column()},
        }
        schema = self.schema.with_metadata({b"geo": json.dumps(geo).encode()})
        with pq.ParquetWriter(path, schema, compression="zstd") as writer:
            for batch in _batches(parts, self.schema):
                writer.write_table(pa.Table.from_batches([batch]).replace_schema_metadata(schema.metadata))

    def _column(self) -> dict[str, Any]:
        crs = None if is_shifted(self.crs) else get_crs(self.crs).to_json_dict()
        return {"encoding": "WKB", "geometry_types": [], "crs": crs}


@dataclass(frozen=True)
class GpkgOutput(_ShapeOutput):
    """A GeoPackage with one layer, `answers`."""

    def assemble(self, parts: Iterable[Path], path: Path) -> None:
        """Write the whole file from its parts.

        GDAL writes the instant of the last change into the file; it is given the input's, so that equal
        results are equal bytes.
        """
        stamp = datetime.fromtimestamp(self.stamp_ns // 1_000_000_000, UTC)
        made = path.with_suffix(".gpkg")
        made.unlink(missing_ok=True)
        reader = pa.RecordBatchReader.from_batches(self.schema, _batches(parts, self.schema))
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": stamp.strftime("%Y-%m-%dT%H:%M:%S.000Z")})
        try:
            write_arrow(
                reader, made, layer="answers", driver="GPKG", geometry_name=self.geometry,
                geometry_type="Unknown", crs=None if is_shifted(self.crs) else self.crs, layer_options=self._options(),
            )  # fmt: skip
        finally:
            pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
        made.replace(path)

    def _options(self) -> dict[str, str]:
        """Return the names GDAL gives its own columns, out of the way of the file's."""
        text_keys = [
            f.name for f in self.columns if f.name.casefold() == "fid" and not pa.types.is_integer(f.type)
        ]
        return {"GEOMETRY_NAME": self.geometry, "FID": "row_fid" if text_keys else "fid"}


@dataclass(frozen=True)
class XlsxOutput:
    """A workbook of one sheet; cells that came from a workbook are what they were."""

    names: tuple[str, ...]
    columns: pa.Schema
    geometry: str | None
    stamp_ns: int

    def part(self, batch: Batch, answers: Answers) -> bytes:
        """Return the rows with their answers as Arrow, and what the cells were in a workbook."""
        table = batch.table.whole()
        if self.geometry is not None:
            table = table.append_column(self.geometry, self._shapes(batch))
        table = _with_answers(table, self.names, answers)
        kinds = batch.kinds if batch.kinds is not None else pa.nulls(batch.part.rows, pa.string())
        return _kept(table.append_column(_KINDS, kinds))

    def assemble(self, parts: Iterable[Path], path: Path) -> None:
        """Write the whole workbook from its parts."""
        book = Workbook(write_only=True)
        stamp = datetime.fromtimestamp(self.stamp_ns // 1_000_000_000, UTC).replace(tzinfo=None)
        book.properties.created = book.properties.modified = stamp
        sheet = book.create_sheet("answers")
        written = 0
        for part in parts:
            with pa.OSFile(str(part)) as file, pa.ipc.open_file(file) as reader:
                table = reader.read_all()
            if not written:
                sheet.append(table.schema.names[:-1])
            written += len(table)
            for row in zip(*(c.to_pylist() for c in table.columns), strict=True):
                sheet.append(_cells(row, sheet))
        if not written:
            sheet.append([*self.columns.names, *([self.geometry] if self.geometry else []), *self.names])
        with _TimelessZip(path, stamp) as archive:
            ExcelWriter(book, archive).write_data()

    def _shapes(self, batch: Batch) -> pa.Array:
        if batch.features is not None:
            return as_text(features_wkb(batch.features))
        return as_text(batch.geometry)


class _TimelessZip(zipfile.ZipFile):
    """A zip archive that states one instant only, so that equal workbooks are equal bytes."""

    def __init__(self, path: Path, stamp: datetime) -> None:
        super().__init__(path, "w", zipfile.ZIP_DEFLATED, allowZip64=True)
        self._stamp = f"{stamp:%Y-%m-%dT%H:%M:%SZ}".encode()

    def writestr(self, zinfo_or_arcname: Any, data: Any, *_: Any, **__: Any) -> None:
        """Write a member; the instant openpyxl puts into the core properties is the input's."""
        if zinfo_or_arcname == "docProps/core.xml":
            raw = data if isinstance(data, bytes) else str(data).encode()
            data = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + self._stamp, raw)
        super().writestr(self._info(zinfo_or_arcname), data)

    def write(self, filename: Any, arcname: Any = None, *_: Any, **__: Any) -> None:
        """Write a member from a file."""
        with open(filename, "rb") as source, self.open(self._info(arcname), "w", force_zip64=True) as member:
            while block := source.read(1 << 20):
                member.write(block)

    @staticmethod
    def _info(name: str) -> zipfile.ZipInfo:
        info = zipfile.ZipInfo(name, _FIRST_ZIP_TIME)
        info.compress_type = zipfile.ZIP_DEFLATED
        return info


def _cells(row: tuple[Any, ...], sheet: Any) -> list[Any]:
    """Return a row as a workbook takes it: text that looks like a formula stays text."""
    kinds = row[-1]
    cells = [_plain(v) for v in row[:-1]]
    for i, kind in enumerate(kinds or ""):
        if i < len(cells) and cells[i] is not None:
            cells[i] = _typed(cells[i], kind)
    return [_literal(c, sheet) if isinstance(c, str) and c.startswith("=") else c for c in cells]


def _typed(text: Any, kind: str) -> Any:
    if not isinstance(text, str):
        return text
    try:
        if kind == "n":
            return float(text) if any(c in text for c in ".eEn") else int(text)
        if kind == "b":
            return text == "True"
        if kind in "dt":
            return datetime.fromisoformat(text)
    except ValueError:
        return text
    return text


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return ILLEGAL_CHARACTERS_RE.sub("\ufffd", value)  # a workbook cannot hold them at all
    if value is None or isinstance(value, int | float):
        return value
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    return value if isinstance(value, date) else str(value)


def _literal(text: str, sheet: Any) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    return cell
