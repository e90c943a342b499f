"""What is known since when: layers re-loaded, rows corrected, answers of the past made again."""

import asyncio
import csv
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from sqlalchemy import text

from geo_registry.actions.ask import Asked, parse_query
from geo_registry.actions.draft_zones import draft_zones
from geo_registry.actions.load_layers import load_layers, remove_sample
from geo_registry.actions.publish_zones import check_zones, publish_zones
from geo_registry.actions.replay_decision import replay_decision, verify_decisions
from geo_registry.actions.route_case import record_case, route_case
from geo_registry.actions.snapshots import Snapshots
from geo_registry.catalogue import Catalogue, get_catalogue, packaged_layers
from geo_registry.db.engine import Database
from geo_registry.db.queries.snapshot import read_snapshot
from geo_registry.db.queries.zones import list_zones
from geo_registry.errors import (
    AlreadyPublished,
    DecisionNotFound,
    NothingKnownThen,
    NothingLoaded,
    RuleBroken,
    ZoneChecksFailed,
    ZoneVersionNotFound,
)
from geo_registry.routing.level import CaseReading
from geo_registry.routing.model import State
from geo_registry.routing.places import signature
from geo_registry.routing.snapshot import Snapshot
from geo_registry.terms import Level, Territory
from geo_registry.zones.build import dissolve
from tests.places import NONGAN, YINGAN
from tests.support import DAY, run, snapshot_of

ROWS, HEAD = "court_zones/2022-09-26/designations.csv", "court_zones/2022-09-26/version.toml"
CASE = CaseReading(None, Level.BASIC, (), ())


def query(point: tuple[float, float], **words: Any) -> Any:
    return parse_query([Asked(numbers=point)], on=DAY.isoformat(), **words)


def answers_of(snapshot: Snapshot) -> dict[str, object]:
    law = snapshot.jurisdiction
    assert law is not None
    return {
        adcode: (signature(law.candidates_at(State(adcode), CASE, Territory.UNKNOWN)), _statuses(law, adcode))
        for adcode in snapshot.locator.units.keys
    }


def _statuses(law: Any, adcode: str) -> list[object]:
    return [
        (c.status, c.designation.id if c.designation else None)
        for c in law.candidates_at(State(adcode), CASE, Territory.UNKNOWN)
    ]


async def execute(database: Database, *statements: str) -> None:
    async with database.write() as session:
        for sql in statements:
            await session.execute(text(sql))


def test_loading_again_changes_nothing(fresh_url: str) -> None:
    async def work(database: Database) -> None:
        assert await load_layers(database, get_catalogue(), actor="test") == []
        await execute(
            database,
            "insert into audit_log (at, actor, action, subject, changes_answers, detail) select clock_timestamp(), 'x', "
            "'layer.load', subject, false, '{}' from audit_log where action = 'layer.load'",
        )
        loaded = await load_layers(database, get_catalogue(), actor="test")
        assert len(loaded) == 15
        assert [item for item in loaded if item.changes.any] == []
        (drafted,) = await draft_zones(database, get_catalogue(), actor="test")
        assert (drafted.state, drafted.changes.any) == ("published", False)

    before = snapshot_of(fresh_url)
    run(fresh_url, work)
    after = snapshot_of(fresh_url)
    assert (before.revision, before.data_version) == (after.revision, after.data_version)


def edited(folder: Path, file: str, edit: Callable[[str], str]) -> Catalogue:
    """Return a copy of the packaged catalogue with one file edited."""
    copy = folder / f"layers-{len(list(folder.iterdir()))}"
    copytree(packaged_layers(), copy)
    path = copy / file
    path.write_text(edit(path.read_text(encoding="utf-8")), encoding="utf-8")
    return get_catalogue(copy)


def without(start: str) -> Callable[[str], str]:
    return lambda text: "".join(line for line in text.splitlines(keepends=True) if not line.startswith(start))


def test_only_layers_whose_files_changed_are_read(fresh_url: str, tmp_path: Path) -> None:
    """A machine without the package of county lines can load everything else."""
    catalogue = edited(tmp_path, "counts/data.csv", lambda s: s.replace(",1557,", ",1558,"))
    before = snapshot_of(fresh_url)

    async def work(database: Database) -> None:
        (loaded,) = await load_layers(database, catalogue, actor="test")
        assert (loaded.layer, loaded.changes.changed) == ("counts", 1)

    run(fresh_url, work)
    assert snapshot_of(fresh_url).revision > before.revision


def test_a_row_can_move_from_one_layer_to_another(fresh_url: str, tmp_path: Path) -> None:
    related = packaged_layers() / "related_places/data.csv"
    line = next(s for s in related.read_text(encoding="utf-8").splitlines() if s.startswith("liaoheyuan,"))
    catalogue = edited(tmp_path, "related_places/data.csv", without("liaoheyuan,"))
    sites = catalogue.folder / "sites/data.csv"
    sites.write_text(sites.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")

    async def work(database: Database) -> None:
        moved = {item.layer: item.changes for item in await load_layers(database, catalogue, actor="test")}
        assert (moved["sites"].added, moved["related_places"].closed) == (1, 1)

    run(fresh_url, work)
    assert [s.id for s in snapshot_of(fresh_url).sites].count("liaoheyuan") == 1


def test_ground_on_which_the_law_does_not_hold_is_refused(fresh_url: str, tmp_path: Path) -> None:
    catalogue = edited(tmp_path, "counties/units.csv", without("220122,"))
    before = snapshot_of(fresh_url)

    async def work(database: Database) -> None:
        with pytest.raises(ZoneChecksFailed, match="220122"):
            await load_layers(database, catalogue, actor="test")
        assert (await route_case(query(NONGAN), Snapshots(database))).outcome == "clear"

    run(fresh_url, work)
    after = snapshot_of(fresh_url)
    assert (after.revision, after.data_version) == (before.revision, before.data_version)


def next_version(folder: Path) -> Catalogue:
    """Return the packaged catalogue with a second version, of 2030, drawn like the first."""
    catalogue = edited(folder, "counts/data.csv", lambda s: s)
    first = catalogue.folder / "court_zones/2022-09-26"
    second = catalogue.folder / "court_zones/2030-01-01"
    copytree(first, second)
    for path in second.iterdir():
        path.write_text(
            path.read_text(encoding="utf-8").replace("2022-09-26/", "2030-01-01/"), encoding="utf-8"
        )
    head = (first / "version.toml").read_text(encoding="utf-8")
    head = head.replace('id = "2022-09-26"', 'id = "2030-01-01"').replace("= 2022-09-26", "= 2030-01-01")
    (second / "version.toml").write_text(head, encoding="utf-8")
    return catalogue


def test_a_draft_changes_no_answer_and_no_replay(fresh_url: str, tmp_path: Path) -> None:
    catalogue = next_version(tmp_path)

    async def work(database: Database) -> None:
        snapshots = Snapshots(database)
        before = await record_case(query(NONGAN), snapshots, database, actor="test")
        drafted = await draft_zones(database, catalogue, actor="test")
        assert {d.version: d.state for d in drafted} == {"2022-09-26": "published", "2030-01-01": "draft"}
        again = await route_case(query(NONGAN), Snapshots(database))
        assert again.digest == before.digest
        assert (await replay_decision(before.id or "", Snapshots(database), database)).same
        with pytest.raises(RuleBroken, match="share a day"):
            await publish_zones(database, "2030-01-01", actor="test")  # the first has no last day yet

    run(fresh_url, work)


def test_a_snapshot_is_of_one_state_even_if_the_registry_changes_while_it_is_read(
    fresh_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work(database: Database) -> None:
        changed: list[object] = []

        async def meddled(session: Any, **words: Any) -> Snapshot:
            if not changed:
                changed.append(await load_layers(database, get_catalogue(), actor="test", sample=True))
            return await read_snapshot(session, **words)

        monkeypatch.setattr("geo_registry.actions.snapshots.read_snapshot", meddled)
        snapshots = Snapshots(database)
        held = await snapshots.get(DAY)
        assert changed
        assert sum(site.sample for site in held.sites) == 4
        assert await snapshots.get(DAY) is held

    run(fresh_url, work)


def test_a_clock_set_back_does_not_turn_history_round(fresh_url: str) -> None:
    async def work(database: Database) -> None:
        await execute(
            database,
            "insert into audit_log (at, actor, action, subject, changes_answers, detail) "
            "values (now() + interval '1 hour', 'x', 'y', '', false, '{}')",
        )
        await load_layers(database, get_catalogue(), actor="test", sample=True)
        async with database.read() as session:
            found = await session.execute(
                text(
                    "select bool_and(lower(known) > now() + interval '59 minutes') from site_history where sample"
                )
            )
            assert found.scalar_one()
        assert sum(s.sample for s in (await Snapshots(database).get(DAY)).sites) == 4

    run(fresh_url, work)


def test_before_anything_was_known_there_is_no_answer(fresh_url: str) -> None:
    async def work(database: Database) -> None:
        snapshots = Snapshots(database)
        answer = await record_case(query(NONGAN), snapshots, database, actor="test")
        with pytest.raises(NothingKnownThen, match="held nothing yet at 2001-01-01"):
            await replay_decision(
                answer.id or "", snapshots, database, known_at=datetime(2001, 1, 1, tzinfo=UTC)
            )

    run(fresh_url, work)


@pytest.mark.parametrize("point", [(-0.0, 44.0), (125.1, 44.40000000000001), (1e-7, 1e-7)])
def test_numbers_are_replayed_to_the_last_digit(fresh_url: str, point: tuple[float, float]) -> None:
    async def work(database: Database) -> None:
        snapshots = Snapshots(database)
        answer = await record_case(query(point), snapshots, database, actor="test")
        assert (await replay_decision(answer.id or "", snapshots, database)).same

    run(fresh_url, work)


def test_equal_data_have_equal_versions_on_two_machines(fresh_url: str, loaded_url: str) -> None:
    assert snapshot_of(fresh_url).data_version == snapshot_of(loaded_url).data_version


@pytest.mark.parametrize(
    ("id", "touched"),
    [
        ("2022-09-26/220122", {"220122"}),
        ("2022-09-26/222404", {"222404"}),
        ("2022-09-26/hunchun", {"222404"}),
        ("2022-09-26/220702", {"220702"}),
    ],
)
@pytest.mark.parametrize("change", ["delete", "change"])
def test_one_designation_row_changes_exactly_the_answers_that_rest_on_it(
    fresh_url: str, id: str, touched: set[str], change: str
) -> None:
    before = snapshot_of(fresh_url)

    async def work(database: Database) -> None:
        copy = (
            "insert into designation_history (id, version_id, territory, adcode, district, court_code, kinds, instrument, "
            "article, gist_zh, gist_en, status, sources, as_of, layer, digest, known) "
            "select id, version_id, territory, adcode, district, 'thtl', kinds, instrument, article, gist_zh, gist_en, "
            "'inferred', sources, as_of, layer, digest || 'x', tstzrange(now(), null) "
            f"from designation_history where id = '{id}' and current"
        )
        close = f"update designation_history set known = tstzrange(lower(known), now()) where id = '{id}' and current"
        if change == "delete":
            await execute(database, close)
        else:
            changed = copy.replace(" and current", " and upper(known) = now()")
            await execute(database, close, changed)

    run(fresh_url, work)
    was, now = answers_of(before), answers_of(snapshot_of(fresh_url))
    assert {adcode for adcode in was if was[adcode] != now[adcode]} == touched


def test_a_recorded_answer_is_made_again_byte_for_byte(fresh_url: str) -> None:
    async def work(database: Database) -> None:
        snapshots = Snapshots(database)
        for point, words in ((NONGAN, {}), (YINGAN, {"kind": "criminal"}), (NONGAN, {"kind": "damages"})):
            answer = await record_case(query(point, **words), snapshots, database, actor="test")
            made = await replay_decision(answer.id or "", snapshots, database)
            assert made.same
            assert made.recorded.answer.encode() == made.answer.to_json().encode()
            assert made.recorded.digest == answer.digest == answer.sealed().digest
        assert [r.same async for r in verify_decisions(snapshots, database)] == [True] * 3
        with pytest.raises(DecisionNotFound):
            await replay_decision("nope", snapshots, database)

    run(fresh_url, work)


def test_after_a_correction_the_past_answer_stays_and_the_new_one_differs(fresh_url: str) -> None:
    """A court is named where none was: the answer recorded before is still made again as it was."""

    async def work(database: Database) -> None:
        snapshots = Snapshots(database)
        songyuan = (124.82769, 45.12902)
        before = await record_case(query(songyuan), snapshots, database, actor="test")
        assert before.outcome == "unresolved"
        columns = "code, level, role, superior_code, superior_status, valid, sources, as_of, layer, digest"
        await execute(
            database,
            "update court_history set known = tstzrange(lower(known), now()) where code = 'sy_unknown' and current",
            f"insert into court_history (name, status, known, {columns}) select '某法院', 'confirmed', tstzrange(now(), null), "
            f"{columns} from court_history where code = 'sy_unknown' and upper(known) = now()",
            "update designation_history set known = tstzrange(lower(known), now()) where court_code = 'sy_unknown' and current",
            "insert into designation_history (id, version_id, territory, adcode, court_code, instrument, article, gist_zh, "
            "gist_en, status, sources, as_of, layer, digest, known) select id, version_id, territory, adcode, court_code, "
            "instrument, '七', gist_zh, gist_en, 'confirmed', sources, as_of, layer, digest || 'x', tstzrange(now(), null) "
            "from designation_history where court_code = 'sy_unknown' and upper(known) = now()",
            "insert into audit_log (at, actor, action, subject, changes_answers, detail) values (now(), 'x', 'correct', '', true, '{}')",
        )
        after = await route_case(query(songyuan), snapshots)
        assert (after.outcome, after.court.name if after.court else None) == ("clear", "某法院")
        made = await replay_decision(before.id or "", snapshots, database)
        assert made.same
        known_now = await replay_decision(
            before.id or "", snapshots, database, known_at=datetime.now(UTC) + timedelta(seconds=1)
        )
        assert known_now.answer.outcome == "clear"
        assert set(known_now.differences) >= {"outcome", "court", "explanation", "digest"}
        assert (await route_case(query(NONGAN), snapshots)).outcome == "clear"

    run(fresh_url, work)


def test_a_running_reader_sees_a_change_at_its_next_question(fresh_url: str) -> None:
    async def work(database: Database) -> None:
        snapshots = Snapshots(database)
        first = await snapshots.get(DAY)
        assert await snapshots.get(DAY) is first
        assert await snapshots.get(DAY - timedelta(days=30)) is first  # no rule begins or ends between
        assert await snapshots.get(DAY.replace(year=2020)) is not first
        await load_layers(database, get_catalogue(), actor="test", sample=True)
        second = await snapshots.get(DAY)
        assert second is not first
        assert sum(site.sample for site in second.sites) == 4

    run(fresh_url, work)


def test_sample_sites_are_flagged_and_gone_by_one_call(fresh_url: str) -> None:
    async def work(database: Database) -> None:
        snapshots = Snapshots(database)
        await load_layers(database, get_catalogue(), actor="test", sample=True)
        near = await route_case(query((125.2, 44.45)), snapshots)
        (site,) = [s for s in near.nearby.restoration_bases if s.sample]
        assert (site.precision, site.status) == ("point", "unresolved")
        assert "sample-data" in {w.code for w in near.warnings}
        assert await remove_sample(database, actor="test") == 4
        again = await route_case(query((125.2, 44.45)), snapshots)
        assert not [s for s in again.nearby.restoration_bases if s.sample]
        assert await remove_sample(database, actor="test") == 0
        (anew,) = await load_layers(database, get_catalogue(), actor="test", sample=True)
        assert (anew.layer, anew.changes.added) == ("sample_sites", 4)

    run(fresh_url, work)


def test_concurrent_questions_share_one_reading(fresh_url: str) -> None:
    async def work(database: Database) -> None:
        snapshots = Snapshots(database)
        held = await asyncio.gather(*(snapshots.get(DAY) for _ in range(10)))
        assert len({id(s) for s in held}) == 1

    run(fresh_url, work)


def test_an_empty_registry_says_what_to_run(empty_url: str) -> None:
    async def work(database: Database) -> None:
        with pytest.raises(NothingLoaded, match="geo-registry layers load"):
            await route_case(query(NONGAN), Snapshots(database))
        with pytest.raises(NothingLoaded, match="geo-registry layers load"):
            await draft_zones(database, get_catalogue(), actor="test")

    run(empty_url, work)


def test_a_draft_with_a_gap_is_not_published(empty_url: str, tmp_path: Path) -> None:
    catalogue = edited(tmp_path, ROWS, without("2022-09-26/220122,"))

    async def work(database: Database) -> None:
        await load_layers(database, catalogue, actor="test")
        await draft_zones(database, catalogue, actor="test")
        findings = await check_zones(database, "2022-09-26")
        assert {f.code for f in findings if f.blocks} == {"gap", "outline-gap"}
        with pytest.raises(ZoneChecksFailed, match=r"农安县 \(220122\) has no designation: a gap of \d+ m²"):
            await publish_zones(database, "2022-09-26", actor="test")
        assert (await Snapshots(database).get(DAY)).jurisdiction is None

    run(empty_url, work)


def test_a_published_version_is_not_overwritten_from_a_file(fresh_url: str, tmp_path: Path) -> None:
    changed = (
        edited(tmp_path, ROWS, lambda s: s.replace(",220122,,cctl,", ",220122,,jltl,")),
        edited(tmp_path, HEAD, lambda s: s + "valid_to = 2029-01-01\n"),
    )

    async def work(database: Database) -> None:
        for catalogue in changed:
            with pytest.raises(AlreadyPublished):
                await draft_zones(database, catalogue, actor="test")
        with pytest.raises(AlreadyPublished):
            await publish_zones(database, "2022-09-26", actor="test")
        with pytest.raises(ZoneVersionNotFound):
            await publish_zones(database, "1999-01-01", actor="test")
        assert not [f for f in await check_zones(database, "2022-09-26") if f.blocks]

    run(fresh_url, work)


def test_zones_are_kept_whole_and_equal_their_counties(loaded_url: str, snapshot: Snapshot) -> None:
    async def work(database: Database) -> Any:
        async with database.read() as session:
            return await list_zones(session, "2022-09-26")

    zones = run(loaded_url, work)
    ordinary = [z for z in zones if z.territory is Territory.ORDINARY]
    assert len(ordinary) == 9
    for zone in ordinary:
        members = [snapshot.units[id.split("/")[1]].geometry for id in zone.designation_ids]
        assert zone.geometry.equals_exact(dissolve(members), 0)
    province = snapshot.units["220000"].geometry
    assert sum(z.area_m2 or 0 for z in ordinary) == pytest.approx(1.9e11, rel=0.02)
    assert province is not None
    forest = [z for z in zones if z.territory is Territory.FOREST]
    assert {z.geometry for z in forest} == {None}
    assert replace(ordinary[0], geometry=None).version_id == "2022-09-26"


def test_a_forest_district_gets_its_polygon_by_loading_a_file(fresh_url: str, tmp_path: Path) -> None:
    """From asking about 珲春 to deciding by position: a file and a load, no change of code."""
    copy = tmp_path / "layers"
    copytree(packaged_layers(), copy)
    folder = copy / "forest_districts"
    rows = list(csv.DictReader((folder / "data.csv").read_text(encoding="utf-8").splitlines()))
    box = {
        "type": "Polygon",
        "coordinates": [
            [[130.28, 42.88], [130.31, 42.88], [130.31, 42.90], [130.28, 42.90], [130.28, 42.88]]
        ],
    }
    features = [
        {"type": "Feature", "properties": row, "geometry": box if row["code"] == "hunchun" else None}
        for row in rows
    ]
    (folder / "data.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8"
    )
    manifest = folder / "layer.toml"
    manifest.write_text(
        manifest.read_text(encoding="utf-8").replace("data.csv", "data.geojson"), encoding="utf-8"
    )

    async def work(database: Database) -> None:
        snapshots = Snapshots(database)
        assert (await route_case(query(YINGAN), snapshots)).outcome == "needs_fact"
        await load_layers(database, get_catalogue(copy), actor="test")
        async with database.read() as session:
            (zone,) = [z for z in await list_zones(session, "2022-09-26") if z.court_code == "hclq"]
        assert zone.geometry is not None
        assert zone.geometry.bounds == (130.28, 42.88, 130.31, 42.90)
        inside = await route_case(query(YINGAN), snapshots)
        assert (inside.outcome, inside.court.code if inside.court else None) == ("clear", "hclq")
        beside = await route_case(query((130.33, 42.89)), snapshots)
        assert (beside.outcome, beside.court.code if beside.court else None) == ("clear", "ybtl")
        assert beside.boundary is not None
        assert beside.boundary.court_across is not None
        assert beside.boundary.court_across.code == "hclq"
        on_edge = await route_case(query((130.31, 42.89)), snapshots)
        assert (on_edge.outcome, on_edge.court) == ("near_boundary", None)
        elsewhere = await route_case(query((129.76334, 43.31077)), snapshots)  # 汪清, whose district has none
        assert elsewhere.outcome == "needs_fact"

    run(fresh_url, work)
