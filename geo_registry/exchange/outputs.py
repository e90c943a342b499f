"""A result in the format its name says."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from geo_registry.exchange.answers import ANSWER_COLUMNS, Answers
from geo_registry.exchange.batches import Batch, Source
from geo_registry.exchange.columns import unlike
from geo_registry.exchange.csv_output import CsvOutput, header_of
from geo_registry.exchange.csv_source import CsvSource
from geo_registry.exchange.formats import Format
from geo_registry.geo.reading.model import DEFAULT_CRS

PREFIX = "answer_"


class Output(Protocol):
    """How a part of the result is written, and the whole put together. Safe to send to another process."""

    def part(self, batch: Batch, answers: Answers) -> bytes:
        """Return a batch with its answers, as it is kept until all parts are there."""

    def assemble(self, parts: Iterable[Path], path: Path) -> None:
        """Write the whole file from its parts, in order."""


@dataclass(frozen=True, slots=True)
class Headings:
    """The names of the answer's columns in a result."""

    names: tuple[str, ...]
    is_prefixed: bool

    @classmethod
    def beside(cls, columns: Iterable[str]) -> "Headings":
        """Return the answer's own names, all with a prefix where one of them is a column of the file."""
        taken = {c.casefold() for c in columns}
        prefix = ""
        while any((prefix + name).casefold() in taken for name in ANSWER_COLUMNS):
            prefix += PREFIX
        return cls(tuple(prefix + name for name in ANSWER_COLUMNS), bool(prefix))


def open_output(
    source: Source, kind: Format, headings: Headings, *, system: str | None, bom: bool, stamp_ns: int
) -> Output:
    """Return how a result is written.

    Parameters
    ----------
    system
        What the file's geometry is in; None where it has none.
    bom
        Whether delimited text begins with a byte order mark though the input had none.
    stamp_ns
        The instant a format that states one gives as that of its last change, so that equal results
        are equal bytes: the input's own.
    """
    columns = source.schema.names
    if kind in (Format.CSV, Format.TSV):
        return _csv(source, kind, headings, bom)
    if kind in (Format.GEOJSON, Format.GEOJSONSEQ):
        from geo_registry.exchange.json_output import JsonOutput

        return JsonOutput(headings.names, kind is Format.GEOJSONSEQ, system)
    from geo_registry.exchange.table_outputs import GpkgOutput, ParquetOutput, XlsxOutput

    if kind is Format.XLSX:
        geometry = unlike("geometry", [*columns, *headings.names]) if source.has_geometry else None
        return XlsxOutput(headings.names, source.schema, geometry, stamp_ns)
    geometry = unlike("geometry" if kind is Format.PARQUET else "geom", [*columns, *headings.names])
    made = ParquetOutput if kind is Format.PARQUET else GpkgOutput
    return made(headings.names, source.schema, geometry, system or DEFAULT_CRS, stamp_ns)


def _csv(source: Source, kind: Format, headings: Headings, bom: bool) -> CsvOutput:
    given = source if isinstance(source, CsvSource) else None
    delimiter = "\t" if kind is Format.TSV else given.delimiter if given else ","
    geometry = unlike("geometry", [*source.schema.names, *headings.names]) if source.has_geometry else None
    names = [*source.schema.names, *([geometry] if geometry else [])]
    keeps = given is not None and given.delimiter == delimiter
    return CsvOutput(
        given.header if given and keeps else header_of(names, delimiter), headings.names, delimiter,
        newline=given.newline if given else "\n", has_bom=bom or (given is not None and given.has_bom),
        keeps_records=keeps, geometry_column=geometry,
    )  # fmt: skip
