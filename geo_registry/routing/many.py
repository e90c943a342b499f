"""Many points at once, each decided by the same engine as one.

Points that are in the same states and near the same lines have the same answer but for its figures, so
the engine is asked once per class of points and its decision shared.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from geo_registry.geo.reading.numbers import read_numbers
from geo_registry.routing.model import Decision, Place, Question
from geo_registry.routing.rules import decide
from geo_registry.routing.snapshot import Snapshot
from geo_registry.terms import CaseKind, Level, Territory


@dataclass(frozen=True, slots=True)
class Stated:
    """What is stated of every point alike; hashable."""

    on: date
    kind: CaseKind | None = None
    level: Level | None = None
    territory: Territory = Territory.UNKNOWN
    datum_known: bool = False


@dataclass(frozen=True, slots=True)
class Decided:
    """The answers to n points.

    Attributes
    ----------
    number
        Shape (n,): the index of each point's decision in `decisions`.
    distance_m
        Shape (n,): each point's own distance to the nearest line, metres; NaN where its answer has none.
    decisions
        The decision of each class; its reading, place and figures are those of one point of the class.
    """

    number: NDArray[np.int32]
    distance_m: NDArray[np.float64]
    decisions: Sequence[Decision]

    def of(self, i: int) -> Decision:
        """Return the decision of a point with its own distance; reading and basins are the class's."""
        decision = self.decisions[self.number[i]]
        if decision.boundary is None:
            return decision
        return replace(decision, boundary=replace(decision.boundary, distance_m=float(self.distance_m[i])))


class PointDecider:
    """Decides points of one snapshot under one statement; remembers classes, so `number` means the same in every call.

    Safe to share between threads.
    """

    def __init__(self, snapshot: Snapshot, stated: Stated) -> None:
        self.snapshot = snapshot
        self.stated = stated
        self.decisions: list[Decision] = []

    def decide(
        self, lons: NDArray[np.float64], lats: NDArray[np.float64], accuracy_m: NDArray[np.float64]
    ) -> Decided:
        """Return the answers to points.

        Parameters
        ----------
        lons, lats, accuracy_m
            Shape (n,): degrees, WGS 84, finite and in range; metres.
        """
        number = np.empty(len(lons), np.int32)
        distance = np.full(len(lons), np.nan)
        for i, (lon, lat, metres) in enumerate(zip(lons, lats, accuracy_m, strict=True)):
            reading = read_numbers(
                x=float(lon), y=float(lat), accuracy_m=float(metres), datum_known=self.stated.datum_known
            )
            s = self.stated
            made = decide(Question((Place((reading,)),), s.kind, s.level, s.territory, s.on), self.snapshot)
            number[i] = len(self.decisions)
            self.decisions.append(made)
            if made.boundary is not None:
                distance[i] = made.boundary.distance_m
        return Decided(number, distance, self.decisions)

    def one(self, lon: float, lat: float, accuracy_m: float) -> tuple[int, float]:
        """Return the class of one point and its own distance to the nearest line, NaN where its answer has none."""
        made = self.decide(np.array([lon]), np.array([lat]), np.array([accuracy_m]))
        return int(made.number[0]), float(made.distance_m[0])
