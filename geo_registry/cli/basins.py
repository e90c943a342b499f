"""`geo-registry basins`: basins, what lies in them, and the basin of a place."""

from typing import Annotated

import typer

from geo_registry.actions.ask import parse_query, today
from geo_registry.actions.find_basins import find_basins
from geo_registry.actions.views import basin_to_dict, hit_to_dict, profile_to_dict
from geo_registry.cli.output import both, print_json, print_pairs, print_table
from geo_registry.cli.route import Accuracy, Crs, read_places
from geo_registry.cli.session import Opened, with_registry
from geo_registry.routing.profiles import CourtShare, find_basin, profile_basin
from geo_registry.routing.snapshot import Snapshot

app = typer.Typer(no_args_is_help=True, help="流域。Basins.")
Json = Annotated[bool, typer.Option("--json", help="One JSON document.")]


@app.command("list")
def list_(as_json: Json = False) -> None:
    """List the basins."""
    basins = _snapshot().basins
    if as_json:
        print_json([basin_to_dict(b) for b in basins])
        return
    rows = [(b.code, b.name.zh, b.name.en, b.level1, b.drains_to, b.area_in_province_km2) for b in basins]
    print_table(("代码 Code", "名称", "Name", "水系 System", "下游 Drains to", "省内 km² in province"), rows)


@app.command()
def show(
    code: Annotated[str, typer.Argument(metavar="ID", help="Code or Chinese name of a basin.")],
    as_json: Json = False,
) -> None:
    """Show a basin: up- and downstream, its courts, sites and agreements."""
    snapshot = _snapshot()
    profile = profile_basin(snapshot, find_basin(snapshot, code).code)
    if as_json:
        print_json(profile_to_dict(profile))
        return
    courts = "\n".join(_court(c) for c in profile.courts)
    print_pairs(
        [
            (
                profile.basin.code,
                f"{profile.basin.name.zh} {profile.basin.name.en}（{profile.basin.level1}）",
            ),
            ("上游 Upstream", "、".join(b.name.zh for b in profile.upstream)),
            ("下游 Downstream", "、".join(b.name.zh for b in profile.downstream)),
            ("普通区域法院 Ordinary", courts),
            ("地点 Sites", "\n".join(s.name for s in profile.sites)),
            ("可能 Perhaps", "\n".join(f"{s.name}（仅知县区 county only）" for s in profile.sites_perhaps)),
            (
                "协作 Agreements",
                "\n".join(f"{a.name}（{a.date or '日期不详 undated'}）" for a in profile.agreements),
            ),
            ("精度 Quality", "近似：分水线可偏 1–10 千米 approximate: divides off by 1–10 km"),
        ]
    )


def _court(c: CourtShare) -> str:
    name = f"{c.court.name}（{both(c.status.label)}）" if c.court else both(c.status.label)
    forest = (
        f"；另有林区法院，辖区界线不详 forest courts too, extent unknown: {'、'.join(c.forest)}"
        if c.forest
        else ""
    )
    return f"{name}  {c.share:.1%}{forest}"


@app.command()
def at(
    place: Annotated[
        str, typer.Argument(metavar="PLACE", help="Coordinates, a name or address, or @file.geojson.")
    ],
    crs: Crs = None,
    accuracy_m: Accuracy = None,
    as_json: Json = False,
) -> None:
    """Say in which basin a place lies, and whether a divide is within 5 km."""
    query = parse_query(read_places([place], crs, accuracy_m))
    query.check()

    async def work(opened: Opened) -> list[dict[str, object]]:
        hits, snapshot = await find_basins(query, opened.snapshots)
        return [hit_to_dict(hit, snapshot) for hit in hits]

    rows = with_registry(work)
    if as_json:
        print_json(rows)
        return
    print_table(
        ("代码 Code", "名称 Name", "水系 System", "近分水线 Near divide", "m"),
        [
            (
                r["code"],
                r["name"],
                r["level1"],
                "是 yes" if r["near_divide"] else "否 no",
                r["divide_distance_m"],
            )
            for r in rows
        ],
    )


def _snapshot() -> Snapshot:
    async def work(opened: Opened) -> Snapshot:
        return await opened.snapshots.get(today())

    return with_registry(work)
