"""What may be typed next: sorted keys, each found by its beginning."""

import heapq
from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from geo_registry.gazetteer.kinds import Standing
from geo_registry.gazetteer.lexicon import Lexicon, Place, Reading
from geo_registry.gazetteer.model import Suggestion
from geo_registry.gazetteer.pinyin import initials, syllables

_LAST = "\U0010ffff"  # sorts after every character
_RANK = {"province": 0, "prefecture": 0, "county": 0, "town": 1, "village": 2}
_OTHER = 3


class _Keys:
    """Keys in order, each with the number of its entry."""

    def __init__(self, pairs: Iterable[tuple[str, int]]) -> None:
        ordered = sorted(pairs)
        self._keys = [key for key, _ in ordered]
        self._numbers = [number for _, number in ordered]

    def beginning(self, typed: str) -> list[int]:
        """Return the entries whose key begins so."""
        return self._numbers[bisect_left(self._keys, typed) : bisect_left(self._keys, typed + _LAST)]

    def equal(self, typed: str) -> list[int]:
        """Return the entries of a key."""
        return self._numbers[bisect_left(self._keys, typed) : bisect_right(self._keys, typed)]


class Suggester:
    """Places by the beginning of their names, counties and cities first."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        entries = sorted(
            (
                (text, r)
                for text, form in lexicon.forms.items()
                for r in (*form.full, *form.short)
                if r.place.kind != "outside"
            ),
            key=lambda e: (_rank(e[1]), len(e[0]), e[1].place.order, e[0]),
        )
        self._entries = entries
        spoken = [(syllables(text), i) for i, (text, _) in enumerate(entries)]
        self._written = _Keys((text, i) for i, (text, _) in enumerate(entries))
        self._spoken = _Keys(key for s, i in spoken for key in {("".join(s), i), (initials(s), i)})

    def suggest(self, q: str, limit: int) -> tuple[Suggestion, ...]:
        """Return the places whose name begins with `q`, the likeliest first, each once."""
        typed = "".join(q.split()).lower().replace("'", "").replace("ü", "v")
        if not typed or limit < 1:
            return ()
        keys = self._spoken if typed.isascii() else self._written
        exact = keys.equal(typed)
        wanted = {*heapq.nsmallest(limit * 8, keys.beginning(typed)), *heapq.nsmallest(limit * 8, exact)}
        same = set(exact)
        return self._first(
            sorted(wanted, key=lambda n: (_rank(self._entries[n][1]), n not in same, n)), limit
        )

    def _first(self, ranked: list[int], limit: int) -> tuple[Suggestion, ...]:
        found: dict[Place, Suggestion] = {}
        for number in ranked:
            text, reading = self._entries[number]
            if reading.place not in found:
                found[reading.place] = self._suggestion(text, reading)
            if len(found) == limit:
                break
        return tuple(found.values())

    def _suggestion(self, text: str, reading: Reading) -> Suggestion:
        place = reading.place
        name = text if reading.relation == "former" else place.title
        return Suggestion(
            name,
            place.formal,
            place.kind,
            self._lexicon.adcodes(place.mask),
            place.lon,
            place.lat,
            place.code,
        )


def _rank(reading: Reading) -> int:
    """Return the group a reading is listed in; a name no longer in use comes after those that are."""
    rank = _RANK.get(reading.place.kind, _OTHER)
    return rank if reading.standing is not Standing.NEAR and reading.relation != "former" else max(rank, 1)
