"""What a pop-up says, as HTML in which every value is escaped: names come from files and people."""

from collections.abc import Iterable, Sequence
from html import escape

from geo_registry.records import AdminUnit, Court, Site
from geo_registry.routing.answer import Answer
from geo_registry.routing.model import Candidate
from geo_registry.terms import Status, Text


def lines(title: str, rows: Iterable[tuple[str, str]]) -> str:
    """Return a titled list of labelled values; empty values are left out."""
    body = "".join(f"<dt>{escape(label)}</dt><dd>{escape(value)}</dd>" for label, value in rows if value)
    return f"<b>{escape(title)}</b><dl>{body}</dl>"


def county(unit: AdminUnit, city: str, candidates: Sequence[Candidate]) -> str:
    """Return the pop-up of a county: its court, or what is open."""
    rows = [("市州 City", city)]
    for c in candidates:
        name = c.court.name if c.court and c.court.name else "待核实 · not confirmed by any source"
        condition = f"（{c.condition.zh} · if {c.condition.en}）" if c.condition else ""
        rows.append(("法院 Court", f"{name}{condition}"))
        rows.append(("把握 Confidence", both(c.status.label)))
        if c.designation:
            article = f"第{c.designation.article}项" if c.designation.article else ""
            rows.append(("依据 By", f"{c.designation.instrument}{article}"))
    return lines(f"{unit.name} {unit.adcode}", rows)


def court(found: Court, seat: str) -> str:
    """Return the pop-up of a court, whose seat is known to the county only."""
    rows = [
        ("级别 Level", both(found.level.label)),
        ("所在 Seat", f"{seat}（仅知县区 · known to the county only）" if seat else ""),
        ("机制成员 Membership", both(found.membership.label)),
        ("别称 Also", found.other_name or ""),
    ]
    return lines(found.name or "名称待核实 · not named by any source", rows)


def site(found: Site, kind: Text, where: str) -> str:
    """Return the pop-up of a site; sample data says so first."""
    rows = [
        ("示例 Sample", "示例数据，非事实 · sample data, not a fact" if found.sample else ""),
        ("种类 Kind", both(kind)),
        ("设立 By", found.operator),
        ("地点 Place", where),
        ("精度 Precision", both(found.precision.label)),
        ("时间 Date", found.established),
        ("把握 Confidence", both(found.status.label)),
        ("说明 Note", f"{found.note.zh} {found.note.en}".strip()),
    ]
    return lines(found.name, rows)


def answer(label: str, found: Answer) -> str:
    """Return the pop-up of a place that was routed."""
    rows = [
        ("结论 Outcome", both(found.outcome.label)),
        ("法院 Court", found.court.name if found.court else "—"),
        ("说明", found.explanation.zh),
        ("In English", found.explanation.en),
    ]
    return lines(label, rows)


def both(text: Text) -> str:
    """Return a label in both languages."""
    return f"{text.zh} · {text.en}"


def hedge(status: Status) -> str:
    """Return the mark put behind a name that is not confirmed."""
    return "" if status is Status.CONFIRMED else f"（{status.label.zh} · {status.label.en}）"
