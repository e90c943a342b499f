"""The formats of whole files, known by the end of their names."""

from enum import StrEnum
from pathlib import Path

from geo_registry.errors import UnknownFormat

MOST_SHEET_ROWS = 1_048_575  # of a workbook, below the headings


class Format(StrEnum):
    """What a file of rows is written in."""

    CSV = "csv"
    TSV = "tsv"
    XLSX = "xlsx"
    GEOJSON = "geojson"
    GEOJSONSEQ = "geojsonseq"
    GPKG = "gpkg"
    PARQUET = "parquet"


_SUFFIXES = {
    ".csv": Format.CSV,
    ".txt": Format.CSV,
    ".tsv": Format.TSV,
    ".tab": Format.TSV,
    ".xlsx": Format.XLSX,
    ".geojson": Format.GEOJSON,
    ".json": Format.GEOJSON,
    ".geojsonl": Format.GEOJSONSEQ,
    ".geojsons": Format.GEOJSONSEQ,
    ".geojsonseq": Format.GEOJSONSEQ,
    ".gpkg": Format.GPKG,
    ".parquet": Format.PARQUET,
    ".geoparquet": Format.PARQUET,
}


def format_of(path: Path) -> Format:
    """Return the format a file's name says.

    Raises
    ------
    UnknownFormat
        Its ending is none of those known.
    """
    found = _SUFFIXES.get(path.suffix.lower())
    if found is None:
        raise UnknownFormat(path=str(path), allowed=" ".join(_SUFFIXES))
    return found
