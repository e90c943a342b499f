"""Names of a text put together: the places that fit all of them, or each side of a contradiction."""

from collections.abc import Sequence
from dataclasses import dataclass

from geo_registry.gazetteer.kinds import FINENESS, Standing, Tier
from geo_registry.gazetteer.lexicon import Place, Reading, settled_short
from geo_registry.gazetteer.scan import Mention

_COUNTY, _TOWN = FINENESS["county"], FINENESS["town"]
Step = tuple[Mention, Reading]


@dataclass(frozen=True, slots=True)
class Fit:
    """A place that fits the names read so far, and as what each of them was read."""

    place: Place
    mask: int
    steps: tuple[Step, ...]

    def joined(self, mention: Mention, reading: Reading) -> "Fit | None":
        """Return the fit with one more name, None where the two cannot both be meant."""
        place, other = self.place, reading.place
        if other.kind == "outside" or place.kind == "outside" or self._is_too_vague_for(reading):
            return None
        mask = self.mask & other.mask
        if place.code in reading.within:
            mask = other.mask
        if not mask or not _nested(place, other):
            return None
        finer = other if other.fineness > place.fineness else place
        return Fit(finer, mask, (*self.steps, (mention, reading)))

    def _is_too_vague_for(self, reading: Reading) -> bool:
        """Tell whether a hamlet or a farm stands beside less than a county: more bear its name than are listed."""
        is_near = reading.standing is Standing.NEAR and reading.place.fineness >= _TOWN
        return is_near and self.place.fineness < _COUNTY


def _nested(a: Place, b: Place) -> bool:
    """Tell whether two towns or villages are one, or one inside the other."""
    if a.fineness < _TOWN or b.fineness < _TOWN or a is b:
        return True
    return a.fineness != b.fineness and (a.contains(b) or b.contains(a))


def fold(mentions: Sequence[Mention]) -> list[list[Fit]]:
    """Return the places that fit, a list for each side: more than one side where names contradict each other.

    A village's name that fits nothing before it is left unread where a town is fixed or where the name
    stands without suffix: lists of villages are never complete.
    """
    sides: list[list[Fit]] = []
    for mention in mentions:
        if sides and not mention.new:
            joined = _distinct(_joined(sides[-1], mention))
            if joined:
                sides[-1] = joined
                continue
            if _absorbed(sides[-1], mention):
                continue
        fits = [Fit(r.place, r.place.mask, ((mention, r),)) for r in mention.readings]
        if fits:
            sides.append(fits)
    return [_plainest(side) for side in sides]


def _joined(side: list[Fit], mention: Mention) -> list[Fit]:
    """Return the fits with one more name.

    A village without suffix is weighed beside a city too, but is no reading there by itself: 吉林油田 is
    no village.
    """
    pairs = [
        (fit, reading, joined)
        for fit in side
        for reading in mention.beside
        if (joined := fit.joined(mention, reading)) is not None
    ]
    for is_told in (_inside_zone, _finer):
        pairs = [p for p in pairs if is_told(p[0], p[1])] or pairs
    if mention.readings and mention.readings[0].standing is Standing.FULL:
        return [joined for _, _, joined in pairs]
    left = settled_short(tuple(dict.fromkeys(reading for _, reading, _ in pairs)))
    if left:
        return [joined for _, reading, joined in pairs if reading in left]
    is_local = all(fit.place.fineness >= _COUNTY or fit.place.kind == "zone" for fit in side)
    return [joined for _, _, joined in pairs] if is_local else []


def _distinct(fits: list[Fit]) -> list[Fit]:
    """Return one fit a place and ground, the first: a name said again adds no reading."""
    found: dict[tuple[int, int], Fit] = {}
    for fit in fits:
        found.setdefault((id(fit.place), fit.mask), fit)
    return list(found.values())


def _inside_zone(fit: Fit, reading: Reading) -> bool:
    """Tell whether a place is listed under the development zone named before it."""
    return fit.place.kind == "zone" and fit.place.contains(reading.place)


def _finer(fit: Fit, reading: Reading) -> bool:
    """Tell whether a name says more than the one before it: 通化通化 is the city and its county."""
    return reading.place.fineness > fit.place.fineness


def _absorbed(side: list[Fit], mention: Mention) -> bool:
    """Tell whether a name that does not fit is to be left unread: outside the province, or a village's."""
    if not mention.readings or all(fit.place.kind == "outside" for fit in side):
        return True
    if all(r.place.kind == "outside" and r.standing is not Standing.FULL for r in mention.readings):
        return True
    if any(r.place.kind != "village" for r in mention.readings):
        return False
    return all(r.tier is Tier.FAINT for r in mention.readings) and all(
        fit.place.fineness >= _TOWN for fit in side
    )


def _plainest(side: list[Fit]) -> list[Fit]:
    """Return the fits without those inside another that reads the same names: 农安 is the county, not its town.

    The province is no reading that covers others: 吉林 may well be the city.
    """
    wider = [f for f in side if f.place.stem and f.place.kind != "village"]
    if len(side) == 1 or not wider:
        return side
    return [f for f in side if not any(w.place.contains(f.place) and f.mask & ~w.mask == 0 for w in wider)]
