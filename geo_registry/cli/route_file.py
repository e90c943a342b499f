"""`geo-registry route-file`: the rows of a file, each with its answer."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geo_registry.actions.ask import parse_statement
from geo_registry.cli.output import print_json, stderr
from geo_registry.cli.route import Crs, Kind, Level, On, Territory, parse_accuracy
from geo_registry.cli.session import Opened, with_registry

if TYPE_CHECKING:  # pyarrow and numba are loaded when a file is routed, not for every command
    from geo_registry.actions.route_file import Report

In = Annotated[Path, typer.Argument(metavar="IN", help="CSV, TSV, XLSX, GeoJSON, GeoJSONSeq, GeoPackage or (Geo)Parquet, by its ending.")]  # fmt: skip
Out = Annotated[Path, typer.Argument(metavar="OUT", help="Any of these, by its ending; written whole or not at all.")]  # fmt: skip


def route_file(
    path: In,
    out: Out,
    lon: Annotated[str | None, typer.Option("--lon", metavar="COLUMN", help="Column of longitudes, or of eastings.")] = None,
    lat: Annotated[str | None, typer.Option("--lat", metavar="COLUMN", help="Column of latitudes, or of northings.")] = None,
    place: Annotated[str | None, typer.Option("--place", metavar="COLUMN", help="Column of places in any written form, names or addresses.")] = None,
    crs: Crs = None,
    accuracy_m: Annotated[str | None, typer.Option("--accuracy-m", help="Radius in metres within which each place lies.")] = None,
    accuracy_column: Annotated[str | None, typer.Option("--accuracy-column", metavar="COLUMN", help="Column of such radii.")] = None,
    kind: Kind = None,
    level: Level = None,
    territory: Territory = None,
    on: On = None,
    sheet: Annotated[str | None, typer.Option("--sheet", help="Sheet of a workbook, where it has several.")] = None,
    layer: Annotated[str | None, typer.Option("--layer", help="Layer of a GeoPackage, where it has several.")] = None,
    encoding: Annotated[str | None, typer.Option("--encoding", help="Of delimited text; UTF-8 and GB18030 are told apart by themselves.")] = None,
    bom: Annotated[bool, typer.Option("--bom", help="Begin CSV with a byte order mark, as Excel likes it.")] = False,
    lang: Annotated[str, typer.Option("--lang", help="Language of the reasons, zh or en.")] = "zh",
    workers: Annotated[int, typer.Option("--workers", help="Processes to use on this machine.")] = 1,
    scheduler: Annotated[str | None, typer.Option("--scheduler", metavar="URL", help="Dask scheduler whose workers do it, such as tcp://host:8786; the files lie on a path all of them see.")] = None,
    part_rows: Annotated[int, typer.Option("--part-rows", help="Rows worked on and kept at a time.")] = 65_536,
    resume: Annotated[bool, typer.Option("--resume", help="Continue a run that was ended.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print what it came to as JSON.")] = False,
) -> None:  # fmt: skip
    """Say for each row of a file which court hears it: the same rows out, in order, with the answer's columns."""
    from geo_registry.actions import route_file as action
    from geo_registry.cli.progress import shown
    from geo_registry.exchange.columns import Named
    from geo_registry.exchange.sources import Opening

    request = action.FileRequest(
        path, out, parse_statement(kind=kind, level=level, territory=territory, on=on),
        Named(lon, lat, place, accuracy_column), Opening(encoding, sheet, layer, part_rows), crs,
        None if accuracy_m is None else parse_accuracy(accuracy_m), lang, bom, workers, scheduler, resume,
    )  # fmt: skip
    request.check()

    async def work(opened: Opened) -> "Report":
        with shown() as tell:
            return await action.route_file(request, opened.snapshots, tell=tell)

    report = with_registry(work)
    _tell(report)
    if as_json:
        print_json({
            "rows": report.rows, "seconds": round(report.seconds, 3), "outcomes": report.outcomes,
            "refused": report.refused, "kept_rows": report.kept_rows, "columns": report.answer_columns,
        })  # fmt: skip
    if report.refused:
        sys.exit(1)


def _tell(report: "Report") -> None:
    """Print what a run came to, on stderr: rows, speed, outcomes, and the first rows refused."""
    fresh = report.rows - report.kept_rows
    lines = [
        f"{report.rows:,} 行 rows，{report.seconds:.1f} s，{fresh / max(report.seconds, 1e-9):,.0f} 行/秒 rows/s"
    ]
    if report.kept_rows:
        lines.append(f"其中 {report.kept_rows:,} 行在上次运行中已完成 were done by an earlier run")
    lines += [f"  {outcome}  {n:,}" for outcome, n in sorted(report.outcomes.items(), key=lambda o: -o[1])]
    if report.is_prefixed:
        lines.append(
            f"输入中已有同名列，答案各列加前缀：{report.answer_columns[0]} …\n"
            f"A column of the input has the same name, so the answer's are called {report.answer_columns[0]} …"
        )
    if report.refused:
        lines.append(
            f"{report.refused:,} 行读不出，列 {report.answer_columns[-3]} 写明原因 rows refused, such as:"
        )
        lines += [f"  {reason}" for reason in report.reasons]
    print("\n".join(lines), file=stderr())
