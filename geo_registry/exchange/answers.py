"""The answers to a batch as columns: few different rows of words, and each row's own figures."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from geo_registry.routing.many import Decided
from geo_registry.routing.model import Decision
from geo_registry.routing.row import COLUMNS, AnswerRow, row_of
from geo_registry.routing.snapshot import Snapshot
from geo_registry.terms import Outcome

READ_COLUMNS = ("read_lon", "read_lat")
ANSWER_COLUMNS = (*COLUMNS, *READ_COLUMNS)
_REMEMBERED = 100_000
_NUMBERS = {"distance_m", *READ_COLUMNS}


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers to n rows.

    Attributes
    ----------
    rows
        The different answers; their `distance_m` is not looked at.
    number
        Shape (n,): which of `rows` answers each row.
    distance_m
        Shape (n,): metres to the nearest line, rounded as shown; NaN for none.
    lons, lats
        Shape (n,): where each row was read to lie, degrees, EPSG:4326; NaN for what is no point.
    """

    rows: Sequence[AnswerRow]
    number: NDArray[np.int64]
    distance_m: NDArray[np.float64]
    lons: NDArray[np.float64]
    lats: NDArray[np.float64]

    def column(self, name: str) -> pa.Array:
        """Return one of `ANSWER_COLUMNS`; null where an answer says nothing."""
        if name in _NUMBERS:
            values = {"distance_m": self.distance_m, "read_lon": self.lons, "read_lat": self.lats}[name]
            return pa.array(values, from_pandas=True)
        words = pa.array([getattr(row, name) for row in self.rows], pa.string())
        return words.take(pa.array(self.number))

    def refusals(self, most: int) -> list[str]:
        """Return the first reasons for which rows were refused."""
        refused = np.array([row.outcome == "refused" for row in self.rows], np.bool_)
        at = np.flatnonzero(refused[self.number])[:most].tolist() if len(refused) else []
        return [self.rows[self.number[i]].reason for i in at]

    def outcomes(self) -> dict[str, int]:
        """Return how many rows have each outcome."""
        counted = np.bincount(self.number, minlength=len(self.rows))
        totals: dict[str, int] = {}
        for row, n in zip(self.rows, counted, strict=True):
            if n:
                totals[row.outcome] = totals.get(row.outcome, 0) + int(n)
        return totals


def answer_type(name: str) -> pa.DataType:
    """Return the type of an answer column."""
    return pa.float64() if name in _NUMBERS else pa.string()


class AnswerBook:
    """Decisions made into rows once each; bounded, so numbers hold until the next call.

    The sentence of an answer shows a figure only near a line and outside the province, there to one
    decimal (metres near a line, exactly on one no figure; kilometres outside): decisions of a class with
    the same figure share a row.
    """

    def __init__(self, snapshot: Snapshot, lang: str) -> None:
        self._snapshot = snapshot
        self._lang = lang
        self.rows: list[AnswerRow] = []
        self._plain: NDArray[np.int64] = np.zeros(
            0, np.int64
        )  # by class: its row, -1 if not made, -2 if figures
        self._is_outside: NDArray[np.bool_] = np.zeros(0, np.bool_)
        self._figured: dict[int, int] = {}

    def numbers(self, decided: Decided) -> NDArray[np.int64]:
        """Return the index of each point's row in `rows`, as it stands after the call."""
        if len(self.rows) > _REMEMBERED:
            self.rows, self._plain, self._figured = [], np.full_like(self._plain, -1), {}
        self._know(decided)
        found = self._plain[decided.number]
        at = np.flatnonzero(found == -2)
        keys, first, of = np.unique(self._keys(decided, at), return_index=True, return_inverse=True)
        rows = [self._with_figure(decided, int(at[i]), int(k)) for i, k in zip(first, keys, strict=True)]
        found[at] = np.array(rows, np.int64)[of]
        return found

    def _keys(self, decided: Decided, at: NDArray[np.intp]) -> NDArray[np.int64]:
        """Return what tells the rows of points apart: the class and the figure its sentence shows."""
        number, metres = decided.number[at].astype(np.int64), decided.distance_m[at]
        outside = self._is_outside[number]
        figure = shown_metres(np.where(outside, metres / 1000, metres))
        tenths = np.where(metres == 0, -1, np.rint(figure * 10)).astype(np.int64)
        return (number << 32) + tenths + 1

    def _know(self, decided: Decided) -> None:
        missing = max(len(decided.decisions) - len(self._plain), 0)
        self._plain = np.concatenate([self._plain, np.full(missing, -1, np.int64)])
        self._is_outside = np.concatenate([self._is_outside, np.zeros(missing, np.bool_)])
        for n in np.unique(decided.number):
            if self._plain[n] == -1:
                made = decided.decisions[n]
                self._plain[n] = -2 if _shows_figure(made) else self._kept(made)
                self._is_outside[n] = made.outcome is Outcome.OUTSIDE

    def _with_figure(self, decided: Decided, i: int, key: int) -> int:
        if key not in self._figured:
            self._figured[key] = self._kept(decided.of(i))
        return self._figured[key]

    def _kept(self, decision: Decision) -> int:
        self.rows.append(replace(row_of(decision, self._snapshot, lang=self._lang), distance_m=None))
        return len(self.rows) - 1


def _shows_figure(decision: Decision) -> bool:
    return decision.outcome in (Outcome.NEAR_BOUNDARY, Outcome.OUTSIDE) and decision.boundary is not None


def shown_metres(metres: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return metres rounded to one decimal, each as `round` rounds it."""
    tenths = metres * 10
    rounded = np.rint(tenths) / 10
    with np.errstate(invalid="ignore"):
        doubtful = np.abs(tenths - np.floor(tenths) - 0.5) < 1e-6
    for i in np.flatnonzero(doubtful):
        rounded[i] = round(float(metres[i]), 1)
    return rounded
