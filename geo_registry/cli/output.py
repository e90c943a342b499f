"""How answers look on a terminal. stdout carries the answer, stderr the rest."""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

from rich.console import Console
from rich.table import Table

from geo_registry.routing.answer import Answer, CandidateRef, OptionRef, ReadingRef
from geo_registry.terms import Text

_LONGEST_LABEL = 24


def stderr() -> TextIO:
    """Return the stream for everything that is not the answer."""
    return sys.stderr


def console() -> Console:
    """Return the console of stdout; plain and wide where it is no terminal, so that nothing is cut."""
    return Console(highlight=False, soft_wrap=False, width=None if sys.stdout.isatty() else 160)


def print_json(value: Any) -> None:
    """Print one JSON document on one line."""
    print(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str))


def print_table(
    headings: Sequence[str], rows: Iterable[Sequence[object]], *, title: str | None = None
) -> None:
    """Print rows under headings."""
    table = Table(*headings, title=title, title_justify="left", header_style="bold")
    for row in rows:
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    console().print(table)


def print_pairs(rows: Iterable[tuple[str, object]]) -> None:
    """Print labelled values; those that are empty are left out."""
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True, style="bold")
    table.add_column(overflow="fold")
    for label, value in rows:
        if value not in (None, "", ()):
            table.add_row(label, str(value))
    console().print(table)


def both(text: Text) -> str:
    """Return a label in both languages."""
    return f"{text.zh} {text.en}"


def print_answer(answer: Answer) -> None:
    """Print a routing answer: how the place was read first, then the outcome, the court and why."""
    rows: list[tuple[str, object]] = [("读作 Reading", "\n".join(_reading(r) for r in answer.readings))]
    rows.append(("结论 Outcome", both(answer.outcome.label)))
    rows.append(("法院 Court", answer.court.name if answer.court else "—"))
    rows.append(("", answer.explanation.zh))
    rows.append(("", answer.explanation.en))
    if answer.question:
        rows.append(("须查明 To find out", f"{answer.question.zh} {answer.question.en}"))
        rows += [
            (f"  {o.value}", f"{o.zh} {o.en} → {_courts(o.candidates)}") for o in answer.question.options
        ]
    rows += [
        ("候选 Candidate", _candidate(c))
        for c in answer.candidates
        if not answer.court or c.court != answer.court
    ]
    if answer.designation:
        d = answer.designation
        rows.append(
            ("依据 By", f"{d.instrument}{f' 第{d.article}项' if d.article else ''} [{d.confidence.label.zh}]")
        )
        rows.append(("来源 Source", d.source))
    if answer.referral:
        rows += [("指定管辖 Referral", answer.referral.zh), ("", answer.referral.en)]
    rows.append(("县区 County", "、".join(f"{c.city or ''}{c.name} {c.adcode}" for c in answer.counties)))
    rows.append(
        ("流域 Basin", "、".join(f"{b.name}{'（近分水线）' if b.near_divide else ''}" for b in answer.basins))
    )
    if answer.boundary:
        kind = "省界 province line" if answer.boundary.kind == "province" else "法院界线 line between courts"
        rows.append(("界线 Line", f"{answer.boundary.distance_m:.1f} m，{kind}"))
    rows += [("提示 Warning", f"{w.zh}\n{w.en} [{w.code}]") for w in answer.warnings]
    rows.append(("版本 Version", answer.zone_version.id if answer.zone_version else None))
    rows.append(("编号 Id", answer.id))
    print_pairs(rows)


def _reading(reading: ReadingRef) -> str:
    role = f"〔{both(reading.role.label)}〕" if reading.role else ""
    how = f"{reading.notation.value}, {reading.datum}, {reading.crs}, ±{reading.accuracy_m:.5g} m"
    if reading.name:
        how = f"{both(reading.precision.label)}, ±{reading.accuracy_m / 1000:g} km"
    why = (
        f"\n  {reading.why.zh} {reading.why.en}"
        if reading.why and reading.notation.value != "degrees"
        else ""
    )
    others = "".join(f"\n  或读作 or: {_short(r)}" for r in reading.alternatives)
    return f"{_where(reading)}{role}（{how}）{why}{others}"


def _where(reading: ReadingRef) -> str:
    """Return the name, the position to a centimetre, or what kind of shape it is."""
    if reading.name or reading.lon is None or reading.lat is None:
        return reading.name or both(reading.precision.label)
    return f"{round(reading.lon, 7)}, {round(reading.lat, 7)}"


def _short(reading: ReadingRef) -> str:
    return f"{_where(reading)}（{both(reading.why)}）" if reading.why else _where(reading)


def _court(court: Any) -> str:
    return court.name if court else "—"


def _label(option: OptionRef) -> str:
    return f"  {option.value}" if len(option.value) <= _LONGEST_LABEL else "  ·"


def _courts(candidates: Sequence[CandidateRef]) -> str:
    return " / ".join(dict.fromkeys(c.court.name if c.court else "待核实 unresolved" for c in candidates))


def _candidate(c: CandidateRef) -> str:
    condition = f"，若{c.condition.zh} / if {c.condition.en}" if c.condition else ""
    share = f"，{c.share.fraction:.1%}" if c.share else ""
    return f"{_court(c.court)}（{both(c.territory.label)}，{both(c.status.label)}）{share}{condition}"
