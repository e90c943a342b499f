"""The map file: everything inside, nothing from outside, every value escaped, and it opens."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from geo_registry.actions.ask import Asked, parse_query
from geo_registry.actions.build_map import build_map
from geo_registry.actions.route_case import answer_from, now
from geo_registry.actions.snapshots import Snapshots
from geo_registry.catalogue import get_catalogue
from geo_registry.db.engine import Database
from geo_registry.errors import AssetsMissing, BadChoice, UnwritableFile
from geo_registry.maps import assets, describe
from geo_registry.maps.generalise import generalise_coverage
from geo_registry.maps.web_map import MapContent, render_map
from geo_registry.routing.snapshot import Snapshot
from geo_registry.terms import Text
from tests.places import NONGAN, SONGYUAN, YINGAN
from tests.support import DAY, run

EVIL = "<img src=x onerror=alert(1)>'\"`${1}</script>{{7*7}}{% raw %}{% endraw %}{{ 7*7 }}"


@pytest.fixture(scope="module")
def html(snapshot: Snapshot, loaded_url: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("map") / "map.html"
    places = [
        (name, answer_from(snapshot, parse_query([Asked(numbers=at)], on=DAY.isoformat()), asked_at=now()))
        for name, at in (("农安县城", NONGAN), ("英安镇", YINGAN), ("松原市", SONGYUAN))
    ]

    async def work(database: Database) -> int:
        return await build_map(
            out,
            on=DAY,
            snapshots=Snapshots(database),
            database=database,
            catalogue=get_catalogue(),
            places=places,
        )

    assert run(loaded_url, work) == out.stat().st_size
    return out


def test_no_foreign_host_and_no_large_file(html: Path) -> None:
    text = html.read_text(encoding="utf-8")
    hosts = set(re.findall(r"(?:https?:)?//[a-zA-Z0-9.-]+\.[a-z]{2,}", text))
    assert hosts == {"http://www.w3.org"}  # the name of a namespace, never asked
    assert not re.search(r"<(script|link|img|iframe)[^>]+(src|href)=[\"'](?!data:)", text)
    assert not re.search(r"url\((?!data:|#)[^)]", text)
    assert len(text.encode()) < 3_000_000


def test_what_the_panel_says(html: Path) -> None:
    text = html.read_text(encoding="utf-8")
    for words in (
        "长春铁路运输法院",
        "待核实：未见来源",
        "林区法院辖区没有公布的界线",
        "公布 26（2023-12-28）",
        "无审图号",
        "农安县城",
    ):
        assert words in text
    assert "sy_unknown" not in re.sub(r'"zone": ?"\w+"|hatch-\w+', "", text)


@pytest.mark.parametrize(("width", "height"), [(360, 740), (1440, 900)])
def test_it_opens_with_the_cable_out(
    html: Path, browser: Browser, width: int, height: int, tmp_path: Path
) -> None:
    page = browser.new_context(offline=True, viewport={"width": width, "height": height}).new_page()
    asked: list[str] = []
    faults: list[str] = []
    page.on("request", lambda r: asked.append(r.url))
    page.on("pageerror", lambda e: faults.append(str(e)))
    page.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
    page.goto(html.as_uri())
    page.wait_for_selector("path.leaflet-interactive")
    assert [url for url in asked if not url.startswith("data:")] == [html.as_uri()]
    assert faults == []
    assert page.locator("path.leaflet-interactive").count() >= 60
    assert page.locator(".place").count() == 3
    if width > 1000:
        page.locator(".place").first.evaluate("e => e.click()")
        page.wait_for_selector(".leaflet-popup-content")
        assert "长春铁路运输法院" in page.locator(".leaflet-popup-content").inner_text()
    page.screenshot(path=str(tmp_path / f"map-{width}.png"))
    page.close()


def content(snapshot: Snapshot) -> MapContent:
    styles = {id: layer.style() for id, layer in get_catalogue().layers.items()}
    return MapContent(snapshot, DAY, [], {}, styles)


def test_names_from_data_are_inert(snapshot: Snapshot, browser: Browser, tmp_path: Path) -> None:
    units = {a: replace(u, name=EVIL) if a == "220122" else u for a, u in snapshot.units.items()}
    sites = tuple(replace(s, name=EVIL, operator=EVIL, note=Text(EVIL, EVIL)) for s in snapshot.sites)
    agreements = tuple(replace(a, name=EVIL) for a in snapshot.agreements)
    law = snapshot.jurisdiction
    assert law is not None
    courts = {c: replace(court, name=EVIL) if c == "cctl" else court for c, court in snapshot.courts.items()}
    poisoned = replace(
        snapshot, units=units, sites=sites, agreements=agreements, courts=courts,
        jurisdiction=replace(law, units=units, courts=courts),
    )  # fmt: skip
    place = answer_from(poisoned, parse_query([Asked(numbers=NONGAN)], on=DAY.isoformat()), asked_at=now())
    out = tmp_path / "evil.html"
    out.write_text(render_map(replace(content(poisoned), places=[(EVIL, place)])), encoding="utf-8")
    page = browser.new_page()
    alerts: list[str] = []
    faults: list[str] = []
    page.on("dialog", lambda d: alerts.append(d.message))
    page.on("pageerror", lambda e: faults.append(str(e)))
    page.goto(out.as_uri())
    page.wait_for_selector(".place")
    for marker in (".court", ".place"):
        page.locator(marker).first.evaluate("e => e.click()")
        page.wait_for_selector(".leaflet-popup-content")
        page.wait_for_timeout(400)
    assert alerts == []
    assert faults == []
    assert page.locator("img[src='x']").count() == 0
    said = page.locator(".leaflet-popup-content").last.inner_text()
    assert "{{7*7}}{% raw %}{% endraw %}{{ 7*7 }}" in said.replace("\u200b", "")
    page.close()


def test_popups_escape_and_leave_out_what_is_empty() -> None:
    assert (
        describe.lines("<b>", [("a", "<i>"), ("b", "")])
        == "<b>&lt;b&gt;</b><dl><dt>a</dt><dd>&lt;i&gt;</dd></dl>"
    )


def test_generalising_keeps_neighbours_together(snapshot: Snapshot) -> None:
    import shapely

    units = snapshot.locator.units
    simple = generalise_coverage(dict(zip(units.keys, units.polygons, strict=True)))
    assert shapely.coverage_is_valid(list(simple.values()))
    assert shapely.is_valid(list(simple.values())).all()
    before, after = (shapely.get_num_coordinates(list(p)).sum() for p in (units.polygons, simple.values()))
    assert after < before / 5


def test_a_day_without_a_version_has_a_map_too(snapshot: Snapshot) -> None:
    text = render_map(content(replace(snapshot, jurisdiction=None)))
    assert "无适用版本" in text


def test_bad_layers_files_and_missing_assets(
    loaded_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def draw(database: Database, out: Path, layers: list[str]) -> int:
        return await build_map(
            out,
            on=DAY,
            snapshots=Snapshots(database),
            database=database,
            catalogue=get_catalogue(),
            layers=layers,
        )

    with pytest.raises(BadChoice, match="layers cannot be 'roads'"):
        run(loaded_url, lambda db: draw(db, tmp_path / "x.html", ["roads"]))
    with pytest.raises(UnwritableFile):
        run(loaded_url, lambda db: draw(db, tmp_path / "no/such/folder.html", ["zones"]))
    monkeypatch.setattr(assets, "VENDOR", tmp_path)
    with pytest.raises(AssetsMissing, match="Run script/setup"):
        run(loaded_url, lambda db: draw(db, tmp_path / "x.html", ["zones"]))
