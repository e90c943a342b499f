"""Drafts: copied from the law, edited by somebody for a reason, and not the law."""

import numpy as np
import pytest
import shapely
from shapely import Geometry, Polygon
from sqlalchemy import text

from geo_registry.access import ANYONE
from geo_registry.actions.edit_draft import edit_draft, start_draft
from geo_registry.actions.publish_zones import check_zones, publish_zones
from geo_registry.db.engine import Database
from geo_registry.db.queries.snapshot import read_snapshot
from geo_registry.db.queries.zones import list_authors, list_edits, read_content
from geo_registry.errors import (
    BadChoice,
    BadEdit,
    DesignationNotFound,
    DraftChanged,
    LogInNeeded,
    NotADraft,
    RuleBroken,
    VersionExists,
    ZoneChecksFailed,
    ZoneVersionNotFound,
)
from geo_registry.geo.measure import area_m2
from geo_registry.routing.jurisdiction import Jurisdiction
from geo_registry.routing.level import CaseReading
from geo_registry.routing.model import State
from geo_registry.routing.snapshot import Snapshot
from geo_registry.terms import Level, Status, Territory
from geo_registry.zones.draft import (
    AddRow,
    Amend,
    Amendment,
    Edit,
    Noun,
    RemoveRow,
    Restore,
    SetRow,
    row_values,
)
from tests.support import DAY, run
from tests.zone_drafts import BASE, DRAFT, DRAFTER, FIRST, MOVE, NONGAN, draft, moved

CASE = CaseReading(None, Level.BASIC, (), ())


async def law_of(database: Database, version: str | None) -> Snapshot:
    async with database.read() as session:
        return await read_snapshot(session, on=FIRST, version_id=version)


def court_of(held: Snapshot, adcode: str) -> str | None:
    law = held.jurisdiction
    assert isinstance(law, Jurisdiction)
    return law.candidates_at(State(adcode), CASE, Territory.UNKNOWN)[0].key[1]


def test_a_copy_says_what_its_base_says_and_passes(fresh_url: str) -> None:
    async def work(database: Database) -> None:
        edited = await draft(database)
        assert edited.rows.added == 71
        async with database.read() as session:
            base, copy = await read_content(session, BASE), await read_content(session, DRAFT)
        assert [row_values(d) for d in base.designations] == [row_values(d) for d in copy.designations]
        assert not [f for f in await check_zones(database, DRAFT) if f.blocks]
        before, after = await law_of(database, None), await law_of(database, DRAFT)
        assert [court_of(before, a) for a in before.locator.units.keys] == [
            court_of(after, a) for a in after.locator.units.keys
        ]

    run(fresh_url, work)


def test_a_moved_county_has_its_new_court_and_city_in_the_draft_alone(fresh_url: str) -> None:
    async def work(database: Database) -> None:
        edited = await moved(database)
        assert (edited.edition, edited.rows.changed, edited.amendments.added) == (2, 1, 1)
        before, after = await law_of(database, None), await law_of(database, DRAFT)
        assert (court_of(before, NONGAN), court_of(after, NONGAN)) == ("cctl", "jltl")
        law = after.jurisdiction
        assert law is not None
        assert law.full_name(NONGAN) == "吉林市农安县"
        assert before.units[NONGAN].parent_adcode == "220100"
        async with database.read() as session:
            now = await read_snapshot(session, on=DAY)
        assert now.data_version == before.data_version, "a draft is in no answer"

    run(fresh_url, work)


def test_every_edit_is_kept_with_who_and_why(fresh_url: str) -> None:
    async def work(database: Database) -> None:
        await moved(database)
        async with database.read() as session:
            edits = await list_edits(session, DRAFT)
            assert await list_authors(session, DRAFT) == {"registrar-a"}
            lines = await session.execute(
                text("select actor, detail from audit_log where action = 'zones.edit'")
            )
            assert [(actor, detail["why"]) for actor, detail in lines] == [("registrar-a", "县改属吉林市")]
        assert [(e.number, e.by, e.why, e.base_id) for e in edits] == [
            (1, "registrar-a", "拟调整管辖", BASE),
            (2, "registrar-a", "县改属吉林市", None),
        ]
        assert [w["edit"] for w in edits[1].what["edits"]] == ["SetRow", "Amend"]
        with pytest.raises(RuleBroken, match="append-only"):
            async with database.write() as session:
                await session.execute(text("delete from zone_edits"))

    run(fresh_url, work)


def test_what_was_edited_stays_known_and_can_be_taken_back(fresh_url: str) -> None:
    async def work(database: Database) -> None:
        await moved(database)
        await edit_draft(
            database, DRAFT, [SetRow(NONGAN, {"court_code": "cctl", "article": "二"}), Restore(Noun.UNIT, NONGAN)],
            person=DRAFTER, why="撤回",
        )  # fmt: skip
        async with database.read() as session:
            assert (await read_content(session, DRAFT)).amendments == ()
            rows = await session.execute(
                text("select court_code from designation_history where id = :id order by known"),
                {"id": f"{DRAFT}/{NONGAN}"},
            )
        assert list(rows.scalars()) == ["cctl", "jltl", "cctl"]
        again = await edit_draft(
            database, DRAFT, [SetRow(NONGAN, {"article": "二"})], person=DRAFTER, why="同上"
        )
        assert (again.edition, again.rows.any) == (3, False), "an edit that changes nothing is none"

    run(fresh_url, work)


def test_rows_come_and_go_and_new_courts_and_districts_are_drawn(fresh_url: str) -> None:
    new_court = Amendment(
        Noun.COURT,
        "xsfy",
        {"name": "测试法院", "level": "basic", "role": "ten"},
        None,
        Status.INFERRED,
        ("ANN",),
        "2027",
    )

    async def work(database: Database) -> None:
        await draft(database)
        async with database.read() as session:
            values = row_values((await read_content(session, DRAFT)).row(NONGAN))
        await edit_draft(database, DRAFT, [RemoveRow(NONGAN)], person=DRAFTER, why="试删")
        assert {f.code for f in await check_zones(database, DRAFT) if f.blocks} == {"gap", "outline-gap"}
        edits: list[Edit] = [Amend(new_court), AddRow(NONGAN, {**values, "court_code": "xsfy"})]
        await edit_draft(database, DRAFT, edits, person=DRAFTER, why="新设法院")
        assert not [f for f in await check_zones(database, DRAFT) if f.blocks]
        assert court_of(await law_of(database, DRAFT), NONGAN) == "xsfy"
        assert "xsfy" not in (await law_of(database, None)).courts

    run(fresh_url, work)


def test_what_cannot_be_edited_is_said(fresh_url: str) -> None:
    async def work(database: Database) -> None:
        await draft(database)

        async def edit(
            *edits: Edit, version: str = DRAFT, why: str = "试", expected: int | None = None
        ) -> None:
            await edit_draft(database, version, edits, person=DRAFTER, why=why, expected=expected)

        with pytest.raises(NotADraft, match="is published, and only a draft"):
            await edit(MOVE[0], version=BASE)
        with pytest.raises(ZoneVersionNotFound):
            await edit(MOVE[0], version="nowhere")
        with pytest.raises(DraftChanged, match="at edit 1, and 7 was given"):
            await edit(MOVE[0], expected=7)
        with pytest.raises(BadEdit, match="no reason"):
            await edit(MOVE[0], why=" ")
        with pytest.raises(DesignationNotFound, match="'220999'"):
            await edit(SetRow("220999", {"article": "一"}))
        with pytest.raises(BadChoice, match="status cannot be 'sure'"):
            await edit(SetRow(NONGAN, {"status": "sure"}))
        with pytest.raises(BadChoice, match="field cannot be 'id'"):
            await edit(SetRow(NONGAN, {"id": "x"}))
        with pytest.raises(BadEdit, match="it lacks sources"):
            await edit(SetRow(NONGAN, {"sources": " "}))
        with pytest.raises(BadEdit, match="has a designation already"):
            await edit(AddRow(NONGAN, {}))
        with pytest.raises(BadEdit, match="a new court needs its name"):
            await edit(Amend(Amendment(Noun.COURT, "zz", {}, None, Status.CONFIRMED, ("ANN",), "2027")))
        with pytest.raises(RuleBroken, match="not held"):
            await edit(SetRow(NONGAN, {"sources": "NOWHERE"}))
        with pytest.raises(RuleBroken, match="not held"):
            await edit(SetRow(NONGAN, {"court_code": "nobody"}))
        async with database.read() as session:
            assert len(await list_edits(session, DRAFT)) == 1, "none of them left a trace"
        with pytest.raises(VersionExists):
            await draft(database)
        with pytest.raises(NotADraft):
            await start_draft(database, "x", base=DRAFT, valid_from=FIRST, person=DRAFTER, why="试")
        with pytest.raises(LogInNeeded):
            await start_draft(database, "x", base=BASE, valid_from=FIRST, person=ANYONE, why="试")

    run(fresh_url, work)


def test_a_draft_that_shares_a_day_with_the_law_is_not_published(fresh_url: str) -> None:
    async def work(database: Database) -> None:
        await moved(database)
        with pytest.raises(RuleBroken, match="share a day"):
            await publish_zones(database, DRAFT, actor="registrar-b")

    run(fresh_url, work)


@pytest.mark.parametrize(("size", "code"), [(1.0, "sliver-overlap"), (-1.0, "sliver-gap")])
def test_a_sliver_of_a_square_metre_keeps_a_draft_from_being_published(
    fresh_url: str, size: float, code: str
) -> None:
    async def work(database: Database) -> None:
        await draft(database)
        async with database.read() as session:
            units = (await read_snapshot(session, on=DAY)).units
        province = next(u.geometry for u in units.values() if u.level == "province")
        drawn = with_sliver(units[NONGAN].geometry, province, size)
        expected = area_m2(shapely.symmetric_difference(drawn, units[NONGAN].geometry))
        assert expected == pytest.approx(1.0, rel=0.1)
        amendment = Amendment(Noun.UNIT, NONGAN, {}, drawn, Status.CONFIRMED, ("ANN",), "2027")
        await edit_draft(database, DRAFT, [Amend(amendment)], person=DRAFTER, why="重绘县界")
        (finding,) = [f for f in await check_zones(database, DRAFT) if f.code == code]
        assert finding.blocks
        assert finding.is_sliver
        assert finding.area_m2 == pytest.approx(expected, rel=1e-3)
        assert "农安县" in finding.text.zh
        assert f"({finding.lon:.7f}, {finding.lat:.7f})" in finding.text.en
        with pytest.raises(ZoneChecksFailed, match="m²"):
            await publish_zones(database, DRAFT, actor="registrar-b")

    run(fresh_url, work)


def with_sliver(shape: Geometry | None, province: Geometry | None, size_m2: float) -> Geometry:
    """Return a polygon whose line, where about 0.002 degrees of it are straight, is pulled out (in, below 0) by some m²."""
    assert shape is not None
    assert province is not None
    parts = list(shapely.get_parts(shape))
    outer = max(parts, key=lambda part: part.area)
    ring = np.asarray(outer.exterior.normalize().coords)
    middles = (ring[:-1] + ring[1:]) / 2
    lengths = np.hypot(*(ring[1:] - ring[:-1]).T)
    lengths[shapely.distance(province.boundary, shapely.points(middles)) < 0.01] = np.inf
    i = int(np.abs(lengths - 0.002).argmin())
    a, b, normal = ring[i], ring[i + 1], np.array([-1.0, 1.0]) * (ring[i + 1] - ring[i])[::-1]
    tip = middles[i] + 1e-4 * normal
    if shapely.contains(shape, shapely.Point(tip)) == (size_m2 > 0):
        normal = -normal
    step = 1e-4 * abs(size_m2) / area_m2(Polygon([a, middles[i] + 1e-4 * normal, b]).normalize())
    made = Polygon(
        np.insert(ring, i + 1, middles[i] + step * normal, axis=0), [r.coords for r in outer.interiors]
    )
    return shapely.MultiPolygon([made, *(part for part in parts if part is not outer)])
