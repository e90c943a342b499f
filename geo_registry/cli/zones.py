"""`geo-registry zones`: versions of jurisdiction."""

from typing import Annotated

import typer

from geo_registry.actions.draft_zones import draft_zones
from geo_registry.actions.publish_zones import check_zones, publish_zones
from geo_registry.actions.views import designation_to_dict, finding_to_dict, version_to_dict
from geo_registry.cli.output import print_json, print_table, stderr
from geo_registry.cli.session import Opened, whoami, with_registry
from geo_registry.db.queries.zones import get_version, list_designations, list_versions, list_zones
from geo_registry.zones.checks import Finding
from geo_registry.zones.model import Designation, Zone, ZoneVersion

app = typer.Typer(no_args_is_help=True, help="管辖版本。Versions of jurisdiction.")
Id = Annotated[str, typer.Argument(metavar="ID", help="Id of a version, such as 2022-09-26.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document.")]


@app.command("list")
def list_(as_json: Json = False) -> None:
    """List all versions, by their first day."""

    async def work(opened: Opened) -> list[ZoneVersion]:
        async with opened.database.read() as session:
            return await list_versions(session)

    found = with_registry(work)
    rows = [(v.id, v.state, v.validity.valid_from, v.validity.valid_to, v.title.zh) for v in found]
    if as_json:
        print_json([version_to_dict(v) for v in found])
    else:
        print_table(("编号 Id", "状态 State", "自 From", "至 To", "名称 Title"), rows)


@app.command()
def show(id: Id, as_json: Json = False) -> None:
    """Show a version: its zones and every designation."""

    async def work(opened: Opened) -> tuple[list[Zone], list[Designation]]:
        async with opened.database.read() as session:
            await get_version(session, id)
            return await list_zones(session, id), await list_designations(session, id)

    zones, rows = with_registry(work)
    if as_json:
        print_json(
            {
                "id": id,
                "zones": [_zone(z) for z in zones],
                "designations": [designation_to_dict(d) for d in rows],
            }
        )
        return
    areas = [
        (z.territory, z.court_code, len(z.designation_ids), f"{z.area_m2 / 1e6:,.0f}" if z.area_m2 else "—")
        for z in zones
    ]
    print_table(("性质 Territory", "法院 Court", "行 Rows", "km²"), areas, title=id)
    print_table(
        ("编号 Id", "法院 Court", "项 Item", "把握 Status", "来源 Sources"),
        [(d.id, d.court_code, d.article, d.status, ", ".join(d.sources)) for d in rows],
    )


@app.command()
def check(id: Id, as_json: Json = False) -> None:
    """Check a version for gaps, overlaps and missing sources; exit 1 when something stands against publishing it."""

    async def work(opened: Opened) -> list[Finding]:
        return await check_zones(opened.database, id)

    findings = with_registry(work)
    if as_json:
        print_json([finding_to_dict(f) for f in findings])
    else:
        for f in findings:
            mark = "✗" if f.blocks else "·"
            print(f"{mark} {f.text.zh}\n  {f.text.en} [{f.code}]")
    stands = sum(f.blocks for f in findings)
    print(f"{stands} 项问题 findings，{len(findings) - stands} 项须留意 to look at", file=stderr())
    raise typer.Exit(1 if stands else 0)


@app.command()
def draft() -> None:
    """Draft the versions of the layer folder that are not published yet."""

    async def work(opened: Opened) -> None:
        for drafted in await draft_zones(opened.database, opened.catalogue, actor=whoami()):
            c = drafted.changes
            print(f"{drafted.version}: {drafted.state}（+{c.added} ~{c.changed} -{c.closed} ={c.unchanged}）")

    with_registry(work)


@app.command()
def publish(id: Id) -> None:
    """Publish a draft after its checks: from its first day it is the law. Irrevocable."""

    async def work(opened: Opened) -> None:
        await publish_zones(opened.database, id, actor=whoami())

    with_registry(work)
    print(f"{id} 已发布 published", file=stderr())


def _zone(zone: Zone) -> dict[str, object]:
    return {
        "territory": zone.territory,
        "court_code": zone.court_code,
        "designations": list(zone.designation_ids),
        "area_m2": zone.area_m2,
    }
