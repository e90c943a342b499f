"""The panel of a map: what the colours mean, what is listed beside what was counted, and what is uncertain."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from geo_registry.maps.describe import hedge
from geo_registry.maps.style import GREY, PALE, WHITE, leaflet_style, pattern_css, patterns
from geo_registry.routing.explain import cite
from geo_registry.routing.profiles import compare_registers
from geo_registry.terms import Territory, weaker

if TYPE_CHECKING:
    from geo_registry.maps.web_map import MapContent

CSS = """
html, body { margin: 0; height: 100%; font: 14px/1.45 "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", sans-serif; }
.leaflet-container { background: #f3f5f7; font: inherit; }
.leaflet-popup-content { max-height: 50vh; overflow: auto; }
.leaflet-popup-content dl { margin: .3em 0 0; } .leaflet-popup-content dt { color: #555; font-size: 12px; } .leaflet-popup-content dd { margin: 0 0 .3em; }
.court { width: 22px; height: 22px; margin: -12px 0 0 -12px; border: 1.5px dashed #222; border-radius: 50%; background: #fff; text-align: center; line-height: 21px; }
.place { min-width: 22px; height: 22px; margin: -12px 0 0 -12px; border: 2px solid #fff; border-radius: 12px; background: #1a1a1a; color: #fff; text-align: center; line-height: 22px; font-weight: 700; box-shadow: 0 1px 4px #0008; }
.place.clear { background: #1b5e20; } .place.needs_fact, .place.near_boundary { background: #8a4b00; } .place.unresolved, .place.no_version { background: #5f5f5f; } .place.outside { background: #7a1f1f; }
.panel { position: fixed; z-index: 1000; left: 10px; bottom: 52px; width: min(340px, calc(100vw - 20px)); max-height: 62vh; overflow: auto; background: #fffffff2; border-radius: 8px; box-shadow: 0 1px 6px #0005; }
.panel summary { padding: 8px 12px; font-weight: 700; cursor: pointer; } .panel .body { padding: 0 12px 10px; }
.panel ul { list-style: none; margin: .3em 0; padding: 0; } .panel li { display: flex; gap: 8px; align-items: baseline; margin: 2px 0; }
.panel .swatch { flex: 0 0 18px; height: 12px; border: 1px solid #555; } .panel h2 { font-size: 13px; margin: .8em 0 .2em; } .panel p { margin: .4em 0; font-size: 12px; color: #333; }
.panel table { border-collapse: collapse; width: 100%; font-size: 12px; } .panel td { padding: 1px 4px 1px 0; vertical-align: top; } .panel td.n { text-align: right; white-space: nowrap; }
svg.patterns { position: absolute; }
@media print { .panel { max-height: none; } .leaflet-control-zoom { display: none; } }
"""


def render(content: MapContent) -> str:
    """Return the panel's HTML; every value from data is escaped."""
    version = content.snapshot.jurisdiction.version.title if content.snapshot.jurisdiction else None
    title = f"{version.zh}" if version else "无适用版本 · no version applies"
    parts = [
        patterns(content.styles["court_zones"], content.snapshot.courts),
        '<details class="panel" open><summary>吉林省环境资源案件管辖 · Which court hears it</summary><div class="body">',
        f"<p>{escape(title)}；{content.on}。点击县区看法院和依据。<br>Click a county for its court and why.</p>",
        _courts(content) if "zones" in content.layers else "",
        _places(content),
        _sites(content) if "sites" in content.layers else "",
        _uncertain(),
        _sources(content),
        "</div></details>",
        "<script>if (window.innerWidth < 700) { document.querySelector('.panel').open = false; }</script>",
    ]
    return "".join(parts)


def _courts(content: MapContent) -> str:
    law, style = content.snapshot.jurisdiction, content.styles["court_zones"]
    if law is None:
        return ""
    rows: dict[str, str] = {}
    for row in (d for d in law.designations if d.territory is Territory.ORDINARY):
        court = law.courts.get(row.court_code)
        if court is None or court.name is None:
            label = "待核实：未见来源，不给出法院 · not confirmed by any source"
            rows["~"] = _swatch(pattern_css(GREY, PALE), label)
        elif court.code not in rows:
            inferred = hedge(weaker(row.status, court.membership))
            rows[court.code] = _swatch(leaflet_style(style, court.code)["fillColor"], court.name + inferred)
    open_label = (
        "彩色斜纹：设有林区法院，须先查明是否林区 · striped: a forest court sits there, find out first"
    )
    rows["~~"] = _swatch(pattern_css("#0072b2", WHITE), open_label)
    listed = "".join(rows[code] for code in sorted(rows, key=lambda code: (code[0] == "~", code)))
    return (
        f"<ul>{listed}</ul><p>林区法院辖区没有公布的界线，不在图上。 "
        "Forest-court districts have no public limits and are not drawn.</p>"
    )


def _swatch(background: str, label: str) -> str:
    return f'<li><span class="swatch" style="background:{escape(background)}"></span><span>{escape(label)}</span></li>'


def _places(content: MapContent) -> str:
    rows = "".join(
        f"<tr><td>{n}</td><td>{escape(label)}</td><td>{escape(answer.outcome.label.zh)}</td>"
        f"<td>{escape(answer.court.name if answer.court else '—')}</td></tr>"
        for n, (label, answer) in enumerate(content.places, start=1)
    )
    return f"<h2>查询地点 Places asked</h2><table>{rows}</table>" if rows else ""


def _sites(content: MapContent) -> str:
    """Set what is listed beside what was counted: two different things, never added up."""
    held = content.snapshot
    rows = [
        f"<tr><td>{escape(line.count.label.zh)}</td><td class=n>已知 {line.located}</td>"
        f"<td class=n>公布 {escape(line.count.value)}（{escape(line.count.as_of)}）</td></tr>"
        for line in compare_registers(held)
    ]
    sample = (
        "<p><b>图上含示例数据，并非事实。 Sample data is shown; it is not fact.</b></p>"
        if any(s.sample for s in held.sites)
        else ""
    )
    return (
        "<h2>登记地点：已知与公布 Sites: listed and counted</h2>"
        f"<table>{''.join(rows)}</table><p>虚线圈表示只知乡镇或县区。公布数字来自来源原文，未必包含所列地点。 "
        f"A dashed circle is known to a town or county only. The counts are quoted; those listed need not be among them.</p>{sample}"
    )


def _uncertain() -> str:
    return (
        "<p>界线数据中位误差约 75 米，流域为推算近似；不作勘界、法律或工程依据。 "
        "County lines are off by about 75 m (median), basins are approximate; not for demarcation.</p>"
    )


def _sources(content: MapContent) -> str:
    held = content.snapshot
    keys = ("ANN", "PRESS", "CNMAPS", "GSHHG", "ITUR", "GEONAMES")
    cited = cite([held.sources[k] for k in keys if k in held.sources])
    number = (
        f"审图号：{content.approval_number}"
        if content.approval_number
        else "内部工作图，无审图号 · working map without an approval number"
    )
    return f"<p>来源 Sources：{escape(cited)}</p><p>{escape(number)}</p>"
