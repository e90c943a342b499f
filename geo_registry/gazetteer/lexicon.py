"""Every written form with the places it can stand for: what a text is looked up in."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from geo_registry.gazetteer.kinds import FINENESS, ORDER, Standing, Tier, standing_of, tier_of
from geo_registry.gazetteer.model import Name
from geo_registry.gazetteer.outside import outside_forms

_DIGITS = {"prefecture": 4, "county": 6, "zone": 6, "town": 9, "village": 12}


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A place, one however many names it has.

    Attributes
    ----------
    mask
        The counties it may lie in, a bit each.
    stem
        The beginning of the codes of everything inside it; empty where codes do not tell.
    """

    kind: str
    formal: str
    title: str
    code: str | None
    mask: int
    fineness: int
    stem: str
    lon: float | None
    lat: float | None

    @property
    def order(self) -> tuple[int, str, str]:
        """Return its place in a list of several."""
        return ORDER.index(self.kind), self.code or "", self.formal

    def contains(self, other: "Place") -> bool:
        """Tell whether the codes say that another place lies inside this one."""
        return bool(self.stem) and other is not self and other.stem.startswith(self.stem)


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A form read as a place."""

    place: Place
    standing: Standing
    tier: Tier
    relation: str
    within: frozenset[str]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """A written form and its readings.

    Attributes
    ----------
    full
        Readings for which the form carries the suffix.
    short
        Readings for which it does not.
    near
        Readings it has only beside a unit above it.
    alone
        Readings it has where no unit stands above it.
    whole
        Whether the form is a county's, a city's or the province's own, plain to see in any surroundings.
    """

    text: str
    full: tuple[Reading, ...]
    short: tuple[Reading, ...]
    near: tuple[Reading, ...]
    alone: tuple[Reading, ...]
    whole: bool

    @property
    def beside(self) -> tuple[Reading, ...]:
        """Return what it can be read as beside a unit above it."""
        return (*self.full, *self.short, *self.near)


class Lexicon:
    """The forms, found by their text; which lengths begin with a pair of characters."""

    def __init__(self, names: Iterable[Name]) -> None:
        ordered = sorted(names, key=_order)
        self.counties = tuple(sorted({a for n in ordered for a in n.adcodes}))
        self._bit = {adcode: 1 << i for i, adcode in enumerate(self.counties)}
        self.places: dict[tuple[str, str], Place] = {}
        gathered: dict[str, dict[Place, Reading]] = defaultdict(dict)
        for name in ordered:
            _gather(gathered[name.name], self._reading(name))
        for form, formal in outside_forms():
            _gather(gathered[form], self._outside(form, formal))
        self.forms = {
            text: _form(text, tuple(found.values())) for text, found in gathered.items() if len(text) > 1
        }
        self._ready = {mask: self._of_mask(mask) for mask in {p.mask for p in self.places.values()}}
        lengths: dict[str, set[int]] = defaultdict(set)
        for text in self.forms:
            lengths[text[:2]].add(len(text))
        self.lengths = {pair: tuple(sorted(found, reverse=True)) for pair, found in lengths.items()}

    def adcodes(self, mask: int) -> tuple[str, ...]:
        """Return the counties of a mask, in the order of their codes."""
        return self._ready.get(mask) or self._of_mask(mask)

    def _of_mask(self, mask: int) -> tuple[str, ...]:
        return tuple(adcode for adcode, bit in self._bit.items() if mask & bit)

    def _reading(self, name: Name) -> Reading:
        place = self._place(name)
        return Reading(
            place,
            standing_of(name),
            tier_of(name.kind, name.formal),
            name.relation,
            frozenset(name.within),
            name.sources,
        )

    def _place(self, name: Name) -> Place:
        key = (name.kind, name.code or name.formal)
        if key not in self.places:
            mask = sum(self._bit[a] for a in set(name.adcodes))
            stem = (name.code or "")[: _DIGITS.get(name.kind, 0)]
            self.places[key] = Place(
                name.kind, name.formal, name.name if name.relation == "official" else name.formal, name.code, mask,
                FINENESS[name.kind], stem, name.lon, name.lat,
            )  # fmt: skip
        return self.places[key]

    def _outside(self, form: str, formal: str) -> Reading:
        key = ("outside", formal)
        if key not in self.places:
            self.places[key] = Place("outside", formal, formal, None, 0, FINENESS["outside"], "", None, None)
        standing = Standing.FULL if form == formal and len(form) > 2 else Standing.SHORT
        return Reading(self.places[key], standing, Tier.KNOWN, "official", frozenset(), ())


def _order(name: Name) -> tuple[object, ...]:
    """Return a key that leaves nothing to the order in which names came; a place's own name first."""
    return (
        name.kind, name.code or "", name.formal, name.relation != "official", name.name, name.relation,
        name.within, name.sources, name.adcodes, str(name.lon), str(name.lat),
    )  # fmt: skip


def _gather(found: dict[Place, Reading], reading: Reading) -> None:
    """Keep one reading a place: the one that stands best, accepted beside every unit any of them is."""
    held = found.get(reading.place)
    if held is None:
        found[reading.place] = reading
        return
    best = min(held, reading, key=lambda r: r.standing)
    found[reading.place] = Reading(
        best.place, best.standing, best.tier, best.relation, held.within | reading.within,
        tuple(dict.fromkeys((*held.sources, *reading.sources))),
    )  # fmt: skip


def _form(text: str, readings: tuple[Reading, ...]) -> Form:
    readings = tuple(sorted(readings, key=lambda r: r.place.order))
    full = tuple(r for r in readings if r.standing is Standing.FULL)
    short = tuple(r for r in readings if r.standing is Standing.SHORT)
    near = tuple(r for r in readings if r.standing is Standing.NEAR)
    whole = text == "吉林省" or (
        len(text) > 2 and text[-1] in "市县州" and any(r.place.kind in ("prefecture", "county") for r in full)
    )
    alone = _alone(full, short)
    return Form(text, full, short, near, alone, whole)


def _alone(full: tuple[Reading, ...], short: tuple[Reading, ...]) -> tuple[Reading, ...]:
    """Return what a form is read as by itself: a full name beside a town's short one leaves both open."""
    if not full:
        return settled_short(short)
    is_village = all(r.tier is Tier.FAINT for r in full)
    return (*full, *(r for r in short if is_village or r.tier is not Tier.FAINT))


def settled_short(short: tuple[Reading, ...]) -> tuple[Reading, ...]:
    """Return the readings of a form without suffix that are left when they are weighed against each other.

    A city's or county's name is not taken for a village, a prefecture's not for a street office either,
    unless a town elsewhere bears it too: then nothing is settled and all are kept. Villages alone are
    no reading at all: too many hamlets are not listed.
    """
    known = [r for r in short if r.tier is Tier.KNOWN]
    if not known:
        return () if all(r.tier is Tier.FAINT for r in short) else short
    if any(r.place.kind in ("province", "prefecture") for r in known):
        short = tuple(r for r in short if not r.place.formal.endswith("街道"))
    rivals = (r for r in short if r.tier is Tier.PLAIN)
    elsewhere = any(not any(k.place.contains(r.place) for k in known) for r in rivals)
    return short if elsewhere else tuple(known)
