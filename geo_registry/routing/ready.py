"""Answers to single points as JSON, made ready: what a class of points shares is rendered once.

Points of a class (`routing.many`) have the same answer but for their figures. The ordinary answer of
one of them is rendered once and its text cut where figures stand; a point's own are put in. `_mark`
says which values those are; the words around a figure come from the functions that make them for
every answer. tests/actions/test_ready.py holds the bytes against the ordinary ones.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from json.encoder import encode_basestring
from operator import itemgetter
from typing import Any

from geo_registry.geo.reading.model import Reading
from geo_registry.routing import explain, trace
from geo_registry.routing.answer import (
    digest_of,
    instant_text,
    to_plain,
    to_sealed_text,
    to_sorted_text,
    to_text,
)
from geo_registry.routing.many import PointDecider
from geo_registry.routing.model import Decision, Understood
from geo_registry.routing.readings import as_shifted
from geo_registry.routing.render import (
    has_sample,
    is_ahead,
    render,
    render_basins,
    render_step,
    render_warnings,
)
from geo_registry.routing.rules import basins_at
from geo_registry.terms import Text

_Both = tuple[bytes, bytes]  # JSON in the order of the contract, and with names sorted
# Characters no name and no input holds: one pair for a whole value, one for a figure within a text.
_HOLE = re.compile('"\ue000([a-z_]+)\ue000"|\ue001([a-z_]+)\ue001')
_MOST_CLASSES = 5_000  # a province has some 2,000; each is about 15 kB


class ReadyAnswers:
    """Answers points of one snapshot under one statement; remembers what their classes share.

    Parameters
    ----------
    engine
        Name and version of the software that decides.
    """

    def __init__(self, decider: PointDecider, *, engine: str) -> None:
        self.decider = decider
        self._snapshot = decider.snapshot
        self._engine = engine
        self._classes: dict[tuple[object, ...], _Class] = {}
        self._basin_lists: dict[tuple[int, bool, bool], _Both] = {}

    def answer(self, reading: Reading, *, place: Mapping[str, Any], asked_at: datetime) -> bytes:
        """Return the answer to a point as canonical JSON, equal to that of `render` byte for byte.

        Parameters
        ----------
        reading
            The one reading of the place: a point that is no name's; its datum is known or not as stated.
        place
            The place as it was asked, without a role.
        """
        lon, lat = reading.lon, reading.lat
        assert lon is not None
        assert lat is not None
        number, distance_m, face = self.decider.one(lon, lat, reading.accuracy_m)
        shared = self._class(number, reading, place, asked_at)
        figures = shared.figures(reading, place, distance_m)
        nearby = self._snapshot.site_index.near_point(lon=lon, lat=lat, adcodes=shared.adcodes)
        lists = {
            "basins": self._basins(reading, face, lon, lat),
            "service_points": _listed(nearby.service_points),
            "restoration_bases": _listed(nearby.restoration_bases),
            "warnings": shared.warnings(has_sample(nearby), is_ahead(self.decider.stated.on, asked_at)),
        }
        for name, both in lists.items():
            figures[name] = both[1]
        digest = digest_of(shared.sealed.filled(figures))
        for name, both in lists.items():
            figures[name] = both[0]
        figures["asked_at"] = b'"%b"' % instant_text(asked_at).encode()
        figures["digest"] = b'"%b"' % digest.encode()
        return shared.text.filled(figures)

    def _basins(self, reading: Reading, face: int | None, lon: float, lat: float) -> _Both:
        """Return the basins at a point; what they are called is written once for all points of a face."""
        if face is None:
            return _listed(render_basins(basins_at(reading, self._snapshot), self._snapshot))
        key = (face, *self._snapshot.basin_index.near_divide(lon=lon, lat=lat))
        if key not in self._basin_lists:
            self._basin_lists[key] = _listed(
                render_basins(basins_at(reading, self._snapshot), self._snapshot)
            )
        return self._basin_lists[key]

    def _class(self, number: int, reading: Reading, place: Mapping[str, Any], asked_at: datetime) -> "_Class":
        key = (number, *place, place.get("crs"), reading.notation, reading.why)
        known = self._classes.get(key)
        if known is None:
            if len(self._classes) >= _MOST_CLASSES:
                self._classes.clear()
            known = self._made(self.decider.decisions[number], reading, place, asked_at)
            self._classes[key] = known
        return known

    def _made(
        self, decision: Decision, reading: Reading, place: Mapping[str, Any], asked_at: datetime
    ) -> "_Class":
        alternatives = (as_shifted(reading),) if decision.places[0].alternatives else ()
        own = replace(decision, places=(Understood(reading, alternatives, None),))
        plain = render(own, self._snapshot, places=[place], asked_at=asked_at, engine=self._engine).to_dict()
        _mark(plain, own)
        return _Class(
            decision=own,
            adcodes=tuple(adcode for adcode, _ in own.counties),
            text=_Cut.of(to_text(plain)),
            sealed=_Cut.of(to_sealed_text(plain)),
            explained=explain.by_distance(own, self._snapshot) if explain.tells_distance(own) else None,
        )


@dataclass(frozen=True, slots=True)
class _Cut:
    """A text in pieces, with the names of the values that stand between them."""

    pieces: list[bytes]  # every second one is a value's place
    values: Callable[[Mapping[str, bytes]], tuple[bytes, ...]]

    @classmethod
    def of(cls, text: str) -> "_Cut":
        found = _HOLE.split(text)  # text, either of two names, text, …
        parts = [part for part in found if part is not None]
        return cls([p.encode() for p in parts], itemgetter(*parts[1::2]))

    def filled(self, values: Mapping[str, bytes]) -> bytes:
        parts = self.pieces.copy()
        parts[1::2] = self.values(values)
        return b"".join(parts)


@dataclass(frozen=True, slots=True)
class _Class:
    """What the answers of a class of points share, for one way of writing the place."""

    decision: Decision
    adcodes: tuple[str, ...]
    text: _Cut
    sealed: _Cut
    explained: Callable[[float], Text] | None
    told: dict[tuple[bool, bool], _Both] = field(default_factory=dict)

    def figures(self, reading: Reading, place: Mapping[str, Any], distance_m: float) -> dict[str, bytes]:
        """Return a point's own values by the names `_mark` gives them."""
        lon, lat = reading.lon, reading.lat
        assert lon is not None
        assert lat is not None
        values = {
            "input": _text(reading.input),
            "lon": _number(lon),
            "lat": _number(lat),
            "position": trace.position_text(lon, lat).encode(),
        }
        values["accuracy_m"], values["accuracy"] = _accuracy(reading.accuracy_m)
        if "numbers" in place:
            values["x"], values["y"] = (_number(n) for n in place["numbers"])
        if "accuracy_m" in place:
            values["stated_accuracy_m"] = _number(place["accuracy_m"])
        if self.decision.places[0].alternatives:
            shifted = as_shifted(reading)
            values |= {"shifted_lon": _number(shifted.lon), "shifted_lat": _number(shifted.lat)}
        if self.decision.boundary is not None:
            values["distance_m"] = _number(round(distance_m, 1))
            values["metres"] = trace.metres_text(distance_m).encode()
        if self.explained is not None:
            text = self.explained(distance_m)
            values["explained_zh"], values["explained_en"] = _text(text.zh), _text(text.en)
        return values

    def warnings(self, sample: bool, ahead: bool) -> _Both:
        """Return the warnings of the class, of sample data nearby, and of a day that lies ahead."""
        if (sample, ahead) not in self.told:
            self.told[sample, ahead] = _listed(render_warnings(self.decision, sample=sample, ahead=ahead))
        return self.told[sample, ahead]


def _text(value: str) -> bytes:
    """Return a text as canonical JSON; by the encoder's own function, in a tenth of the encoder's time."""
    return encode_basestring(value).encode()


def _number(value: float | None) -> bytes:
    """Return a number as canonical JSON; by the encoder's own function where it is a float."""
    return float.__repr__(value).encode() if isinstance(value, float) else to_text(value).encode()


@lru_cache(maxsize=256)
def _accuracy(metres: float) -> _Both:
    """Return an accuracy as canonical JSON, and as the trace shows it."""
    return _number(metres), trace.accuracy_text(metres).encode()


def _listed(items: Iterable[object]) -> _Both:
    found = [_fragment(item) for item in items]
    return b"[%b]" % b",".join([f[0] for f in found]), b"[%b]" % b",".join([f[1] for f in found])


@lru_cache(maxsize=4_096)
def _fragment(item: object) -> _Both:
    plain = to_plain(item)
    return to_text(plain).encode(), to_sorted_text(plain).encode()


def _hole(name: str) -> str:
    return f"\ue000{name}\ue000"


def _figure(name: str) -> str:
    return f"\ue001{name}\ue001"


def _mark(plain: dict[str, Any], decision: Decision) -> None:
    """Put the name of each figure in its place in an answer's plain values."""
    _mark_place(plain["request"]["places"][0])
    for reading in (plain["reading"], *plain["readings"]):
        _mark_reading(reading, "")
        for shifted in reading["alternatives"]:
            _mark_reading(shifted, "shifted_")
    read = trace.reading_at(
        decision.places[0].reading, None, position=_figure("position"), accuracy=_figure("accuracy")
    )
    steps = {"reading": read}
    if decision.boundary is not None:
        plain["boundary"]["distance_m"] = _hole("distance_m")
        steps["line"] = trace.line_at(_figure("metres"), decision.boundary.kind)
    plain["trace"] = [
        to_plain(render_step(steps[s["step"]])) if s["step"] in steps else s for s in plain["trace"]
    ]
    if explain.tells_distance(decision):
        plain["explanation"] = {"zh": _hole("explained_zh"), "en": _hole("explained_en")}
    plain["nearby"] = {name: _hole(name) for name in plain["nearby"]}
    plain |= {name: _hole(name) for name in ("basins", "warnings", "asked_at", "digest")}


def _mark_place(place: dict[str, Any]) -> None:
    if "text" in place:
        place["text"] = _hole("input")
    else:
        place["numbers"] = [_hole("x"), _hole("y")]
    if "accuracy_m" in place:
        place["accuracy_m"] = _hole("stated_accuracy_m")


def _mark_reading(reading: dict[str, Any], prefix: str) -> None:
    reading |= {"input": _hole("input"), "accuracy_m": _hole("accuracy_m")}
    reading |= {name: _hole(f"{prefix}{name}") for name in ("lon", "lat")}
