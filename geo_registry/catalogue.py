"""The layer catalogue: finds `layers/*`, reads each manifest, and reads and checks its rows.

The one pure room that reads files, and only those of `layers/`. A manifest is data a clerk can review:
what the layer is, whose it is, which columns it has. Values are parsed here, once; inside the product
they are typed. Geometry is read in `exchange`.
"""

import csv
import hashlib
import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from geo_registry.errors import BadManifest, LayerNotFound, RegisterNotFound
from geo_registry.terms import Status

CORE_COLUMNS = ("adcode", "visibility")  # of every register, beside its key and name

ColumnType = Literal[
    "text", "integer", "number", "boolean", "day", "edtf", "list", "status", "adcode", "choice"
]
Row = dict[str, Any]
_Model = TypeVar("_Model", bound=BaseModel)

_ADCODE = re.compile(r"\d{6}")
_EDTF_DATE = r"(?:\d{4}(?:-\d{2}(?:-\d{2})?)?|XXXX)[?~%]?"
_EDTF = re.compile(rf"{_EDTF_DATE}(?:/(?:{_EDTF_DATE}|\.\.))?|\.\./{_EDTF_DATE}")


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Label(_Frozen):
    """A label in Chinese and English."""

    zh: str
    en: str


class Column(_Frozen):
    """One attribute: its type, whether it must be there, and what to write in it."""

    type: ColumnType
    required: bool
    help: Label
    choices: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()  # headings under which files bring it


class SourceSpec(_Frozen):
    """Where the layer as a whole comes from, as of when, and how good it is."""

    keys: tuple[str, ...]
    as_of: str
    quality: Label | None = None


class Licence(_Frozen):
    """On what terms the data may be used."""

    name: str
    note: Label


class Data(_Frozen):
    """Where the rows are: a file of the layer's folder, and a package that carries the geometry."""

    file: str
    package: str | None = None
    geometry_path: str | None = None


class Defaults(_Frozen):
    """Provenance of every row that does not carry its own."""

    status: Status
    sources: tuple[str, ...]
    as_of: str


class Visibility(_Frozen):
    """Who sees the layer, and whether changes go through review."""

    public: bool
    reviewed: bool


Shape = Literal["point", "line", "polygon"]


class AreaBounds(_Frozen):
    """The least and the most an area of this kind may measure, in geodesic m²."""

    least: float = Field(gt=0, allow_inf_nan=False)
    most: float = Field(gt=0, allow_inf_nan=False)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.least > self.most:
            raise ValueError("least is more than most")
        return self


class Generalise(_Frozen):
    """How a sensitive site is shown to the public: by the cell of a grid it lies in, or by its county only."""

    grid_m: float | None = Field(default=None, ge=500, le=100_000, allow_inf_nan=False)


class RegisterSpec(_Frozen):
    """What a register asks of its sites; officers fill it, files of the folder do not.

    `kind` is the code every answer, map and statistic shows the sites under. Two sites nearer to each other than
    `duplicate_within_m`, or of similar names and nearer than `similar_within_m`, are likely the same.
    `stated_area` names the column that states an area in m², to be held against the one drawn.
    """

    kind: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    shapes: tuple[Shape, ...] = Field(min_length=1)
    area_m2: AreaBounds | None = None
    duplicate_within_m: float = Field(ge=0, allow_inf_nan=False)
    similar_within_m: float = Field(ge=0, allow_inf_nan=False)
    generalise: Generalise
    stated_area: str | None = None


class LayerSpec(_Frozen):
    """A layer manifest: `data` where its rows stand in files, `register` where people register them."""

    id: str
    title: Label
    description: Label
    geometry: Literal["none", "point", "line", "polygon"]
    crs: str
    encoding: str
    key: str
    name: str
    sample: bool = False
    style: str | None = None
    authority: Label
    source: SourceSpec
    licence: Licence
    data: Data | None = None
    registration: RegisterSpec | None = Field(default=None, alias="register")
    defaults: Defaults | None = None
    visibility: Visibility
    columns: dict[str, Column]

    @model_validator(mode="after")
    def _has_rows_from_somewhere(self) -> Self:
        if (self.data is None) == (self.registration is None):
            raise ValueError("it has either [data] or [register]")
        if self.registration is not None:
            self._check_register(self.registration)
        return self

    def _check_register(self, register: RegisterSpec) -> None:
        stated = register.stated_area
        if stated is not None and (stated not in self.columns or self.columns[stated].type != "number"):
            raise ValueError(f"stated_area names '{stated}', which is no column of type number")
        if self.geometry not in register.shapes:
            raise ValueError(f"geometry is '{self.geometry}', which is not one of the shapes of the register")
        for name in (self.key, self.name, *CORE_COLUMNS):
            if name not in self.columns:
                raise ValueError(f"a register has the column '{name}'")

    @property
    def attributes(self) -> dict[str, Column]:
        """Return the columns beside those every site has: what is particular to this kind."""
        core = (self.key, self.name, *CORE_COLUMNS)
        return {name: column for name, column in self.columns.items() if name not in core}


class VersionSpec(_Frozen):
    """The head of a zone version, `court_zones/<id>/version.toml`."""

    id: str
    title: Label
    valid_from: date
    valid_to: date | None = None
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Layer:
    """A manifest and the folder it stands in."""

    spec: LayerSpec
    folder: Path

    def rows(self, file: Path | None = None) -> list[Row]:
        """Return the typed rows of the layer's CSV file, provenance filled in.

        Raises
        ------
        BadManifest
            A row breaks the manifest; the sentence names the line, the column and the value.
        """
        if file is None and self.spec.data is None:
            return []  # people register its rows
        path = file or self.folder / self.data_file
        with path.open(encoding=self.spec.encoding, newline="") as stream:
            return self.typed(csv.DictReader(stream))

    @property
    def data_file(self) -> str:
        """Return the name of the file its rows stand in; for layers that have one."""
        assert self.spec.data is not None
        return self.spec.data.file

    def typed(self, raw: Iterable[Mapping[str, Any]]) -> list[Row]:
        """Return rows as the manifest types them; unknown, missing and repeated are refused."""
        rows: list[Row] = []
        seen: set[Any] = set()
        for number, record in enumerate(raw, start=2):
            row = self._typed_row(record, number)
            if row[self.spec.key] in seen:
                raise self._fault(f"line {number}: {self.spec.key} '{row[self.spec.key]}' stands there twice")
            seen.add(row[self.spec.key])
            rows.append(row)
        return rows

    def _typed_row(self, record: Mapping[str, Any], number: int) -> Row:
        unknown = [str(k) for k in record if k not in self.spec.columns]
        if unknown:
            raise self._fault(f"line {number}: the manifest has no column {', '.join(unknown)}")
        row = {
            name: self._value(column, name, record.get(name), number)
            for name, column in self.spec.columns.items()
        }
        if self.spec.defaults is not None:
            row = {**self.spec.defaults.model_dump(), **row}
        return row

    def _value(self, column: Column, name: str, raw: Any, number: int) -> Any:
        text = "" if raw is None else str(raw).strip()
        if not text:
            if column.required:
                raise self._fault(f"line {number}: {name} is empty")
            return () if column.type == "list" else None
        try:
            return _parse(column, text)
        except ValueError:
            wanted = (
                f"one of {', '.join(column.choices)}" if column.choices else f"a value of type {column.type}"
            )
            raise self._fault(f"line {number}: {name} is '{text}', which is not {wanted}") from None

    def digest(self) -> str:
        """Return a digest of the files of the layer's folder, its package and version named among them."""
        made = hashlib.sha256()
        for path in sorted(p for p in self.folder.rglob("*") if p.is_file()):
            made.update(path.relative_to(self.folder).as_posix().encode())
            made.update(hashlib.sha256(path.read_bytes()).digest())
        return made.hexdigest()

    def _fault(self, reason: str) -> BadManifest:
        return BadManifest(layer=self.spec.id, reason=reason)

    def style(self) -> dict[str, Any]:
        """Return the layer's style (simplestyle names), empty when it has none."""
        if self.spec.style is None:
            return {}
        loaded = json.loads((self.folder / self.spec.style).read_text(encoding="utf-8"))
        assert isinstance(loaded, dict)
        return loaded


@dataclass(frozen=True)
class ZoneVersionFolder:
    """One version of `court_zones`: its head and its rows."""

    spec: VersionSpec
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Catalogue:
    """All layers of one folder."""

    folder: Path

    @cached_property
    def layers(self) -> dict[str, Layer]:
        """Return the layers by id, in alphabetical order.

        Raises
        ------
        BadManifest
            A manifest is not in order, or its id is not its folder's name.
        """
        found = {}
        for path in sorted(self.folder.glob("*/layer.toml")):
            spec = _manifest(path)
            if spec.id != path.parent.name:
                raise BadManifest(
                    layer=path.parent.name, reason=f"its id is '{spec.id}', not the name of its folder"
                )
            found[spec.id] = Layer(spec, path.parent)
        return found

    def get(self, id: str) -> Layer:
        """Return one layer.

        Raises
        ------
        LayerNotFound
            The catalogue has none of that id.
        """
        if id not in self.layers:
            raise LayerNotFound(id=id, known=", ".join(self.layers))
        return self.layers[id]

    @property
    def registers(self) -> dict[str, Layer]:
        """Return the layers whose rows people register, by id."""
        return {id: layer for id, layer in self.layers.items() if layer.spec.registration is not None}

    def register(self, id: str) -> tuple[LayerSpec, RegisterSpec]:
        """Return the manifest of a register and its `[register]`.

        Raises
        ------
        RegisterNotFound
            No layer of that id is a register.
        """
        layer = self.registers.get(id)
        if layer is None or layer.spec.registration is None:
            raise RegisterNotFound(id=id, known=", ".join(self.registers))
        return layer.spec, layer.spec.registration

    def zone_versions(self) -> list[ZoneVersionFolder]:
        """Return the zone versions of `court_zones`, ordered by id."""
        layer = self.get("court_zones")
        found = []
        for path in sorted(layer.folder.glob("*/version.toml")):
            spec = _read(VersionSpec, path, layer.spec.id)
            found.append(ZoneVersionFolder(spec, tuple(layer.rows(path.parent / layer.data_file))))
        return found

    def check(self) -> list[str]:
        """Return what is wrong across layers: sources that are not held, manifests that cite none."""
        sources = {row["key"] for row in self.get("sources").rows()}
        faults = self._courts_unnamed_unless_unresolved() + self._kinds_named_twice()
        for layer in self.layers.values():
            cited = set(layer.spec.source.keys)
            if (
                layer.spec.data
                and layer.data_file.endswith(".csv")
                and layer.spec.id not in ("sources", "court_zones")
            ):
                cited |= {key for row in layer.rows() for key in row["sources"]}
            if layer.spec.id == "court_zones":
                cited |= {k for v in self.zone_versions() for row in v.rows for k in row["sources"]}
            faults += [
                f"{layer.spec.id}: source '{key}' is not in layers/sources" for key in sorted(cited - sources)
            ]
        return faults

    def _kinds_named_twice(self) -> list[str]:
        kinds = [
            s.registration.kind for s in (layer.spec for layer in self.layers.values()) if s.registration
        ]
        return [
            f"the kind '{kind}' has two registers" for kind in sorted(set(kinds)) if kinds.count(kind) > 1
        ]

    def _courts_unnamed_unless_unresolved(self) -> list[str]:
        rows = self.get("courts").rows() if "courts" in self.layers else []
        return [
            f"courts: '{row['code']}' is {row['status']} {'without' if row['name'] is None else 'with'} a name; "
            "a court is unresolved exactly when it has none"
            for row in rows
            if (row["name"] is None) != (row["status"] is Status.UNRESOLVED)
        ]


def packaged_layers() -> Path:
    """Return the folder of the layers that came with this installation: the wheel's, or the checkout's."""
    inside = Path(__file__).parent / "_layers"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "layers"


def get_catalogue(folder: Path | None = None) -> Catalogue:
    """Return the catalogue of a folder, by default of the packaged layers.

    Raises
    ------
    BadManifest
        The folder holds no layer.
    """
    catalogue = Catalogue(folder or packaged_layers())
    if not catalogue.layers:
        raise BadManifest(layer="*", reason=f"there is no layer in {catalogue.folder}")
    return catalogue


def _manifest(path: Path) -> LayerSpec:
    return _read(LayerSpec, path, path.parent.name)


def _read(kind: type[_Model], path: Path, layer: str) -> _Model:
    try:
        return kind.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadManifest(layer=layer, reason=f"{path.name} is not TOML in UTF-8 ({error})") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadManifest(layer=layer, reason=f"{path.name}: {where}: {first['msg']}") from None


def _parse(column: Column, text: str) -> Any:
    match column.type:
        case "integer":
            return int(text)
        case "number":
            return float(text)
        case "boolean":
            return text.lower() == "true" if text.lower() in ("true", "false") else _refuse()
        case "day":
            return date.fromisoformat(text)
        case "edtf":
            return text if _EDTF.fullmatch(text) else _refuse()
        case "adcode":
            return text if _ADCODE.fullmatch(text) else _refuse()
        case "status":
            return Status(text)
        case "choice":
            return text if text in column.choices else _refuse()
        case "list":
            return tuple(part.strip() for part in text.split(";") if part.strip())
        case _:
            return text


def _refuse() -> Any:
    raise ValueError
