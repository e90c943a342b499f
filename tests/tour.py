"""The demonstration: routes the places of `places.py`, prints them, and writes a map with them on it."""

import sys
from pathlib import Path

from geo_registry.actions.ask import Asked, parse_query, today
from geo_registry.actions.build_map import build_map
from geo_registry.actions.route_case import route_case
from geo_registry.catalogue import get_catalogue
from geo_registry.cli.output import print_table
from geo_registry.cli.session import Opened, with_registry
from geo_registry.routing.answer import Answer
from tests.places import PLACES, Place


async def ask(place: Place, opened: Opened) -> Answer:
    """Return the answer to a place of the table."""
    asked = dict(place.asked)
    accuracy = asked.pop("accuracy_m", None)
    places = [Asked(numbers=point, accuracy_m=accuracy) for point in place.points]
    return await route_case(parse_query(places, **asked), opened.snapshots)


def main(out: Path) -> int:
    """Route, print, draw; return how many answers were not the ones expected."""

    async def work(opened: Opened) -> tuple[list[Answer], int]:
        answers = [await ask(place, opened) for place in PLACES]
        first = {p.points: (p.name, a) for p, a in reversed(list(zip(PLACES, answers, strict=True)))}
        shown = [first[points] for points in dict.fromkeys(p.points for p in PLACES) if len(points) == 1]
        size = await build_map(
            out,
            on=today(),
            snapshots=opened.snapshots,
            database=opened.database,
            catalogue=get_catalogue(opened.settings.layers),
            places=shown,
        )
        return answers, size

    answers, size = with_registry(work)
    rows, wrong = [], 0
    for place, answer in zip(PLACES, answers, strict=True):
        court = answer.court.name if answer.court else None
        wrong += (answer.outcome, court) != (place.outcome, place.court)
        possible = " / ".join(dict.fromkeys(c.court.name if c.court else "待核实" for c in answer.candidates))
        at = "; ".join(f"{lon},{lat}" for lon, lat in place.points)
        rows.append(
            (
                place.name,
                at,
                f"{answer.outcome.label.zh} {answer.outcome}",
                court or "—",
                possible if not court or answer.outcome != "clear" else "",
            )
        )
    print_table(
        ("地点 Place", "经度,纬度 lon,lat", "结论 Outcome", "法院 Court", "可能 Possible"),
        rows,
        title=f"{today()}",
    )
    print(f"地图 map: {out}（{size / 1e6:.1f} MB，断网可开 opens offline）")
    return wrong


if __name__ == "__main__":
    sys.exit(min(main(Path(sys.argv[1])), 1))
