"""Many points at once, each decided by the same engine as one.

What an answer to a point depends on, beside its own figures, is little: the polygons that cover it, the line
nearest to it and whether that is within 200 m, the states within its accuracy, and, where the datum is not
known, what lies where a phone's shifted position would be. Points alike in all of these are a *class*; the
engine is asked once per class. Points on a line, or within a metre of one, are each asked alone.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo_registry.geo.datum import gcj02_from_wgs84, wgs84_from_gcj02
from geo_registry.geo.measure import distance_m
from geo_registry.geo.reading.numbers import read_numbers
from geo_registry.routing import kernels
from geo_registry.routing.cells import MARGIN_M
from geo_registry.routing.level import read_case
from geo_registry.routing.lines import LineIndex
from geo_registry.routing.model import OUTSIDE, Decision, Place, Question, State
from geo_registry.routing.nearest import NearestEdges, geodesic_m
from geo_registry.routing.notices import MAP_ACCURACY_M
from geo_registry.routing.places import AnswerTable, Signature, sides
from geo_registry.routing.readings import SHIFT_AT_MOST_M
from geo_registry.routing.rules import decide
from geo_registry.routing.snapshot import Snapshot
from geo_registry.terms import CaseKind, Level, Territory

Floats = NDArray[np.float64]
_ALONE_M = 1.0  # nearer to a line than this, a point may be on it
_STEP_M = 20.0  # more than one step of undoing GCJ-02 is off
_TIE_M = 0.002  # lines whose distances differ by less are told apart by the geodesic itself
_MOST_SIDES = (
    8  # different pairs of sides within an accuracy of some metres; a point with more is asked alone
)
_Key = tuple[object, ...]


class Stated(NamedTuple):
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
    distance_m: Floats
    decisions: Sequence[Decision]

    def of(self, i: int) -> Decision:
        """Return the decision of a point with its own distance; reading and place are those of its class."""
        return with_distance(self.decisions[int(self.number[i])], float(self.distance_m[i]))


class One(NamedTuple):
    """The class and the distance of one point, metres; its face where that was certain at once."""

    number: int
    distance_m: float
    face: int | None


def with_distance(decision: Decision, metres: float) -> Decision:
    """Return a class's decision with the distance of one of its points."""
    boundary = decision.boundary
    return decision if boundary is None else replace(decision, boundary=replace(boundary, distance_m=metres))


@dataclass(frozen=True, slots=True)
class _Points:
    """Points with what lies under and near them.

    `outline` and `court` hold the nearest edge of the province's line and of the lines between courts.
    `in_doubt` marks those that GEOS was asked about.
    """

    lons: Floats
    lats: Floats
    accuracy_m: Floats
    faces: NDArray[np.int32]
    in_doubt: NDArray[np.bool_]
    outline: NearestEdges
    court: NearestEdges

    def __len__(self) -> int:
        return len(self.lons)

    def question(self, i: int) -> tuple[float, float, float]:
        return float(self.lons[i]), float(self.lats[i]), float(self.accuracy_m[i])


class PointDecider:
    """Decides points of one snapshot under one statement.

    It remembers its classes, so a number means the same in every call. Safe to share between threads.
    """

    def __init__(self, snapshot: Snapshot, stated: Stated) -> None:
        kernels.compile_all()
        self.snapshot = snapshot
        self.stated = stated
        self.decisions: list[Decision] = []
        self._numbers: dict[_Key, int] = {}
        self._codes: dict[frozenset[State], int] = {}
        self._within: list[frozenset[State]] = []
        self._signatures: dict[Signature, int] = {}
        self._covered = np.zeros(0, np.bool_)
        self._of_face = np.zeros(0, np.int32)
        self._lock = threading.Lock()
        law = snapshot.jurisdiction
        self._table: AnswerTable | None = None
        self._looked_at: tuple[Any, ...] = ()  # what `kernels.look` takes; nothing where a tree has no edges
        if law is not None and law.version.validity.contains(stated.on):
            case = read_case(kind=stated.kind, level=stated.level, on=stated.on, rules=law.rules)
            self._table = snapshot.table(law, case, stated.territory)
            trees = (self._table.lines.tree, self._table.outline.tree)
            if all(len(tree) for tree in trees):
                self._looked_at = (*snapshot.cells.arrays, *trees[0].arrays, *trees[1].arrays)

    def decide(self, lons: Floats, lats: Floats, accuracy_m: Floats, *, threads: int = 1) -> Decided:
        """Return the answers to points.

        Parameters
        ----------
        lons, lats, accuracy_m
            Shape (n,): degrees, WGS 84, finite and in range; metres.
        threads
            That may work at the same time; the answers are the same.
        """
        if self._table is None:
            faces = self.snapshot.cells.locate(lons, lats)
            number = self._by_face(faces, np.zeros(len(lons), np.bool_), (lons, lats, accuracy_m))
            return Decided(number, np.full(len(lons), np.nan), self.decisions)
        points = self._points(self._table, lons, lats, accuracy_m, threads)
        line, metres = self._nearest(self._table, points)
        beside, is_alone = self._beside(self._table, points)
        shift, is_doubtful = self._shift(self._table, points, metres, beside)
        is_alone |= is_doubtful
        number = self._classes(
            points, [points.faces, line, metres <= MAP_ACCURACY_M, beside, shift], is_alone
        )
        for i in np.flatnonzero(is_alone).tolist():
            boundary = self.decisions[number[i]].boundary
            if boundary is not None and boundary.distance_m == 0.0:
                metres[i] = 0.0
        return Decided(number, np.where(np.isfinite(metres), metres, np.nan), self.decisions)

    def one(self, lon: float, lat: float, accuracy_m: float) -> One:
        """Return the class and the distance of one point, as `decide` does."""
        if self._table is not None:
            quick = self._one(self._table, lon, lat, accuracy_m)
            if quick is not None:
                return quick
        made = self.decide(np.array([lon]), np.array([lat]), np.array([accuracy_m]))
        return One(int(made.number[0]), float(made.distance_m[0]), None)

    def outcomes(
        self, lons: Floats, lats: Floats, accuracy_m: Floats, *, threads: int = 1
    ) -> NDArray[np.int32]:
        """Return for each point the number of a decision that has its outcome, court, candidates and counties.

        Quicker than `decide`: the nearest line is sought only for points whose accuracy may reach one.
        Distances, warnings and basins of the decision are those of another point.
        """
        widest = float(accuracy_m.max(initial=0.0))
        if self._table is None or widest >= MARGIN_M - 1.0:
            return self.decide(lons, lats, accuracy_m).number
        radius = max(widest, _ALONE_M) + 0.1
        faces, near, doubtful = self.snapshot.cells.locate_near(lons, lats, radius_m=radius, threads=threads)
        near[doubtful] = True  # no example of its face: it may be on a line
        number = self._by_face(faces, near, (lons, lats, accuracy_m))
        near[doubtful] = False
        at = np.flatnonzero(near)
        if len(at):
            number[at] = self._near_lines(self._table, faces[at], lons[at], lats[at], accuracy_m[at])
        for i in doubtful.tolist():
            number[i] = self._alone((float(lons[i]), float(lats[i]), float(accuracy_m[i])))
        return number

    def _by_face(
        self, faces: NDArray[np.int32], near: NDArray[np.bool_], points: tuple[Floats, Floats, Floats]
    ) -> NDArray[np.int32]:
        """Return the decision of each point's face, made for a point of it that is not `near` a line.

        −1 for near points of a face that no other point is in.
        """
        known = self._of_face
        if len(known) < len(self.snapshot.cells.faces):
            room = len(self.snapshot.cells.faces) - len(known)
            known = np.concatenate([known, np.full(room, -1, np.int32)])
        numbers: NDArray[np.int32] = known[faces]
        if numbers.min(initial=0) >= 0:
            return numbers
        missing = np.flatnonzero((numbers < 0) & ~near)
        known = known.copy()
        for face, k in zip(*(a.tolist() for a in np.unique(faces[missing], return_index=True)), strict=True):
            lon, lat, accuracy_m = (float(column[missing[k]]) for column in points)
            known[face] = self._number(("face", face), (lon, lat, accuracy_m))
        self._of_face = known  # another thread may have put another one: numbers are the same in both
        return known[faces]

    def _near_lines(
        self, table: AnswerTable, faces: NDArray[np.int32], lons: Floats, lats: Floats, accuracy_m: Floats
    ) -> NDArray[np.int32]:
        """Return a decision for each point by its face and the sides of the lines within its accuracy."""
        columns = [faces[:, None].astype(np.int64)]
        unsure = np.zeros(len(lons), np.bool_)
        for kind, lines in enumerate((table.outline, table.lines)):
            if len(lines.tree):
                sides_found, is_unsure = lines.tree.sides_within(
                    lons, lats, accuracy_m, lines.sides * 2 + kind, slack_m=_TIE_M, room=_MOST_SIDES
                )
                columns.append(sides_found)
                unsure |= is_unsure
        keys = np.hstack(columns)
        keys[:, 1:].sort(axis=1)
        keys[unsure] = -1
        _, first, inverse = np.unique(_as_words(keys), return_index=True, return_inverse=True)
        numbers = np.zeros(len(first), np.int32)
        for k, i in enumerate(first.tolist()):
            if unsure[i]:
                continue
            beside = tuple(side for side in keys[i, 1:].tolist() if side >= 0)
            key = ("near", int(keys[i, 0]), beside) if beside else ("face", int(keys[i, 0]))
            numbers[k] = self._number(key, (float(lons[i]), float(lats[i]), float(accuracy_m[i])))
        made: NDArray[np.int32] = numbers[inverse]
        for i in np.flatnonzero(unsure).tolist():
            made[i] = self._alone((float(lons[i]), float(lats[i]), float(accuracy_m[i])))
        return made

    def _points(
        self, table: AnswerTable, lons: Floats, lats: Floats, accuracy_m: Floats, threads: int
    ) -> _Points:
        faces, _, doubtful = self.snapshot.cells.locate_near(lons, lats, radius_m=0.0)
        in_doubt = np.zeros(len(lons), np.bool_)
        in_doubt[doubtful] = True
        court = table.lines.tree.nearest(lons, lats, threads=threads)
        enough = np.maximum(court.metres, accuracy_m) + 1.0  # beyond it the outline is not the nearest
        outline = table.outline.tree.nearest(
            lons, lats, within_m=np.where(self._has_unit()[faces], enough, np.inf), threads=threads
        )
        return _Points(lons, lats, accuracy_m, faces, in_doubt, outline, court)

    def _nearest(self, table: AnswerTable, points: _Points) -> tuple[NDArray[np.int64], Floats]:
        """Return a code of the line nearest to each point, its kind and sides, and the metres to it.

        Outside the province only its own line counts.
        """
        outline, court = points.outline, points.court
        is_inside = self._has_unit()[points.faces]
        is_court = is_inside & (court.metres < outline.metres)
        close = np.flatnonzero(is_inside & (np.abs(court.metres - outline.metres) < _TIE_M))
        if len(close):
            is_court[close] = _measured(points, court, close) < _measured(points, outline, close)
        chosen = NearestEdges(
            *(
                np.where(is_court, getattr(court, name), getattr(outline, name))
                for name in ("edge", "lon", "lat", "metres")
            )
        )
        line = np.where(is_court, _codes(table.lines, court, 1), _codes(table.outline, outline, 0))
        return line, _measured(points, chosen, np.arange(len(points)))

    def _beside(self, table: AnswerTable, points: _Points) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Return a code of the states within each point's accuracy, 0 for none; and which must be asked alone."""
        nearest = np.minimum(points.outline.metres, points.court.metres)
        is_alone = points.in_doubt | (nearest < _ALONE_M)
        for metres in (points.outline.metres, points.court.metres):
            is_alone |= np.abs(metres - points.accuracy_m) < _TIE_M
        codes = np.zeros(len(points), np.int64)
        for i in np.flatnonzero((nearest <= points.accuracy_m) & ~is_alone).tolist():
            codes[i] = self._remember(_states_within(table, *points.question(i)))
        return codes, is_alone

    def _shift(
        self, table: AnswerTable, points: _Points, metres: Floats, beside: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Return a code of what lies where a phone's position would be, 0 for the same answer; and who must be asked alone."""
        shift, is_doubtful = np.zeros(len(points), np.int64), np.zeros(len(points), np.bool_)
        near = np.flatnonzero(metres <= SHIFT_AT_MOST_M + points.accuracy_m)
        if self.stated.datum_known or not len(near):
            return shift, is_doubtful
        x, y = wgs84_from_gcj02(points.lons[near], points.lats[near])
        there = self._points(table, x, y, points.accuracy_m[near], 1)
        beside_there, is_doubtful[near] = self._beside(table, there)
        differs = self._reaches(table, points.faces[near], beside[near]) != self._reaches(
            table, there.faces, beside_there
        )
        shift[near] = np.where(differs, there.faces.astype(np.int64) + 1, 0)
        return shift, is_doubtful

    def _reaches(
        self, table: AnswerTable, faces: NDArray[np.int32], beside: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Return a code of every answer possible at each point: those of its states and of those beside it."""
        size = len(self._within) + 1
        values, inverse = np.unique(faces.astype(np.int64) * size + beside, return_inverse=True)
        codes = np.empty(len(values), np.int64)
        for k, value in enumerate(values.tolist()):
            face, code = divmod(value, size)
            states = (*self._states(face), *(self._within[code - 1] if code else ()))
            codes[k] = self._code_of(frozenset(key for state in states for key in table.signature(state)))
        return codes[inverse]

    def _classes(
        self,
        points: _Points,
        columns: Sequence[NDArray[np.int64] | NDArray[np.int32] | NDArray[np.bool_]],
        is_alone: NDArray[np.bool_],
    ) -> NDArray[np.int32]:
        """Return the class of each point by what it depends on; those marked are asked alone."""
        joined = np.zeros(len(points), np.int64)
        for column in columns:  # as digits: faces, lines and the rest are some hundreds each
            joined = joined * (int(column.max(initial=0)) + 2) + column.astype(np.int64) + 1
        joined[is_alone] = -1
        _, first, inverse = np.unique(joined, return_index=True, return_inverse=True)
        numbers = np.zeros(len(first), np.int32)
        for k, i in enumerate(first.tolist()):
            if joined[i] >= 0:
                numbers[k] = self._number(tuple(int(c[i]) for c in columns), points.question(i))
        number: NDArray[np.int32] = numbers[inverse]
        for i in np.flatnonzero(is_alone).tolist():
            number[i] = self._alone(points.question(i))
        return number

    def _one(self, table: AnswerTable, lon: float, lat: float, accuracy_m: float) -> One | None:
        """Return class and distance of a point with no line within its accuracy; None where more has to be looked at."""
        if not self._looked_at:
            return None
        has_unit = self._has_unit()
        face, court, along_court, court_m, rim, along_rim, rim_m = kernels.look(
            lon, lat, accuracy_m, has_unit, *self._looked_at
        )
        least = max(accuracy_m, _ALONE_M) + _TIE_M
        if face < 0 or min(rim_m, court_m) <= least or abs(rim_m - court_m) < _TIE_M:
            return None
        is_court = bool(has_unit[face]) and court_m < rim_m
        lines, edge, along = (
            (table.lines, court, along_court) if is_court else (table.outline, rim, along_rim)
        )
        segment, to_lon, to_lat = lines.tree.place_on(edge, along)
        metres = distance_m(lon_a=lon, lat_a=lat, lon_b=to_lon, lat_b=to_lat)
        shift: int | None = 0
        if not self.stated.datum_known and metres <= SHIFT_AT_MOST_M + accuracy_m:
            shift = self._shift_of_one(table, face, lon, lat, accuracy_m)
        if shift is None:
            return None
        line = int(lines.sides[segment]) * 2 + int(is_court)
        key = (face, line, int(metres <= MAP_ACCURACY_M), 0, shift)
        return One(self._number(key, (lon, lat, accuracy_m)), metres, face)

    def _shift_of_one(
        self, table: AnswerTable, face: int, lon: float, lat: float, accuracy_m: float
    ) -> int | None:
        """Return `_shift`'s code for one point, None where it takes more than a look.

        The first step of the inverse comes within 6 m of it: the shift, 800 m at most, changes by less
        than 0.0065 m a metre. No line that near, and the face is that of the position itself.
        """
        east, north = gcj02_from_wgs84(lon, lat)
        x, y = 2.0 * lon - float(east), 2.0 * lat - float(north)
        there = self.snapshot.cells.locate_one(x, y)
        reach = accuracy_m + _STEP_M
        trees = (table.outline.tree, table.lines.tree)
        if there is None or any(t.nearest_one(x, y, within_m=reach + 1.0)[3] <= reach for t in trees):
            return None
        reaches = self._reaches(table, np.array([face, there], np.int32), np.zeros(2, np.int64))
        return there + 1 if reaches[0] != reaches[1] else 0

    def _number(self, key: _Key, point: tuple[float, float, float]) -> int:
        """Return the number of a class; the engine is asked about the first point of it."""
        number = self._numbers.get(key)
        return number if number is not None else self._add(key, self._ask(point))

    def _alone(self, point: tuple[float, float, float]) -> int:
        """Return the number of the decisions like a point's own, found by asking the engine."""
        decision = self._ask(point)
        return self._add(_content(decision), decision)

    def _add(self, key: _Key, decision: Decision) -> int:
        with self._lock:
            if key not in self._numbers:
                self.decisions.append(decision)
                self._numbers[key] = len(self.decisions) - 1
            return self._numbers[key]

    def _ask(self, point: tuple[float, float, float]) -> Decision:
        lon, lat, accuracy_m = point
        s = self.stated
        reading = read_numbers(x=lon, y=lat, accuracy_m=accuracy_m, datum_known=s.datum_known)
        return decide(Question((Place((reading,)),), s.kind, s.level, s.territory, s.on), self.snapshot)

    def _remember(self, states: frozenset[State]) -> int:
        """Return a code, from 1 on, of a set of states within an accuracy."""
        with self._lock:
            if states not in self._codes:
                self._within.append(states)
                self._codes[states] = len(self._within)
            return self._codes[states]

    def _code_of(self, signature: Signature) -> int:
        """Return a number that tells sets of answers apart; two threads must not give one to different sets."""
        with self._lock:
            return self._signatures.setdefault(signature, len(self._signatures))

    def _has_unit(self) -> NDArray[np.bool_]:
        """Return for each face whether a county covers it."""
        faces, units = self.snapshot.cells.faces, len(self.snapshot.locator.units.keys)
        covered = self._covered
        if len(covered) < len(faces):
            covered = np.array([bool(face) and face[0] < units for face in list(faces)])
            self._covered = covered  # another thread may put a shorter one here: what is returned is this one
        return covered

    def _states(self, face: int) -> tuple[State, ...]:
        """Return the states of the points of a face, off every line."""
        locator = self.snapshot.locator
        units, districts = locator.units.keys, locator.districts.keys
        held = self.snapshot.cells.faces[face]
        drawn = frozenset(
            districts[k - len(units)] for k in held if len(units) <= k < len(units) + len(districts)
        )
        return tuple(State(units[k], drawn) for k in held if k < len(units)) or (OUTSIDE,)


def _states_within(table: AnswerTable, lon: float, lat: float, accuracy_m: float) -> frozenset[State]:
    """Return the states on either side of every line within an accuracy."""
    states: set[State] = set()
    for lines in (table.outline, table.lines):
        states |= sides(table, lines, lines.within(lon=lon, lat=lat, radius_m=accuracy_m).tolist())
    return frozenset(states)


def _as_words(keys: NDArray[np.int64]) -> NDArray[np.void]:
    """Return the rows of a table as values that can be compared whole; shape (n,)."""
    whole = np.ascontiguousarray(keys)
    return whole.view(np.dtype((np.void, whole.itemsize * whole.shape[1]))).ravel()


def _measured(points: _Points, nearest: NearestEdges, at: NDArray[np.intp]) -> Floats:
    """Return the geodesic distances of some points to their nearest edge; infinite where there is none."""
    metres = geodesic_m(points.lons[at], points.lats[at], nearest.lon[at], nearest.lat[at])
    return np.where(np.isfinite(nearest.metres[at]), metres, np.inf)


def _codes(lines: LineIndex, nearest: NearestEdges, kind: int) -> NDArray[np.int64]:
    """Return the code of each point's nearest line."""
    if not len(lines.segments):
        return np.full(len(nearest.edge), -1)
    return lines.sides[nearest.edge] * 2 + kind


def _content(decision: Decision) -> _Key:
    """Return what an answer says, but for its figures and its place; equal for equal answers."""
    boundary = decision.boundary
    return (
        decision.outcome,
        decision.court and decision.court.code,
        decision.candidates,
        decision.designation and decision.designation.id,
        decision.status,
        decision.counties,
        decision.open_question,
        boundary and (boundary.kind, boundary.across, boundary.distance_m == 0.0),
        tuple(hit.code for hit in decision.basins),
        decision.notices,
    )
