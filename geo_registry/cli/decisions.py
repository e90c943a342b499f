"""`geo-registry decisions`: the journal of recorded answers."""

from datetime import datetime, time, timedelta
from typing import Annotated

import typer

from geo_registry.actions.ask import SHANGHAI
from geo_registry.actions.replay_decision import Replay, replay_decision, verify_decisions
from geo_registry.cli.output import print_json, print_table, stderr
from geo_registry.cli.session import Opened, with_registry
from geo_registry.db.decisions import Recorded, get_decision, list_decisions
from geo_registry.errors import BadDay
from geo_registry.zones.validity import parse_day

app = typer.Typer(no_args_is_help=True, help="答复记录。The journal of recorded answers.")
Id = Annotated[str, typer.Argument(metavar="ID", help="Id of a recorded answer.")]
KnownOn = Annotated[
    str | None, typer.Option("--known-on", help="Decide from what was known at the end of this day.")
]


@app.command("list")
def list_(
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many, newest first.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """List recorded answers, newest first."""

    async def work(opened: Opened) -> list[Recorded]:
        async with opened.database.read() as session:
            return await list_decisions(session, limit=limit)

    found = with_registry(work)
    if as_json:
        print_json(
            [{"id": r.id, "outcome": r.outcome, "court": r.court_code, "actor": r.actor} for r in found]
        )
    else:
        rows = [
            (
                r.id,
                r.asked_at.astimezone(SHANGHAI).isoformat(" ", "seconds"),
                r.outcome,
                r.court_code,
                r.actor,
            )
            for r in found
        ]
        print_table(("编号 Id", "时间 Time", "结论 Outcome", "法院 Court", "谁 Who"), rows)


@app.command()
def show(id: Id) -> None:
    """Print a recorded answer, byte for byte."""

    async def work(opened: Opened) -> Recorded:
        async with opened.database.read() as session:
            return await get_decision(session, id)

    print_json(with_registry(work).answer)


@app.command()
def replay(id: Id, known_on: KnownOn = None) -> None:
    """Decide a recorded case again from what was known then, print it, and say whether it is the same.

    Exit 1 when it is not.
    """
    instant = None if known_on is None else _end_of(known_on)

    async def work(opened: Opened) -> Replay:
        return await replay_decision(id, opened.snapshots, opened.database, known_at=instant)

    made = with_registry(work)
    print_json(made.answer.to_json())
    if made.same:
        print("与记录逐字节相同 The same bytes as recorded.", file=stderr())
        return
    print(f"与记录不同 Differs from the record in: {', '.join(made.differences)}", file=stderr())
    raise typer.Exit(0 if known_on else 1)


@app.command()
def verify() -> None:
    """Replay the whole journal; exit 1 when any answer would be another."""

    async def work(opened: Opened) -> tuple[int, int]:
        seen = different = 0
        async for made in verify_decisions(opened.snapshots, opened.database):
            seen += 1
            if not made.same:
                different += 1
                print(f"{made.recorded.id}: {', '.join(made.differences)}")
        return seen, different

    seen, different = with_registry(work)
    print(f"{seen} 条已重放，{different} 条不同。{seen} replayed, {different} different.", file=stderr())
    raise typer.Exit(1 if different else 0)


def _end_of(day: str) -> datetime:
    """Return the end of a day in the province."""
    try:
        return datetime.combine(parse_day(day) + timedelta(days=1), time(), SHANGHAI)
    except OverflowError:
        raise BadDay(text=day) from None
