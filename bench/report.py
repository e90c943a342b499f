"""Results to tables: ``python -m bench.report`` fills docs/performance.md from out/bench/*.json.

Each table stands between ``<!-- bench:NAME -->`` and ``<!-- /bench:NAME -->``; what no result file is
there for stays as it is.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.rounds import OUT

PAGE = Path(__file__).parent.parent / "docs/performance.md"
Result = Mapping[str, Any]
Target = tuple[str, str, float, bool]  # what, wanted, measured, met
_OURS = "ours-2"


def main() -> None:
    """Fill the page."""
    results = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(OUT.glob("*.json"))}
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8"), results), encoding="utf-8")


def filled(page: str, results: Mapping[str, Result]) -> str:
    """Return the page with the tables of the results put between their marks."""
    for name, section in SECTIONS.items():
        if name in results:
            page = _between(page, name, section(results[name]))
    met = [target for name, judge in TARGETS.items() if name in results for target in judge(results[name])]
    return _between(page, "targets", [*_targets(met)]) if met else page


def _between(page: str, name: str, lines: Iterable[str]) -> str:
    body = "\n".join(lines)
    pattern = rf"(<!-- bench:{name} -->\n).*?(<!-- /bench:{name} -->)"
    made, found = re.subn(pattern, lambda m: f"{m[1]}{body}\n{m[2]}", page, flags=re.DOTALL)
    if found != 1:
        raise ValueError(f"the page has {found} places for the table '{name}', not one")
    return made


def _about(result: Result, rest: str) -> str:
    m = result["machine"]
    return (
        f"Measured {m['day']} on {m['cores']} × {m['cpu']}, {m['memory_gb']} GB, {m['system']}, Python {m['python']}; "
        f"others used {m['busy_percent']} % of the processors. {rest}\n"
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield "|---|" + "--:|" * (len(head) - 1)
    for row in rows:
        yield f"| {' | '.join(row)} |"


def locator(result: Result) -> Iterator[str]:
    """Make the table of methods: both kinds of points, and what each gets wrong."""
    runs, wrong = {r["kind"]: r for r in result["runs"]}, {w["kind"]: w for w in result["wrong"]}
    first, second = runs["uniform"], runs["clustered"]
    yield _about(
        result,
        f"{first['points']:,} points, {first['polygons']} counties of {first['vertices']:,} vertices, medians of {first['rounds']} "
        f"rounds (least–most). Our index was made in {first['index_s']:.2f} s and holds {first['index_mb']:.0f} MB.",
    )
    head = ["method", "uniform, ms", "× ours", "clustered, ms", "× ours"]
    head += [f"wrong of {w['points']:,} {kind}" for kind, w in wrong.items()]
    yield from _table(head, _methods(first, second, wrong))


def _methods(first: Result, second: Result, wrong: Mapping[str, Result]) -> Iterator[list[str]]:
    for one, two in zip(first["methods"], second["methods"], strict=True):
        counts = [f"{w['wrong'][one['name']]:,}" for w in wrong.values()]
        yield [one["title"], _ms(one), _times(one), _ms(two), _times(two), *counts]


def growth(result: Result) -> Iterator[str]:
    """Make two tables: more polygons under the same points, more points over the same polygons."""
    runs, wrong = result["runs"], {w["coverage"]: w for w in result["wrong"] if w["kind"] == "adversarial"}
    over_counties = [r for r in runs if r["polygons"] == runs[0]["polygons"]]
    n = next(r["points"] for r in runs if r["polygons"] != runs[0]["polygons"])
    over_others = [r for r in runs if r["points"] == n]
    names = [m["name"] for m in runs[0]["methods"]]
    yield _about(
        result,
        f"Milliseconds, medians of {runs[0]['rounds']} rounds; in brackets how many times ours with two threads.",
    )
    yield f"{n:,} uniform points over more polygons:\n"
    head = ["polygons", "vertices", "index made in, s", "index, MB", *names]
    yield from _table(
        head,
        ([r["coverage"], f"{r['vertices']:,}", f"{r['index_s']:.1f}", f"{r['index_mb']:.0f}", *map(_both, r["methods"])]
         for r in over_others),
    )  # fmt: skip
    yield "\nOf those, wrong on adversarial points:\n"
    yield from _table(
        ["polygons", "points", *names],
        ([name, f"{w['points']:,}", *(f"{w['wrong'][x]:,}" for x in names)] for name, w in wrong.items()),
    )
    yield "\nMore points over the 60 counties:\n"
    yield from _table(
        ["points", *names], ([f"{r['points']:,}", *map(_both, r["methods"])] for r in over_counties)
    )


def http(result: Result) -> Iterator[str]:
    """Make the table of servers."""
    yield _about(
        result,
        f"`wrk` with {result['connections']} connections on the same machine, {result['rounds']} rounds of {result['seconds']} s "
        "for each server in turn, the same points inside the province.",
    )
    rows = (
        [r["title"], f"{r['per_second']:,.0f} ({r['least']:,.0f}–{r['most']:,.0f})", f"{r['ratio']:.1f}",
         f"{r['p50_ms']:.1f}", f"{r['p99_ms']:.1f}", f"{r['failed']:,}"]
        for r in result["runs"]
    )  # fmt: skip
    yield from _table(["server", "requests/s", "ours is × faster", "p50, ms", "p99, ms", "failed"], rows)


_WAYS = {"one": "one process", "two": "two processes", "dask": "Dask, two workers"}


def files(result: Result) -> Iterator[str]:
    """Make the table of whole files, and say from how many rows on more processes pay."""
    yield (
        f"CSV in, CSV out with every answer column, on the machine named above; Python {result['python']}, medians of runs that "
        "alternate. Seconds of the file, in brackets how many times pandas reading and writing it, and the largest MB of any process.\n"
    )
    rows = (
        [
            f"{m['rows']:,}",
            f"{m['pandas_s']:.2f}",
            *(_way(m[way]) for way in _WAYS),
            "yes" if m["same"] else "**no**",
        ]
        for m in result["measured"]
    )
    yield from _table(["rows", "pandas, s", *_WAYS.values(), "all outputs equal"], rows)
    for way in ("two", "dask"):
        at = result[f"crossover_{way}"]
        when = f"from {at:,} rows on" if at else "at no size measured"
        yield f"\nThe whole command is quicker with {_WAYS[way]} than with one process {when}."


def _way(figures: Result) -> str:
    return f"{figures['file_s']:.1f} ({figures['ratio']:.1f}), {figures['largest_mb']:,.0f} MB"


def _ms(method: Result) -> str:
    if method["once"]:
        return f"{method['median_ms']:,.0f} (one call)"
    digits = 1 if method["median_ms"] < 100 else 0
    return f"{method['median_ms']:,.{digits}f} ({method['least_ms']:,.{digits}f}–{method['most_ms']:,.{digits}f})"


def _times(method: Result) -> str:
    return f"{method['ratio']:,.{1 if method['ratio'] < 10 else 0}f}"


def _both(method: Result) -> str:
    return f"{method['median_ms']:,.{1 if method['median_ms'] < 100 else 0}f} ({_times(method)})"


def _targets(met: Iterable[Target]) -> Iterator[str]:
    rows = (
        [what, wanted, f"{measured:,.1f}", "yes" if ok else "**no**"] for what, wanted, measured, ok in met
    )
    return _table(["target", "wanted", "measured", "met"], rows)


def _at_least(what: str, wanted: float, measured: float) -> Target:
    return what, f"≥ {wanted:g}", measured, measured >= wanted


def _at_most(what: str, wanted: float, measured: float) -> Target:
    return what, f"≤ {wanted:g}", measured, measured <= wanted


def of_locator(result: Result) -> Iterator[Target]:
    """Judge the locator's ratios; on clustered points half of what is wanted on uniform ones."""
    wanted = {"geopandas": 100.0, "sedonadb-tg": 40.0, "loop": 20.0}
    for run in result["runs"]:
        ratios = {m["name"]: m["ratio"] for m in run["methods"]}
        for name, least in wanted.items():
            share = 1.0 if run["kind"] == "uniform" else 0.5
            yield _at_least(f"{run['points']:,} {run['kind']} points: × {name}", least * share, ratios[name])
    for run in result["wrong"]:
        wrong = float(run["wrong"][_OURS])
        yield f"{run['points']:,} {run['kind']} points: wrong", "0", wrong, wrong == 0


def of_growth(result: Result) -> Iterator[Target]:
    """Judge how the locator holds up under many polygons."""
    same = [r for r in result["runs"] if r["points"] == result["runs"][-1]["points"]]
    ours = {r["polygons"]: next(m["median_ms"] for m in r["methods"] if m["name"] == _OURS) for r in same}
    few = same[0]["polygons"]
    yield _at_most(f"6,000 polygons: × the time of {few}", 4, ours[6_000] / ours[few])
    best = min((m for m in same[-1]["methods"] if not m["name"].startswith("ours")), key=lambda m: m["ratio"])
    yield _at_least(f"{same[-1]['coverage']}: × the best peer ({best['name']})", 20, best["ratio"])


def of_http(result: Result) -> Iterator[Target]:
    """Judge requests a second and the slowest of a hundred."""
    rows = {r["name"]: r for r in result["runs"]}
    yield _at_least("`GET /route`: × FastAPI with one PostGIS query", 3, rows["court-app"]["ratio"])
    yield _at_least("`GET /route`: × represent-boundaries", 10, rows["represent"]["ratio"])
    yield _at_most("`GET /route`: p99 in p50", 5, rows["ours"]["p99_ms"] / rows["ours"]["p50_ms"])


def of_files(result: Result) -> Iterator[Target]:
    """Judge whole files by pandas, by their memory and by their being the same whoever made them."""
    for m in result["measured"]:
        if m["rows"] >= 1_000_000:
            yield _at_most(
                f"{m['rows']:,} rows, one process: × pandas reading and writing", 6, m["one"]["ratio"]
            )
            largest = max(m[way]["largest_mb"] for way in _WAYS)
            yield _at_most(f"{m['rows']:,} rows: MB of the largest process", 1000, largest)
        unlike = 0.0 if m["same"] else 1.0
        yield f"{m['rows']:,} rows: outputs that differ", "0", unlike, m["same"]


SECTIONS: Mapping[str, Callable[[Result], Iterator[str]]] = {
    "locator": locator, "growth": growth, "http": http, "files": files,
}  # fmt: skip
TARGETS: Mapping[str, Callable[[Result], Iterator[Target]]] = {
    "locator": of_locator, "growth": of_growth, "http": of_http, "files": of_files,
}  # fmt: skip


if __name__ == "__main__":
    main()
