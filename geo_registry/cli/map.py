"""`geo-registry map`: one self-contained file."""

from pathlib import Path
from typing import Annotated

import typer

from geo_registry.actions.ask import parse_query
from geo_registry.actions.route_case import route_case
from geo_registry.cli.output import stderr
from geo_registry.cli.route import On, read_places
from geo_registry.cli.session import Opened, with_registry
from geo_registry.routing.answer import Answer


def draw(
    out: Annotated[Path, typer.Argument(metavar="OUT.html", help="File to write.")],
    layers: Annotated[
        str, typer.Option("--layers", help="Layers to draw, separated by commas.")
    ] = "zones,basins,rivers,courts,sites",
    place: Annotated[
        list[str] | None, typer.Option("--place", help="A place to route and show; may be repeated.")
    ] = None,
    on: On = None,
) -> None:
    """Write the map of a day as one HTML file that asks no host for anything."""
    from geo_registry.actions.build_map import build_map  # folium takes half a second to import

    queries = [(text, parse_query(read_places([text], None, None), on=on)) for text in place or []]
    day = queries[0][1].on if queries else parse_query(read_places(["0,0"], None, None), on=on).on

    async def work(opened: Opened) -> int:
        routed: list[tuple[str, Answer]] = [
            (text, await route_case(query, opened.snapshots)) for text, query in queries
        ]
        return await build_map(
            out,
            on=day,
            snapshots=opened.snapshots,
            database=opened.database,
            catalogue=opened.catalogue,
            places=routed,
            layers=[name.strip() for name in layers.split(",") if name.strip()],
            approval_number=opened.settings.map_approval_number,
        )

    size = with_registry(work)
    print(f"{out}（{size / 1e6:.1f} MB）", file=stderr())
