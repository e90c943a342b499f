"""A layer of a GeoPackage in parts, read in order through GDAL."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError
from pyogrio.raw import open_arrow

from geo_registry.errors import LayerUnclear, UnreadableFile
from geo_registry.exchange.batches import ROWS_A_PART, Batch, Part, TableColumns


@dataclass(frozen=True)
class GpkgSource:
    """A layer of a GeoPackage; `geometry` names its geometry column, `fid` that of its keys."""

    path: Path
    layer: str
    schema: pa.Schema
    geometry: str | None
    crs: str | None
    weight: int
    is_shared: bool = False
    part_rows: int = ROWS_A_PART

    @property
    def has_geometry(self) -> bool:
        """Tell whether the layer has geometry."""
        return self.geometry is not None

    def parts(self) -> Iterator[tuple[Part, pa.Table]]:
        """Go through the layer, `part_rows` rows at a time, in the order of its keys.

        Raises
        ------
        UnreadableFile
            It is broken.
        """
        first = 1
        try:
            with open_arrow(self.path, layer=self.layer, batch_size=self.part_rows, return_fids=True, use_pyarrow=True) as (_, reader):  # fmt: skip
                for number, batch in enumerate(reader):
                    table = _with_key(pa.Table.from_batches([batch]))
                    yield Part(number, first, len(table), first - 1, first - 1 + len(table)), table
                    first += len(table)
        except (DataSourceError, DataLayerError, RuntimeError, pa.ArrowException) as error:
            raise _broken(self.path, error) from None

    def batch(self, part: Part, content: pa.Table | None) -> Batch:
        """Return the rows of a part from what was sent along."""
        assert content is not None
        geometry = None
        if self.geometry is not None:
            geometry = content.column(self.geometry).combine_chunks().cast(pa.binary())
            content = content.drop_columns([self.geometry])
        return Batch(part, TableColumns(content), geometry)


def open_gpkg(path: Path, *, layer: str | None) -> GpkgSource:
    """Return a layer of a GeoPackage; it need not be named where there is one.

    Raises
    ------
    LayerUnclear
        There are several layers and none was named, or not the one named.
    UnreadableFile
        It is no GeoPackage, or its system has no EPSG code.
    """
    try:
        layers = [str(name) for name, _ in pyogrio.list_layers(path)]
        chosen = layer if layer is not None else layers[0] if len(layers) == 1 else None
        if chosen not in layers:
            raise LayerUnclear(path=str(path), layers=", ".join(layers) or "—")
        info = pyogrio.read_info(path, layer=chosen, force_feature_count=True)
        with open_arrow(path, layer=chosen, return_fids=True, use_pyarrow=True) as (
            meta,
            reader,
        ):
            table = _with_key(reader.schema.empty_table())
    except (DataSourceError, DataLayerError) as error:
        raise _broken(path, error) from None
    geometry = (meta["geometry_name"] or "wkb_geometry") if info["geometry_type"] is not None else None
    schema = table.schema
    if geometry is not None:
        schema = schema.remove(schema.get_field_index(geometry))
    return GpkgSource(path, str(chosen), schema, geometry, _crs(path, info["crs"]) if geometry else None, int(info["features"]))  # fmt: skip


def _with_key(table: pa.Table) -> pa.Table:
    """Return the rows with the layer's key as the column `fid`, by whatever name GDAL hands it over."""
    names = ["fid" if n == "OGC_FID" else n for n in table.schema.names]
    return table.rename_columns(names)


def _crs(path: Path, written: Any) -> str | None:
    if written is None or "Undefined" in str(written):
        return None
    if not str(written).upper().startswith("EPSG:"):
        raise UnreadableFile(
            path=str(path),
            reason_zh="图层的坐标系没有 EPSG 代号，请先换算成 EPSG:4490",
            reason_en="the system of its layer has no EPSG code; convert it to EPSG:4490 first",
        )
    return str(written)


def _broken(path: Path, error: Exception) -> UnreadableFile:
    return UnreadableFile(
        path=str(path),
        reason_zh="不是完整的 GeoPackage 文件",
        reason_en=f"it is no whole GeoPackage ({str(error)[:120]})",
    )
