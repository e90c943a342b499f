"""A question as people and programs put it, parsed once: words to terms, text to positions, days to dates."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import shapely
from shapely import Geometry, MultiPoint

from geo_registry.errors import BadChoice, NoPlace, SystemTwice, UnreadableFile, UnreadablePlace
from geo_registry.gazetteer.index import Gazetteer
from geo_registry.gazetteer.reading import read_name
from geo_registry.geo.crs import is_stored_as_given
from geo_registry.geo.reading.model import Reading
from geo_registry.geo.reading.numbers import is_shifted, read_geometry, read_numbers
from geo_registry.geo.reading.text import is_position, read_text
from geo_registry.geo.shapes import geometries_from_geojson
from geo_registry.routing.model import Place, Question
from geo_registry.terms import CaseKind, Level, Role, Territory
from geo_registry.zones.validity import parse_day

SHANGHAI = ZoneInfo("Asia/Shanghai")
LARGEST_FILE = 20_000_000
_HAN = re.compile(r"[\u3400-\u9fff]")  # place names are held in Chinese
_Word = TypeVar("_Word", bound=StrEnum)
_ASKABLE = (Territory.ORDINARY, Territory.FOREST, Territory.UNKNOWN)
_LEVELS = (Level.BASIC, Level.INTERMEDIATE)


@dataclass(frozen=True, slots=True)
class Asked:
    """One place as it was asked: written text, two numbers, or a GeoJSON geometry; exactly one is set."""

    text: str | None = None
    numbers: tuple[float, float] | None = None
    geojson: Mapping[str, Any] | None = None
    label: str | None = None
    crs: str | None = None
    accuracy_m: float | None = None
    role: Role | None = None

    def read(self, gazetteer: Gazetteer | None = None) -> tuple[Reading, ...]:
        """Return every reading of the place, the likeliest first.

        Parameters
        ----------
        gazetteer
            What names are looked up in; without it a name reads as nothing: an empty tuple.

        Raises
        ------
        InvalidInput
            It cannot be read; the sentence says why and what can.
        """
        if self.text is not None:
            return self._read_text(self.text, gazetteer)
        if self.numbers is not None:
            x, y = self.numbers
            return (read_numbers(x=x, y=y, crs=self.crs, accuracy_m=self.accuracy_m),)
        (geometry,) = geometries_from_geojson(self.geojson)
        return (read_geometry(geometry, text=self.label or geometry.geom_type, accuracy_m=self.accuracy_m),)

    def _read_text(self, text: str, gazetteer: Gazetteer | None) -> tuple[Reading, ...]:
        try:
            return read_text(text, crs=self.crs, accuracy_m=self.accuracy_m)
        except UnreadablePlace:
            if is_position(text) or not _HAN.search(text):
                raise
            return read_name(text, gazetteer, accuracy_m=self.accuracy_m) if gazetteer is not None else ()

    def to_dict(self) -> dict[str, Any]:
        """Return the place as plain values from which `from_dict` makes it again."""
        plain = {
            "text": self.text,
            "numbers": list(self.numbers) if self.numbers else None,
            "geometry": dict(self.geojson) if self.geojson else None,
            "label": self.label,
            "crs": self.crs,
            "accuracy_m": self.accuracy_m,
            "role": self.role.value if self.role else None,
        }
        return {k: v for k, v in plain.items() if v is not None}

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> "Asked":
        """Return the place `to_dict` wrote."""
        numbers = plain.get("numbers")
        return cls(
            text=plain.get("text"),
            numbers=(float(numbers[0]), float(numbers[1])) if numbers else None,
            geojson=plain.get("geometry"),
            label=plain.get("label"),
            crs=plain.get("crs"),
            accuracy_m=plain.get("accuracy_m"),
            role=Role(plain["role"]) if plain.get("role") else None,
        )


@dataclass(frozen=True, slots=True)
class Query:
    """A whole question, parsed: its places as asked, and what was stated of the case."""

    places: tuple[Asked, ...]
    kind: CaseKind | None
    level: Level | None
    territory: Territory
    on: date

    def check(self) -> bool:
        """Tell whether a gazetteer is needed to read the places; what cannot be read at all is refused.

        Raises
        ------
        InvalidInput
            A place is no name and cannot be read.
        """
        readings = [place.read() for place in self.places]
        return not all(readings)

    def question(self, gazetteer: Gazetteer | None = None) -> Question:
        """Return the question for the engine, its places read.

        Raises
        ------
        InvalidInput
            A place cannot be read.
        """
        places = tuple(Place(place.read(gazetteer), place.role) for place in self.places)
        return Question(places, self.kind, self.level, self.territory, self.on)


def parse_query(
    places: Sequence[Asked],
    *,
    kind: str | None = None,
    level: str | None = None,
    territory: str | None = None,
    on: str | date | None = None,
) -> Query:
    """Return a question from words as they were typed; an empty word is one not given.

    Raises
    ------
    NoPlace
        There is no place.
    BadChoice, BadDay
        A word is not on its list, or the day is no day.
    """
    if not places:
        raise NoPlace()
    return replace(parse_statement(kind=kind, level=level, territory=territory, on=on), places=tuple(places))


def parse_bare(place: Asked) -> Query:
    """Return a question that states nothing but one place."""
    return Query((place,), None, None, Territory.UNKNOWN, today())


def parse_statement(
    *,
    kind: str | None = None,
    level: str | None = None,
    territory: str | None = None,
    on: str | date | None = None,
) -> Query:
    """Return a question that has no place yet: what is stated of every row of a file.

    Raises
    ------
    BadChoice, BadDay
        A word is not on its list, or the day is no day.
    """
    return Query(
        places=(),
        kind=_word(CaseKind, tuple(CaseKind), "kind", kind),
        level=_word(Level, _LEVELS, "level", level),
        territory=_word(Territory, _ASKABLE, "territory", territory) or Territory.UNKNOWN,
        on=parse_day(on) if isinstance(on, str) and on else on if isinstance(on, date) else today(),
    )


def asked_from_geojson(
    data: object, *, label: str, accuracy_m: float | None = None, crs: str | None = None
) -> list[Asked]:
    """Return the places in a GeoJSON object: its points one by one, its lines and areas as they are.

    A Feature's property `role` says what the place is to the case.

    Raises
    ------
    SystemTwice
        Another system than GeoJSON's own, WGS 84, was named.
    BadGeometry
        It is not usable GeoJSON.
    """
    if crs is not None and (is_shifted(crs) or not is_stored_as_given(crs)):
        raise SystemTwice(text=label, written="WGS 84 (GeoJSON)", crs=crs)
    features = data.get("features") if isinstance(data, Mapping) else None
    if isinstance(features, list) and features:
        return [a for f in features for a in asked_from_geojson(f, label=label, accuracy_m=accuracy_m)]
    role = _role_of(data)
    places = []
    for geometry in geometries_from_geojson(data):
        for part in _places_of(geometry):
            plain = json.loads(shapely.to_geojson(part))
            places.append(Asked(geojson=plain, label=label, accuracy_m=accuracy_m, role=role))
    return places


def _role_of(data: object) -> Role | None:
    properties = data.get("properties") if isinstance(data, Mapping) else None
    role = properties.get("role") if isinstance(properties, Mapping) else None
    return parse_role(role if isinstance(role, str) else None)


def asked_from_file(path: Path, *, accuracy_m: float | None = None, crs: str | None = None) -> list[Asked]:
    """Return the places in a GeoJSON file.

    Raises
    ------
    UnreadableFile
        It is missing, too large, or not JSON.
    BadGeometry
        It is not usable GeoJSON.
    """
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise UnreadableFile(path=str(path), reason_zh="超过 20 MB", reason_en="it is larger than 20 MB")
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UnreadableFile(path=str(path), reason_zh="文件打不开", reason_en=str(error.strerror)) from None
    except (ValueError, RecursionError):
        raise UnreadableFile(
            path=str(path), reason_zh="不是 UTF-8 的 JSON", reason_en="it is not JSON in UTF-8"
        ) from None
    return asked_from_geojson(data, label=f"@{path.name}", accuracy_m=accuracy_m, crs=crs)


def parse_role(text: str | None) -> Role | None:
    """Return what a place is to a case, None where nothing was said.

    Raises
    ------
    BadChoice
        The word is not on the list.
    """
    return _word(Role, tuple(Role), "role", text)


def with_roles(places: Sequence[Asked], roles: Sequence[str]) -> list[Asked]:
    """Return the places with their roles, one per place in their order; no roles at all leave them as they are.

    Raises
    ------
    BadChoice
        A word is not on the list, or there are more or fewer roles than places.
    """
    if not roles:
        return list(places)
    if len(roles) != len(places):
        raise BadChoice(name="role", value=", ".join(roles), allowed=f"{len(places)} × ({', '.join(Role)})")
    return [replace(place, role=parse_role(role)) for place, role in zip(places, roles, strict=True)]


def today() -> date:
    """Return the day it is in the province."""
    return datetime.now(SHANGHAI).date()


def _places_of(geometry: Geometry) -> list[Geometry]:
    if isinstance(geometry, MultiPoint) or geometry.geom_type == "GeometryCollection":
        return [place for part in shapely.get_parts(geometry) for place in _places_of(part)]
    return [geometry]


def _word(kind: type[_Word], allowed: Sequence[_Word], name: str, text: str | None) -> _Word | None:
    if text is None or text == "":
        return None
    if text not in [str(word) for word in allowed]:
        raise BadChoice(name=name, value=text, allowed=", ".join(allowed))
    return kind(text)
