"""A file of rows opened by what its name says."""

from dataclasses import dataclass, replace
from pathlib import Path

from geo_registry.errors import UnreadableFile
from geo_registry.exchange.batches import ROWS_A_PART, Source
from geo_registry.exchange.csv_source import open_csv
from geo_registry.exchange.formats import Format, format_of


@dataclass(frozen=True, slots=True)
class Opening:
    """What was said of how a file is to be opened, None where nothing; and how many rows a part has."""

    encoding: str | None = None
    sheet: str | None = None
    layer: str | None = None
    part_rows: int = ROWS_A_PART


def open_source(path: Path, opening: Opening, *, needs_columns: bool) -> Source:
    """Return a file ready to be read in parts.

    Parameters
    ----------
    needs_columns
        Whether the result has columns that must be known beforehand; of GeoJSON they are not, and
        cost one reading more.

    Raises
    ------
    UnknownFormat, UnreadableFile, LayerUnclear
        It cannot be read; the sentence says why.
    """
    if not path.is_file():
        raise UnreadableFile(path=str(path), reason_zh="没有这个文件", reason_en="there is no such file")
    source = _open(path, format_of(path), opening, needs_columns=needs_columns)
    return replace(source, part_rows=opening.part_rows)  # type: ignore[type-var]


def _open(path: Path, kind: Format, opening: Opening, *, needs_columns: bool) -> Source:
    if kind in (Format.CSV, Format.TSV):
        return open_csv(path, encoding=opening.encoding, delimiter="\t" if kind is Format.TSV else None)
    if kind in (Format.GEOJSON, Format.GEOJSONSEQ):
        from geo_registry.exchange.json_source import open_json

        return open_json(path, is_sequence=kind is Format.GEOJSONSEQ, needs_columns=needs_columns)
    if kind is Format.XLSX:
        from geo_registry.exchange.xlsx_source import open_xlsx

        return open_xlsx(path, sheet=opening.sheet)
    if kind is Format.GPKG:
        from geo_registry.exchange.gpkg_source import open_gpkg

        return open_gpkg(path, layer=opening.layer)
    from geo_registry.exchange.parquet_source import open_parquet

    return open_parquet(path)
