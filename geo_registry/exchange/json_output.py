"""Rows out as GeoJSON: features as they came in, the answer among their properties."""

import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import shapely

from geo_registry.errors import InvalidInput
from geo_registry.exchange.answers import ANSWER_COLUMNS, Answers
from geo_registry.exchange.batches import Batch
from geo_registry.exchange.shapes_in import Shapes

_HEAD, _BETWEEN, _TAIL = b'{"type":"FeatureCollection","features":[\n', b",\n", b"\n]}\n"


@dataclass(frozen=True)
class JsonOutput:
    """GeoJSON in WGS 84; shapes of another system are brought into it."""

    names: tuple[str, ...]
    is_sequence: bool
    crs: str | None

    def part(self, batch: Batch, answers: Answers) -> bytes:
        """Return the features of a batch with their answers, without what goes between parts."""
        features = self._features(batch, answers)
        columns = [answers.column(name).to_pylist() for name in ANSWER_COLUMNS]
        between = b"\n" if self.is_sequence else _BETWEEN
        texts = []
        for feature, *values in zip(features, *columns, strict=True):
            properties = feature.get("properties")
            kept = properties if isinstance(properties, dict) else {}
            feature["properties"] = {**kept, **dict(zip(self.names, values, strict=True))}
            texts.append(_dumps(feature))
        return between.join(texts)

    def assemble(self, parts: Iterable[Path], path: Path) -> None:
        """Write the whole file from its parts, in order."""
        with path.open("wb") as out:
            out.write(b"" if self.is_sequence else _HEAD)
            for i, part in enumerate(parts):
                if i:
                    out.write(b"\n" if self.is_sequence else _BETWEEN)
                with part.open("rb") as file:
                    shutil.copyfileobj(file, out, 1 << 20)
            out.write(b"\n" if self.is_sequence else _TAIL)

    def _features(self, batch: Batch, answers: Answers) -> Iterable[dict[str, Any]]:
        if batch.features is not None:
            return [dict(f) for f in batch.features]
        geometries = self._geometries(batch, answers)
        rows = batch.table.whole().to_pylist()
        return [
            {"type": "Feature", "geometry": g, "properties": _plain(r)}
            for g, r in zip(geometries, rows, strict=True)
        ]

    def _geometries(self, batch: Batch, answers: Answers) -> list[Any]:
        points = [
            None if np.isnan(lon) or np.isnan(lat) else {"type": "Point", "coordinates": [lon, lat]}
            for lon, lat in zip(answers.lons.tolist(), answers.lats.tolist(), strict=True)
        ]
        if batch.geometry is None:
            return points
        shapes = Shapes.of(batch, self.crs)
        return [p if p is not None else _shape(shapes, i) for i, p in enumerate(points)]


def _shape(shapes: Shapes, i: int) -> Any:
    """Return a shape in degrees; None where there is none, or it cannot be brought into them."""
    if not shapes.there[i]:
        return None
    try:
        return orjson.loads(shapely.to_geojson(shapes.lonlat(i)))
    except InvalidInput:
        return None


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {k: v if isinstance(v, str | int | float | bool | None) else _written(v) for k, v in row.items()}


def _written(value: Any) -> Any:
    return (
        value.isoformat()
        if hasattr(value, "isoformat")
        else value
        if isinstance(value, list | dict)
        else str(value)
    )


def _dumps(feature: dict[str, Any]) -> bytes:
    try:
        return orjson.dumps(feature)
    except TypeError:  # a whole number beyond 64 bits
        return json.dumps(feature, ensure_ascii=False, default=str).encode()
