"""Route many points at once: each is read, decided by its class, and refused by itself where it cannot be read."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from geo_registry.errors import InvalidInput
from geo_registry.exchange.point_bodies import Points
from geo_registry.geo.reading.numbers import read_many_numbers, read_numbers
from geo_registry.routing.many import Decided, PointDecider
from geo_registry.routing.model import Candidate, Decision
from geo_registry.routing.row import refused_row, row_of
from geo_registry.routing.snapshot import Snapshot

if TYPE_CHECKING:  # Arrow is loaded when a body needs it
    from geo_registry.exchange.answers import Answers

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Routed:
    """The answers to a run of points.

    Attributes
    ----------
    at
        The places in the run of the points that were read.
    decided
        Their answers.
    lons, lats
        Shape (n,): where each point of the run was read to lie, degrees, EPSG:4326; NaN where it was not.
    faults
        Why the others were not read, by their place in the run.
    """

    first: int
    at: NDArray[np.intp]
    decided: Decided
    lons: Floats
    lats: Floats
    faults: dict[int, InvalidInput]


def route_points(
    points: Points,
    decider: PointDecider,
    *,
    crs: str | None,
    accuracy_m: float | None,
    only_outcomes: bool = False,
    threads: int = 1,
) -> Routed:
    """Return the answers to a run of points, each read as `route` reads the same numbers.

    Parameters
    ----------
    crs, accuracy_m
        Of all points; a point's own accuracy wins.
    only_outcomes
        Outcome, court, candidates and counties are all that is wanted, which is quicker: there are no distances.
    threads
        That may work at the same time, where only outcomes are wanted.

    Raises
    ------
    UnknownCrs, NoTransformation
        The system cannot be used at all.
    """

    def decide(lons: Floats, lats: Floats, metres: Floats) -> Decided:
        if not only_outcomes:
            return decider.decide(lons, lats, metres)
        number = decider.outcomes(lons, lats, metres, threads=threads)
        return Decided(number, np.full(len(number), np.nan), decider.decisions)

    accuracy = points.accuracy_m if points.accuracy_m is not None else np.full(1, np.nan)
    if accuracy_m is not None:
        accuracy = np.where(np.isnan(accuracy), accuracy_m, accuracy)
    lons, lats, metres, read = read_many_numbers(points.x, points.y, crs=crs, accuracy_m=accuracy)
    if read.all() and not points.faults:
        at = np.arange(len(lons))
        return Routed(points.first, at, decide(lons, lats, metres), lons, lats, {})
    lons, lats, metres, read = lons.copy(), lats.copy(), metres.copy(), read.copy()
    accuracy = np.broadcast_to(accuracy, lons.shape)
    faults = dict(points.faults)
    read[list(faults)] = False
    for i in np.flatnonzero(~read):
        if int(i) in faults:
            continue
        try:
            one = read_numbers(
                x=float(points.x[i]), y=float(points.y[i]), crs=crs,
                accuracy_m=None if np.isnan(accuracy[i]) else float(accuracy[i]),
            )  # fmt: skip
        except InvalidInput as error:
            faults[int(i)] = error
            continue
        lons[i], lats[i], metres[i], read[i] = one.lon, one.lat, one.accuracy_m, True
    at = np.flatnonzero(read)
    decided = decide(lons[at], lats[at], metres[at])
    lons[~read], lats[~read] = np.nan, np.nan
    return Routed(points.first, at, decided, lons, lats, faults)


class AnswerTable:
    """Makes runs of answers into rows of a table; what it has worded once it keeps.

    Parameters
    ----------
    lang
        Language of the reasons, `zh` or `en`.
    """

    def __init__(self, snapshot: Snapshot, lang: str) -> None:
        from geo_registry.exchange.answers import AnswerBook

        self._book = AnswerBook(snapshot, lang)
        self._lang = lang

    def answers(self, routed: Routed) -> "Answers":
        """Return the rows of a run, those that were not read among them as `refused`."""
        from geo_registry.exchange.answers import Answers, shown_metres

        n = len(routed.lons)
        number, distance_m = np.empty(n, np.int64), np.full(n, np.nan)
        number[routed.at] = self._book.numbers(routed.decided)
        distance_m[routed.at] = shown_metres(routed.decided.distance_m)
        known, refused = len(self._book.rows), dict[str, int]()
        for i, error in routed.faults.items():
            reason = error.zh if self._lang == "zh" else error.en
            number[i] = known + refused.setdefault(reason, len(refused))
        rows = [*self._book.rows, *(refused_row(reason) for reason in refused)]
        return Answers(rows, number, distance_m, routed.lons, routed.lats)


class ClassTable:
    """Makes runs of answers into numbers, and keeps what the numbers stand for.

    The numbers count the different answers of one body from 0; -1 is a point that was not read.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._local = np.empty(0, np.int32)
        self._kept: list[Decision] = []
        self._refused = 0
        self._first_refused: tuple[int, InvalidInput] | None = None

    def numbers(self, routed: Routed) -> NDArray[np.int32]:
        """Return the number of each point's answer; shape (n,)."""
        decisions = routed.decided.decisions
        used = np.flatnonzero(np.bincount(routed.decided.number, minlength=1))
        missing = len(decisions) - len(self._local)
        self._local = np.concatenate([self._local, np.full(max(missing, 0), -1, np.int32)])
        for n in used[self._local[used] < 0]:
            self._local[n] = len(self._kept)
            self._kept.append(decisions[n])
        if routed.faults:
            i = min(routed.faults)
            self._first_refused = self._first_refused or (routed.first + i, routed.faults[i])
            self._refused += len(routed.faults)
        if len(routed.at) == len(routed.lons):
            return self._local[routed.decided.number]
        made = np.full(len(routed.lons), -1, np.int32)
        made[routed.at] = self._local[routed.decided.number]
        return made

    def to_dict(self) -> dict[str, Any]:
        """Return what the numbers stand for, and how many points were refused, as plain values."""
        index, error = self._first_refused or (None, None)
        return {
            "data_version": self._snapshot.data_version,
            "classes": [_class_to_dict(decision, self._snapshot) for decision in self._kept],
            "refused": {
                "count": self._refused,
                "first": None if error is None else {"index": index, "zh": error.zh, "en": error.en},
            },
        }


def _class_to_dict(decision: Decision, snapshot: Snapshot) -> dict[str, Any]:
    row = row_of(decision, snapshot)
    return {
        "outcome": row.outcome,
        "court": None if decision.court is None else {"code": row.court_code, "name": row.court},
        "candidates": [_candidate_to_dict(c) for c in decision.candidates],
        "designation": row.designation,
        "confidence": row.confidence,
        "counties": [{"adcode": a, "name": snapshot.units[a].name} for a, _ in decision.counties],
    }


def _candidate_to_dict(c: Candidate) -> dict[str, Any]:
    return {
        "court": None if c.court is None else {"code": c.court.code, "name": c.court.name},
        "territory": c.territory.value,
        "designation": c.designation.id if c.designation else None,
        "confidence": c.status.value,
    }
