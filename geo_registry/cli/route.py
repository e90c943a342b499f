"""`geo-registry route`: one case."""

from pathlib import Path
from typing import Annotated

import typer

from geo_registry.actions.ask import Asked, asked_from_file, parse_query, with_roles
from geo_registry.actions.route_case import record_case, route_case
from geo_registry.cli.output import print_answer, print_json
from geo_registry.cli.session import Opened, whoami, with_registry
from geo_registry.errors import BadAccuracy
from geo_registry.geo.coordinates import parse_number
from geo_registry.routing.answer import Answer

Places = Annotated[
    list[str],
    typer.Argument(
        metavar="PLACE…",
        help="Coordinates in any written form, a name or address, or @file.geojson; several are one case.",
    ),
]
Crs = Annotated[
    str | None, typer.Option("--crs", help="EPSG code, gcj02 or bd09 of the pairs; EPSG:4326 if not given.")
]
Accuracy = Annotated[
    str | None, typer.Option("--accuracy-m", help="Radius in metres within which the place lies.")
]
Kind = Annotated[str | None, typer.Option("--kind", help="criminal, civil, administrative, civil-public-interest, administrative-public-interest, public-interest or damages.")]  # fmt: skip
Level = Annotated[str | None, typer.Option("--level", help="basic or intermediate.")]
Territory = Annotated[str | None, typer.Option("--territory", help="ordinary, forest or unknown.")]
Role = Annotated[list[str] | None, typer.Option("--role", help="What a PLACE is to the case, in their order: act, result, domicile, residence, agency-seat or property.")]  # fmt: skip
On = Annotated[str | None, typer.Option("--on", help="Day of filing, YYYY-MM-DD; today if not given.")]


def route(
    places: Places,
    crs: Crs = None,
    accuracy_m: Accuracy = None,
    kind: Kind = None,
    level: Level = None,
    territory: Territory = None,
    on: On = None,
    role: Role = None,
    record: Annotated[bool, typer.Option("--record", help="Keep the answer in the journal.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer object.")] = False,
) -> None:
    """Say which court hears a case: place first, then what is known of the case."""
    asked = with_roles(read_places(places, crs, accuracy_m), role or [])
    query = parse_query(asked, kind=kind, level=level, territory=territory, on=on)
    query.check()

    async def work(opened: Opened) -> Answer:
        if record:
            return await record_case(query, opened.snapshots, opened.database, actor=whoami())
        return await route_case(query, opened.snapshots)

    answer = with_registry(work)
    if as_json:
        print_json(answer.to_json())
    else:
        print_answer(answer)


def read_places(places: list[str], crs: str | None, accuracy_m: str | None) -> list[Asked]:
    """Return the places of a command line: files opened, the accuracy a number."""
    radius = None if accuracy_m is None else parse_accuracy(accuracy_m)
    asked: list[Asked] = []
    for place in places:
        if place.startswith("@"):
            asked += asked_from_file(Path(place[1:]), accuracy_m=radius, crs=crs)
        else:
            asked.append(Asked(text=place, crs=crs, accuracy_m=radius))
    return asked


def parse_accuracy(text: str) -> float:
    """Return an accuracy in metres.

    Raises
    ------
    BadAccuracy
        It is no number, or no radius.
    """
    try:
        return parse_number("accuracy_m", text)
    except ValueError:
        raise BadAccuracy(value=text) from None
