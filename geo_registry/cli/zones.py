"""`geo-registry zones`: versions of jurisdiction."""

import getpass
from typing import Annotated

import typer

from geo_registry.access import Person, operator
from geo_registry.actions.ask import today
from geo_registry.actions.compare_zones import Comparison, compare_zones
from geo_registry.actions.draft_zones import draft_zones
from geo_registry.actions.edit_draft import Edited, edit_draft, start_draft
from geo_registry.actions.impact_zones import Impact, Verdict, impact_zones
from geo_registry.actions.list_changes import VersionChange, list_changes
from geo_registry.actions.publish_zones import check_zones, publish_zones
from geo_registry.actions.views import (
    change_to_dict,
    designation_to_dict,
    difference_to_dict,
    finding_to_dict,
    impact_to_dict,
    version_to_dict,
)
from geo_registry.cli.output import print_json, print_table, stderr
from geo_registry.cli.session import Opened, whoami, with_registry
from geo_registry.db.queries.zones import get_version, list_designations, list_versions, list_zones
from geo_registry.zones.checks import Finding
from geo_registry.zones.draft import ROW, read_edit
from geo_registry.zones.model import Designation, Zone, ZoneVersion
from geo_registry.zones.validity import parse_day

app = typer.Typer(no_args_is_help=True, help="管辖版本。Versions of jurisdiction.")
Id = Annotated[str, typer.Argument(metavar="ID", help="Id of a version, such as 2022-09-26.")]
Why = Annotated[str, typer.Option(metavar="TEXT", help="Reason, kept with the edit.")]
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
def draft(
    new: Annotated[str | None, typer.Argument(metavar="[NEW]", help="Id of the draft to make.")] = None,
    base: Annotated[
        str | None, typer.Option("--from", metavar="ID", help="Published version to copy.")
    ] = None,
    valid_from: Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="First day.")] = None,
    why: Why = "",
) -> None:
    """Draft a version from a published one; without NEW, those of the layer folder that are not published yet."""
    if new is None:
        with_registry(_draft_folder)
        return
    if base is None or valid_from is None:
        raise typer.BadParameter("--from ID, --valid-from YYYY-MM-DD", param_hint="NEW")
    day = parse_day(valid_from)

    async def work(opened: Opened) -> Edited:
        return await start_draft(opened.database, new, base=base, valid_from=day, person=_operator(), why=why)

    _print_edited(with_registry(work))


async def _draft_folder(opened: Opened) -> None:
    for drafted in await draft_zones(opened.database, opened.catalogue, actor=whoami()):
        c = drafted.changes
        print(f"{drafted.version}: {drafted.state}（+{c.added} ~{c.changed} -{c.closed} ={c.unchanged}）")


@app.command()
def edit(
    id: Id,
    key: Annotated[str, typer.Argument(metavar="KEY", help="Adcode, or code of a court or forest district.")],
    values: Annotated[
        list[str] | None, typer.Argument(metavar="FIELD=VALUE", help="Fields; lists with semicolons.")
    ] = None,
    why: Why = "",
    of: Annotated[str, typer.Option(metavar="row|unit|court|district", help="What KEY is.")] = ROW,
    add: Annotated[bool, typer.Option("--add", help="Add the row.")] = False,
    remove: Annotated[
        bool, typer.Option("--remove", help="Remove the row, or take the amendment back.")
    ] = False,
    expect: Annotated[
        int | None, typer.Option(metavar="N", help="Refuse if the draft is past edit N.")
    ] = None,
) -> None:
    """Edit a draft: the row of a unit or forest district, or what the draft says otherwise of a unit, court or district."""
    given = dict(_field(text) for text in values or ())
    if of != ROW:
        given.setdefault("as_of", today().isoformat())
    change = read_edit(of, key, given, add=add, remove=remove)

    async def work(opened: Opened) -> Edited:
        return await edit_draft(opened.database, id, [change], person=_operator(), why=why, expected=expect)

    _print_edited(with_registry(work))


@app.command()
def diff(
    id: Id,
    base: Annotated[str | None, typer.Option(metavar="ID", help="Compare with this version.")] = None,
    as_json: Json = False,
) -> None:
    """Say what a version says otherwise than the one it was drafted from, or than the law before it."""

    async def work(opened: Opened) -> Comparison:
        return await compare_zones(opened.database, id, base=base)

    found = with_registry(work)
    if as_json:
        items = [difference_to_dict(d) for d in found.differences]
        print_json({"before": found.before.id, "after": found.after.id, "differences": items})
        return
    for d in found.differences:
        print(f"{d.text.zh}\n  {d.text.en}")
    print(f"{found.before.id} → {found.after.id}: {len(found.differences)} 处不同 differences", file=stderr())


@app.command()
def impact(id: Id, as_json: Json = False) -> None:
    """Say what would change if a draft were the law on its first day: ground, towns, sites and recorded answers."""

    async def work(opened: Opened) -> Impact:
        return await impact_zones(opened.database, id, person=_operator())

    found = with_registry(work)
    if as_json:
        print_json(impact_to_dict(found))
        return
    name = found.names
    print_table(
        ("县区 Unit", "原法院 Before", "新法院 After", "km²", "%", "乡镇 Towns"),
        [
            (f"{name.get(m.adcode, '')} {m.adcode}", name.get(m.court_before, m.court_before),
             name.get(m.court_after, m.court_after), f"{m.area_m2 / 1e6:,.3f}", f"{m.share:.2%}",
             "、".join(found.towns.get(m.adcode, ())))
            for m in found.moved
        ],
        title=f"{found.law or '—'} → {found.version}，{found.day}",
    )  # fmt: skip
    rows = [
        ("林区 Forest district", name.get(d.code, d.code), d.court_before, d.court_after)
        for d in found.districts
    ]
    rows += [("场所 Site", s.name, None, None) for s in found.sites]
    rows += [("已答复 Answer", a.id, _said(a.before), _said(a.after)) for a in found.answers]
    if rows:
        print_table(("", "", "原 Before", "新 After"), rows)
    print(
        f"重新裁定 {found.asked} 条已记录的答复，{len(found.answers)} 条改变，{len(found.unread)} 条不能再读。 "
        f"{found.asked} recorded answers asked again: {len(found.answers)} change, {len(found.unread)} can not be read.",
        file=stderr(),
    )


def _said(verdict: Verdict) -> str:
    return f"{verdict.outcome} {verdict.court or ' / '.join(sorted(c for _, c in verdict.possible))}".strip()


def _field(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise typer.BadParameter(f"{text!r}", param_hint="FIELD=VALUE")
    return name.strip(), value


def _operator() -> Person:
    return operator(getpass.getuser())


def _print_edited(edited: Edited) -> None:
    changes = [f"+{c.added} ~{c.changed} -{c.closed}" for c in (edited.rows, edited.amendments)]
    print(
        f"{edited.version}: 第 {edited.edition} 次修改 edit {edited.edition}（指定 rows {changes[0]}；修正 amendments {changes[1]}）"
    )


@app.command()
def log(as_json: Json = False) -> None:
    """Show the public log of versions: what each changed, from when, by which instrument."""

    async def work(opened: Opened) -> list[VersionChange]:
        async with opened.database.read() as session:
            return await list_changes(session)

    found = with_registry(work)
    if as_json:
        print_json({"items": [change_to_dict(c) for c in found]})
        return
    for c in found:
        v = c.version
        print(f"{v.id}（{v.state}，自 {v.validity.valid_from}）{v.title.zh}  {'；'.join(c.instruments)}")
        for d in c.differences:
            print(f"  {d.text.zh}\n  {d.text.en}")


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
