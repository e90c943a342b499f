"""Addresses built by rule from the township list, and how the gazetteer reads them.

`python -m tests.addresses` prints the table of docs/gazetteer.md, `--times` how long reading takes.
"""

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from geo_registry.gazetteer.forms import town_forms, town_name, unit_forms, village_forms, village_name
from geo_registry.gazetteer.index import Gazetteer
from geo_registry.gazetteer.model import Match
from geo_registry.records import AdminUnit, PlaceName, Township
from tests.gazetteer import packaged_gazetteer, packaged_names, records

_EVERY = 3  # of the villages, every third stands in the table
_SLIPS = "山河林东兴安平龙"  # what a character is mistaken for


@dataclass(frozen=True, slots=True)
class Address:
    """An address and the counties it lies in or, in a development zone, may lie in."""

    text: str
    counties: frozenset[str]


@dataclass(frozen=True, slots=True)
class Spot:
    """A town or a village with the names of what it lies in."""

    name: str
    short: str
    town: str
    county: AdminUnit
    city: AdminUnit
    counties: frozenset[str]


@dataclass(frozen=True, slots=True)
class Measured:
    """How the addresses of a rule were read."""

    rule: str
    example: str
    outcomes: Counter[str]

    @property
    def total(self) -> int:
        return self.outcomes.total()


def outcome(found: tuple[Match, ...], counties: frozenset[str]) -> str:
    """Return how an address was read: its county, one place across counties, several places, nothing, or wrong."""
    if not found:
        return "nothing"
    read = {adcode for match in found for adcode in match.adcodes}
    if not counties & read:
        return "wrong"
    if len(read) == 1:
        return "county"
    return "range" if len(found) == 1 else "several"


@cache
def _units() -> dict[str, AdminUnit]:
    from geo_registry.db.queries.rows import make_unit

    return {u.adcode: u for u in records("counties", make_unit)}


def _short(unit: AdminUnit) -> str:
    shorts = [form for form, relation in unit_forms(unit.name, unit.level, "") if relation == "short"]
    return shorts[0] if shorts else unit.name


@cache
def _spots(level: str) -> tuple[Spot, ...]:
    from geo_registry.db.queries.rows import make_township

    rows = records("townships", make_township)
    towns = {t.code: town_name(t.name) for t in rows if t.level == "town"}
    return tuple(s for t in rows if t.level == level and (s := _spot(t, towns)) is not None)


def _spot(row: Township, towns: dict[str, str]) -> Spot | None:
    units = _units()
    is_town = row.level == "town"
    name = town_name(row.name) if is_town else village_name(row.name)
    if name is None:
        return None
    forms = town_forms(name) if is_town else village_forms(name)
    short = next((form for form, relation in forms if relation == "short"), name)
    county = units[row.county_code]
    city = units[county.parent_adcode or ""]
    is_zone = county.level == "development_zone"
    inside = {u for u in units if u.startswith(city.adcode[:4]) and units[u].level == "county"}
    return Spot(
        name,
        short,
        towns.get(row.parent_code, name),
        county,
        city,
        frozenset(inside if is_zone else {county.adcode}),
    )


def _towns() -> tuple[Spot, ...]:
    return _spots("town")


def _villages() -> tuple[Spot, ...]:
    return _spots("village")[::_EVERY]


def _written(spots: tuple[Spot, ...], write: Callable[[Spot], str]) -> Iterator[Address]:
    for spot in spots:
        yield Address(write(spot), spot.counties)


def _slipped(
    spots: tuple[Spot, ...], write: Callable[[Spot, str], str], part: Callable[[Spot], str]
) -> Iterator[Address]:
    """Yield addresses with one character of a name mistaken, where that does not make another name that is known."""
    known = {name.name for name in packaged_names()}
    for number, spot in enumerate(spots):
        name = part(spot)
        at = number % max(len(name) - 1, 1)
        wrong = next(c for c in _SLIPS[number % len(_SLIPS) :] + _SLIPS if c != name[at])
        slipped = name[:at] + wrong + name[at + 1 :]
        if slipped not in known:
            yield Address(write(spot, slipped), spot.counties)


def _former() -> Iterator[Address]:
    from geo_registry.db.queries.rows import make_place_name

    rows: list[PlaceName] = records("place_names", make_place_name)
    for row in rows:
        if row.kind != "county":
            continue
        for above in row.within:
            yield Address(above + row.name, frozenset(row.adcodes))
        yield Address(row.name, frozenset(row.adcodes))
        for spot in (s for s in _towns() if s.county.adcode == row.code):
            yield Address(row.name + spot.name, spot.counties)
            yield from (Address(above + row.name + spot.name, spot.counties) for above in row.within)


def _roads() -> Iterator[Address]:
    """Yield counties with a road that bears another county's name: the road is no evidence."""
    counties = [u for u in _units().values() if u.level == "county"]
    for i, county in enumerate(counties):
        city = _units()[county.parent_adcode or ""]
        for other, road in ((counties[(i * 7 + 5) % 60], "路12号"), (counties[(i * 11 + 3) % 60], "大街")):
            yield Address(city.name + county.name + _short(other) + road, frozenset({county.adcode}))


def _spaced(spot: Spot) -> str:
    return f"吉林省 {spot.city.name} {spot.county.name}　{spot.name}（１２号）"


RULES: dict[str, Callable[[], Iterator[Address]]] = {
    "省、市、县、乡镇 province, city, county, town": lambda: _written(
        _towns(), lambda s: f"吉林省{s.city.name}{s.county.name}{s.name}"
    ),
    "同上，带空格和全角 the same, with spaces and full width": lambda: _written(_towns(), _spaced),
    "市、乡镇 city, town": lambda: _written(_towns(), lambda s: s.city.name + s.name),
    "县、乡镇 county, town": lambda: _written(_towns(), lambda s: s.county.name + s.name),
    "仅乡镇 town only": lambda: _written(_towns(), lambda s: s.name),
    "省略后缀：市、县、乡镇 no suffixes: city, county, town": lambda: _written(
        _towns(), lambda s: _short(s.city) + _short(s.county) + s.short
    ),
    "省略后缀：县、乡镇 no suffixes: county, town": lambda: _written(
        _towns(), lambda s: _short(s.county) + s.short
    ),
    "省略后缀：市、乡镇 no suffixes: city, town": lambda: _written(
        _towns(), lambda s: _short(s.city) + s.short
    ),
    "省略后缀：仅乡镇 no suffix: town only": lambda: _written(_towns(), lambda s: s.short),
    "省、市、县、乡镇、村、门牌 in full down to the house": lambda: _written(
        _villages(), lambda s: f"吉林省{s.city.name}{s.county.name}{s.town}{s.name}3组12号"
    ),
    "县、乡镇、村 county, town, village": lambda: _written(
        _villages(), lambda s: s.county.name + s.town + s.name
    ),
    "县、村 county, village": lambda: _written(_villages(), lambda s: s.county.name + s.name),
    "省略后缀：县、村 no suffixes: county, village": lambda: _written(
        _villages(), lambda s: _short(s.county) + s.short
    ),
    "市、村 city, village": lambda: _written(_villages(), lambda s: s.city.name + s.name),
    "乡镇、村 town, village": lambda: _written(_villages(), lambda s: s.town + s.name),
    "仅村 village only": lambda: _written(_villages(), lambda s: s.name),
    "旧称、通称（及其下乡镇） former and common names, and towns under them": _former,
    "路名含他县之名 a road with another county's name": _roads,
    "错一字：县、乡镇（乡镇错） one slip: county, town (in the town)": lambda: _slipped(
        _towns(), lambda s, name: s.county.name + name, lambda s: s.name
    ),
    "错一字：县、乡镇（县错） one slip: county, town (in the county)": lambda: _slipped(
        _towns(), lambda s, name: name + s.name, lambda s: s.county.name
    ),
    "错一字：市、乡镇（乡镇错） one slip: city, town (in the town)": lambda: _slipped(
        _towns(), lambda s, name: s.city.name + name, lambda s: s.name
    ),
    "错一字：县、村（村错） one slip: county, village (in the village)": lambda: _slipped(
        _villages(), lambda s, name: s.county.name + name, lambda s: s.name
    ),
    "错一字：仅乡镇 one slip: town only": lambda: _slipped(_towns(), lambda s, name: name, lambda s: s.name),
}


def contradictions() -> Iterator[tuple[str, str, str]]:
    """Yield a county with a town of another city, and both counties: neither may be taken for the answer.

    Farms whose name many others bear are left out: by themselves they are no reading.
    """
    gazetteer = packaged_gazetteer()
    towns = [s for s in _towns() if len(s.counties) == 1 and gazetteer.find(s.name)]
    for i, spot in enumerate(towns):
        other = towns[(i * 31 + 500) % len(towns)]
        is_elsewhere = other.city != spot.city
        if is_elsewhere and not any(t.name == other.name and t.city == spot.city for t in towns):
            yield spot.county.name + other.name, spot.county.adcode, other.county.adcode


@cache
def measured() -> tuple[Measured, ...]:
    """Return how the addresses of every rule are read."""
    gazetteer = packaged_gazetteer()
    return tuple(_measure(gazetteer, rule, list(make())) for rule, make in RULES.items())


def _measure(gazetteer: Gazetteer, rule: str, addresses: list[Address]) -> Measured:
    outcomes = Counter(outcome(gazetteer.find(a.text), a.counties) for a in addresses)
    return Measured(rule, addresses[len(addresses) // 3].text, outcomes)


def wrong_ones() -> list[tuple[str, str, Address]]:
    """Return the addresses read as another county, with what they were read as."""
    gazetteer = packaged_gazetteer()
    return [
        (rule, "; ".join(m.formal for m in found), a)
        for rule, make in RULES.items()
        for a in make()
        if outcome(found := gazetteer.find(a.text), a.counties) == "wrong"
    ]


def share_offered(every: int = 5) -> float:
    """Return the share of slips in a town's name under its county for which `similar` offers that county's town."""
    rule = next(r for r in RULES if "in the town" in r and r.startswith("错一字：县"))
    addresses = list(RULES[rule]())[::every]
    gazetteer = packaged_gazetteer()
    offered = sum(any(a.counties & set(m.adcodes) for m in gazetteer.similar(a.text)) for a in addresses)
    return offered / len(addresses)


def table() -> str:
    """Return the measured rates as the table of docs/gazetteer.md."""
    lines = [
        "| rule | example | addresses | its county | one place, several counties | several places | nothing | wrong county |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for m in measured():
        shares = " | ".join(
            f"{m.outcomes[k] / m.total:.1%}" for k in ("county", "range", "several", "nothing")
        )
        lines.append(f"| {m.rule} | {m.example} | {m.total:,} | {shares} | {m.outcomes['wrong']} |")
    return "\n".join(lines)


def times() -> str:
    """Return how many addresses are read a second, and how long a suggestion takes at most."""
    gazetteer = packaged_gazetteer()
    addresses = [a.text for make in RULES.values() for a in make()]
    started = time.perf_counter()
    for text in addresses:
        gazetteer.find(text)
    rate = len(addresses) / (time.perf_counter() - started)
    longest = max(
        _time_of(gazetteer, q) for q in [*"abcdefghijklmnopqrstuvwxyz", *"长吉四大小新太东西", "nax", "太平"]
    )
    return f"{len(addresses):,} addresses, {rate:,.0f} a second; longest suggestion {longest * 1000:.1f} ms"


def _time_of(gazetteer: Gazetteer, q: str) -> float:
    started = time.perf_counter()
    gazetteer.suggest(q)
    return time.perf_counter() - started


if __name__ == "__main__":
    print(times() if "--times" in sys.argv else table())
