"""One place of a case: the states it is in or near, what they leave possible, the nearest line."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import shapely
from shapely import Geometry, Point

from geo_registry.geo.measure import area_m2, length_m
from geo_registry.geo.reading.model import Reading
from geo_registry.routing.index import Locator
from geo_registry.routing.lines import LineIndex, NearestLine
from geo_registry.routing.model import ACROSS_THE_LINE, OUTSIDE, Boundary, Candidate, Share, State, merged
from geo_registry.terms import Territory

Signature = frozenset[tuple[str, str]]


class AnswerTable:
    """What every state leaves possible for one kind of question, and the lines where that changes.

    Made once per question of a kind, not per place; safe to share, since what it remembers never changes.
    """

    def __init__(self, candidates_at: Callable[[State], tuple[Candidate, ...]], locator: Locator) -> None:
        self.locator = locator
        self._candidates_at = candidates_at
        self._known: dict[State, tuple[tuple[Candidate, ...], Signature]] = {}
        self.lines = locator.lines_between([self.signature(state) for state in locator.states])
        self.outline = locator.outline()

    def at(self, state: State) -> tuple[Candidate, ...]:
        """Return the candidates of a state."""
        return self._entry(state)[0]

    def signature(self, state: State) -> Signature:
        """Return what makes the answers of two states the same."""
        return self._entry(state)[1]

    def _entry(self, state: State) -> tuple[tuple[Candidate, ...], Signature]:
        if state not in self._known:
            candidates = self._candidates_at(state)
            self._known[state] = (candidates, signature(candidates))
        return self._known[state]


@dataclass(frozen=True, slots=True)
class Size:
    """The area in m² (dimension 2) or length in m (dimension 1) of a shape."""

    dimension: int
    value: float


@dataclass(frozen=True, slots=True)
class Finding:
    """What is known of one place.

    Attributes
    ----------
    parts
        The candidates of each state the place is in; several for a point on a line, or for a line or
        an area that reaches into several states. Empty never: outside is a state.
    near
        Candidates of other answers within the place's accuracy.
    on_line
        A point lies exactly on a line between two answers, the province's own included; or a shape
        leaves the province by no more than its accuracy.
    near_province
        The line of the province is within the accuracy.
    size
        Of a line or an area; None for a point.
    one_of
        The place is in one of its states, it is not known in which: a name that several counties
        answer to, or coordinates that can be read in several ways.
    """

    reading: Reading
    states: tuple[State, ...]
    parts: tuple[tuple[Candidate, ...], ...]
    near: tuple[Candidate, ...]
    on_line: bool
    near_province: bool
    boundary: Boundary | None
    size: Size | None = None
    one_of: bool = False

    @property
    def reach(self) -> Signature:
        """Return every answer possible at the place, those within its accuracy included."""
        return signature((*self.own, *self.near))

    @property
    def signatures(self) -> set[Signature]:
        """Return the distinct sets of answers its parts leave possible."""
        return {signature(part) for part in self.parts}

    def weighed(self, weight: float) -> "Finding":
        """Return the finding with its shares as those of a part of a larger whole."""
        return replace(self, parts=tuple(tuple(_weighed(c, weight) for c in part) for part in self.parts))

    @property
    def own(self) -> tuple[Candidate, ...]:
        """Return the candidates of the place itself."""
        return merged(c for part in self.parts for c in part)


def signature(candidates: Iterable[Candidate]) -> Signature:
    """Return what makes two sets of candidates the same answer."""
    return frozenset(c.key for c in candidates)


def find(reading: Reading, table: AnswerTable) -> Finding:
    """Return what is known of a place, given what each state leaves possible."""
    if reading.name is not None:
        return _find_named(reading, table)
    if isinstance(reading.geometry, Point):
        return _find_point(reading, float(reading.geometry.x), float(reading.geometry.y), table)
    return _find_shape(reading, table)


def _find_named(reading: Reading, table: AnswerTable) -> Finding:
    """Find a place known by its name: in its county, or one of several, however near a line its point may be."""
    states = [s for adcode in reading.adcodes for s in table.locator.states_in(adcode)] or [OUTSIDE]
    return Finding(
        reading=reading,
        states=tuple(states),
        parts=tuple(table.at(state) for state in states),
        near=(),
        on_line=False,
        near_province=False,
        boundary=None,
        one_of=True,
    )


def _find_point(reading: Reading, lon: float, lat: float, table: AnswerTable) -> Finding:
    lines, outline = table.lines, table.outline
    states = table.locator.states_at(lon=lon, lat=lat) or (OUTSIDE,)
    own = {table.signature(state) for state in states}
    nearest = [(outline, outline.nearest(lon=lon, lat=lat), "province")]
    nearest.append((lines, lines.nearest(lon=lon, lat=lat), "court"))
    beside: set[State] = set()
    for index, line, _ in nearest:
        if line is not None and line.distance_m <= reading.accuracy_m:
            beside |= sides(table, index, index.within(lon=lon, lat=lat, radius_m=reading.accuracy_m))
    rim_line = nearest[0][1]
    on_rim = rim_line is not None and rim_line.distance_m < 1.0 and outline.holds(lon=lon, lat=lat)
    inside = states != (OUTSIDE,)
    on_line = len(own) > 1 or on_rim
    boundary = _boundary(nearest if inside else nearest[:1], own, table)
    return Finding(
        reading=reading,
        states=states,
        parts=tuple(table.at(state) for state in states),
        near=_others(beside | ({OUTSIDE} if on_rim else set()), own, table),
        on_line=on_line,
        near_province=on_rim or OUTSIDE in beside,
        boundary=replace(boundary, distance_m=0.0) if on_line and boundary else boundary,
    )


def _find_shape(reading: Reading, table: AnswerTable) -> Finding:
    lines, outline, shape = table.lines, table.outline, reading.geometry
    pieces = table.locator.parts_of(shape)
    grazes = _only_grazes(pieces, outline, reading.accuracy_m)
    if grazes:
        pieces = [(state, piece) for state, piece in pieces if state != OUTSIDE]
    own = {table.signature(state) for state, _ in pieces}
    rim = outline.touching(shape, radius_m=reading.accuracy_m)
    beside = sides(table, outline, rim)
    beside |= sides(table, lines, lines.touching(shape, radius_m=reading.accuracy_m))
    nearest = [
        (outline, outline.nearest_to_shape(shape), "province"),
        (lines, lines.nearest_to_shape(shape), "court"),
    ]
    shares, size = _shares(pieces)
    return Finding(
        reading=reading,
        states=tuple(state for state, _ in pieces),
        parts=tuple(
            _with_share(table.at(state), share) for (state, _), share in zip(pieces, shares, strict=True)
        ),
        near=_others(beside, own, table),
        on_line=grazes,
        near_province=bool(len(rim)),
        boundary=_boundary(nearest, own, table),
        size=size,
    )


def _only_grazes(pieces: list[tuple[State, Geometry]], outline: LineIndex, accuracy_m: float) -> bool:
    """Tell whether a shape leaves the province by no more than its accuracy: then it may not leave it at all."""
    outside = [piece for state, piece in pieces if state == OUTSIDE]
    return len(pieces) > 1 and len(outside) == 1 and outline.reach_m(outside[0]) <= accuracy_m


def sides(table: AnswerTable, lines: LineIndex, segments: Iterable[int]) -> set[State]:
    """Return the states on either side of some segments of an index."""
    s, states = lines.segments, table.locator.states
    return {states[n] for i in segments for n in (s.left[i], s.right[i])}


def _in_order(states: Iterable[State]) -> list[State]:
    return sorted(states, key=lambda s: (s.adcode is None, s.adcode or "", sorted(s.districts)))


def _others(states: Iterable[State], own: set[Signature], table: AnswerTable) -> tuple[Candidate, ...]:
    """Return the candidates of nearby states whose answer is none of the place's own."""
    others = [state for state in _in_order(states) if table.signature(state) not in own]
    return merged(c.on_condition(ACROSS_THE_LINE) for state in others for c in table.at(state))


def _boundary(
    nearest: list[tuple[LineIndex, NearestLine | None, str]], own: set[Signature], table: AnswerTable
) -> Boundary | None:
    """Return the nearest of the lines found, and the answers on its far side."""
    found = [(line.distance_m, lines, line, kind) for lines, line, kind in nearest if line is not None]
    if not found:
        return None
    distance, lines, line, kind = min(found, key=lambda f: f[0])
    either = _in_order(sides(table, lines, [line.segment]))
    across = merged(c for side in either if table.signature(side) not in own for c in table.at(side))
    return Boundary(distance, kind, across, line.lon, line.lat)


def _shares(pieces: list[tuple[State, Geometry]]) -> tuple[list[Share], Size]:
    """Return what part of the whole each piece is, and the whole: by geodesic area, or length."""
    areal = any(shapely.get_dimensions(piece) == 2 for _, piece in pieces)
    sizes = [area_m2(piece) if areal else length_m(piece) for _, piece in pieces]
    total = sum(sizes) or 1.0
    shares = [Share(size / total, size if areal else None, None if areal else size) for size in sizes]
    return shares, Size(2 if areal else 1, total)


def _with_share(candidates: tuple[Candidate, ...], share: Share) -> tuple[Candidate, ...]:
    return tuple(replace(c, share=share) for c in candidates)


def _weighed(candidate: Candidate, weight: float) -> Candidate:
    share = candidate.share
    return replace(candidate, share=replace(share, fraction=share.fraction * weight)) if share else candidate


def is_outside(finding: Finding) -> bool:
    """Tell whether no part of the place lies in the province."""
    return all(c.territory is Territory.OUTSIDE for part in finding.parts for c in part)
