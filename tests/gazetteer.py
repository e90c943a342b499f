"""The gazetteer of the packaged layers, made from their files without a database."""

from collections.abc import Callable
from functools import cache
from types import SimpleNamespace
from typing import Any, TypeVar

from geo_registry.catalogue import get_catalogue
from geo_registry.db.queries import rows as make
from geo_registry.exchange.layer_rows import read_layer
from geo_registry.gazetteer.build import names_of
from geo_registry.gazetteer.index import Gazetteer
from geo_registry.gazetteer.model import Name

_Record = TypeVar("_Record")


def records(layer: str, maker: Callable[[Any, Any], _Record]) -> list[_Record]:
    """Return the records of a layer's file."""
    rows = read_layer(get_catalogue().get(layer))
    return [maker(SimpleNamespace(**row), row.get("geom")) for row in rows]


@cache
def packaged_names() -> tuple[Name, ...]:
    return tuple(
        names_of(
            records("counties", make.make_unit),
            records("townships", make.make_township),
            records("places", make.make_point),
            records("forest_districts", make.make_district),
            records("rivers", make.make_river),
            records("courts", make.make_court),
            records("place_names", make.make_place_name),
        )
    )


@cache
def packaged_gazetteer() -> Gazetteer:
    return Gazetteer(packaged_names())
