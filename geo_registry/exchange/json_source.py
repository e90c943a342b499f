"""GeoJSON in parts: features found in the text and parsed part by part."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pyarrow as pa

from geo_registry.errors import BadGeometry, GeoRegistryError, UnreadableFile
from geo_registry.exchange.batches import ROWS_A_PART, Batch, Part, TableColumns
from geo_registry.exchange.scan import as_bytes, find_features
from geo_registry.geo.shapes import check_system

_BLOCK = 8 << 20
_RECORD_SIGN = 0x1E  # RFC 8142 puts it before each text
_BOM = b"\xef\xbb\xbf"
_TYPES = {"i": pa.int64(), "f": pa.float64(), "b": pa.bool_(), "s": pa.string()}


@dataclass(frozen=True)
class JsonSource:
    """GeoJSON: a FeatureCollection, or a sequence of features, one a line or behind record signs."""

    path: Path
    is_sequence: bool
    schema: pa.Schema
    weight: int
    has_geometry: bool = True
    crs: str | None = "EPSG:4326"
    is_shared: bool = True
    part_rows: int = ROWS_A_PART

    def parts(self) -> Iterator[tuple[Part, None]]:
        """Go through the file once and cut it every `part_rows` features.

        Raises
        ------
        UnreadableFile
            It is no such file, or is cut off.
        """
        cuts = self._sequence_cuts() if self.is_sequence else self._collection_cuts()
        first = 1
        for number, (start, end, rows) in enumerate(cuts):
            yield Part(number, first, rows, start, end), None
            first += rows

    def batch(self, part: Part, content: pa.Table | None = None) -> Batch:
        """Return the features of a part.

        Raises
        ------
        UnreadableFile
            A feature is not JSON, or no feature.
        """
        features = self.features(part)
        faults: dict[int, GeoRegistryError] = {}
        for i, feature in enumerate(features):
            if not isinstance(feature, dict) or feature.get("type") != "Feature":
                raise self._unreadable(part.first_row + i, "不是要素（Feature）", "is no Feature")
            if feature.get("geometry") is not None and not isinstance(feature["geometry"], dict):
                faults[i] = BadGeometry(
                    reason_zh="不是 GeoJSON 图形", reason_en="it is not a GeoJSON geometry"
                )
        table = TableColumns(_table([_properties(f) for f in features], self.schema))
        return Batch(part, table, None, faults, features=features)

    def features(self, part: Part) -> list[Any]:
        """Return the features of a part as they were written."""
        with self.path.open("rb") as file:
            file.seek(part.start)
            raw = file.read(part.end - part.start)
        texts = [t for t in _texts(raw) if t.strip()] if self.is_sequence else []
        try:
            if not self.is_sequence:
                return list(_loads(b"[" + raw + b"]"))
            return list(_loads(b"[" + b",".join(texts) + b"]"))
        except ValueError:
            for i, text in enumerate(texts):
                self._check(text, part.first_row + i)
            raise self._unreadable(part.first_row, "起有要素不是 UTF-8 的 JSON", "or one after it is not JSON in UTF-8") from None  # fmt: skip

    def _check(self, text: bytes, row: int) -> None:
        try:
            _loads(text)
        except ValueError:
            raise self._unreadable(row, "不是 UTF-8 的 JSON", "is not JSON in UTF-8") from None

    def _collection_cuts(self) -> Iterator[tuple[int, int, int]]:
        """Yield where each run of features starts and ends in the file, and how many they are."""
        state = np.zeros(7, np.int64)
        starts, ends = np.zeros(self.part_rows, np.int64), np.zeros(self.part_rows, np.int64)
        begun, end, found, offset = -1, 0, 0, 0
        with self.path.open("rb") as file:
            while block := file.read(_BLOCK):
                at, data = 0, as_bytes(block)
                while at < len(block):
                    before = found
                    starts[0] = -1
                    at, found = find_features(data, at, state, starts, ends, found)
                    if before == 0 and starts[0] >= 0:
                        begun = offset + int(starts[0])
                    if found > before:
                        end = offset + int(ends[found - 1])
                    if found == self.part_rows:
                        yield begun, end, found
                        found, begun = 0, -1
                offset += len(block)
        if state[0] != 0 or state[1] or not state[6]:
            raise UnreadableFile(
                path=str(self.path),
                reason_zh="不是完整的 GeoJSON 要素集合（FeatureCollection），文件可能不完整",
                reason_en="it is not a whole GeoJSON FeatureCollection; is it cut off?",
            )
        if found:
            yield begun, end, found

    def _sequence_cuts(self) -> Iterator[tuple[int, int, int]]:
        start = rows = 0
        with self.path.open("rb") as file:
            if file.read(3) == _BOM:
                start = 3
            file.seek(start)
            separated = file.read(1) == bytes([_RECORD_SIGN])
            file.seek(start)
            end = start
            for line in file:
                begins = bytes([_RECORD_SIGN]) in line if separated else bool(line.strip())
                if begins and rows == self.part_rows:
                    yield start, end, rows
                    start, rows = end, 0
                rows += line.count(bytes([_RECORD_SIGN])) if separated else bool(line.strip())
                end += len(line)
        if rows:
            yield start, end, rows

    def _unreadable(self, row: int, zh: str, en: str) -> UnreadableFile:
        return UnreadableFile(
            path=str(self.path), reason_zh=f"第 {row} 个{zh}", reason_en=f"feature {row} {en}"
        )


def open_json(path: Path, *, is_sequence: bool, needs_columns: bool) -> JsonSource:
    """Return a GeoJSON file; with `needs_columns` it is read once to learn the names and types of its properties.

    Raises
    ------
    UnreadableFile, BadGeometry
        It is no GeoJSON, or in another system than WGS 84.
    """
    if not is_sequence:
        _check_head(path)
    source = JsonSource(path, is_sequence, pa.schema([]), path.stat().st_size)
    if not needs_columns:
        return source
    kinds: dict[str, set[str]] = {}
    for part, _ in source.parts():
        for feature in source.features(part):
            for name, value in _properties(feature).items():
                kinds.setdefault(name, set()).add(_kind(value))
    schema = pa.schema([(name, _type_of(found - {""})) for name, found in kinds.items()])
    return JsonSource(path, is_sequence, schema, source.weight)


def _check_head(path: Path) -> None:
    """Refuse a `crs` member in front of the features that names another system."""
    with path.open("rb") as file:
        head = file.read(1 << 16).decode("utf-8-sig", errors="replace")
    head = head.split('"features"')[0]
    if '"crs"' in head:
        member = head.split('"crs"', 1)[1].lstrip(" :\r\n\t")
        try:
            value, _ = json.JSONDecoder().raw_decode(member)
        except ValueError:
            value = member[:200]
        check_system(value)


def _loads(text: bytes) -> Any:
    """Return parsed JSON; numbers too large for orjson are Python's."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return json.loads(text)


def _texts(raw: bytes) -> list[bytes]:
    return raw.split(bytes([_RECORD_SIGN])) if bytes([_RECORD_SIGN]) in raw[:8] else raw.splitlines()


def _properties(feature: Any) -> dict[str, Any]:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    return properties if isinstance(properties, dict) else {}


def _kind(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "b"
    if isinstance(value, int):
        return "i" if -(2**63) <= value < 2**63 else "s"
    return "f" if isinstance(value, float) else "s"


def _type_of(kinds: set[str]) -> pa.DataType:
    if kinds == {"i", "f"}:
        return pa.float64()
    return _TYPES[next(iter(kinds))] if len(kinds) == 1 else pa.string()


def _table(rows: list[dict[str, Any]], schema: pa.Schema) -> pa.Table:
    columns = {f.name: _column([r.get(f.name) for r in rows], f.type) for f in schema}
    return pa.table(columns, schema=schema)


def _column(values: list[Any], kind: pa.DataType) -> pa.Array:
    if kind == pa.string():
        values = [v if v is None or isinstance(v, str) else orjson.dumps(v).decode() for v in values]
    return pa.array(values, kind)
