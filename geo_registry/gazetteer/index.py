"""The gazetteer: what a text names, what it may have meant, what may be typed next."""

from collections.abc import Iterable
from functools import cached_property

from geo_registry.gazetteer.evidence import evidence_of
from geo_registry.gazetteer.fold import Fit, fold
from geo_registry.gazetteer.kinds import precision_of
from geo_registry.gazetteer.lexicon import Lexicon
from geo_registry.gazetteer.model import Match, Name, Suggestion
from geo_registry.gazetteer.scan import Mention, find_mentions
from geo_registry.gazetteer.suggestions import Suggester
from geo_registry.gazetteer.typos import Typos
from geo_registry.gazetteer.unread import unread
from geo_registry.gazetteer.writing import closed_up, normal

_ALIKE = 12  # candidates for a slip of one character that are worth showing
_ASKED_BACK = 60  # characters in which slips are looked for


class Gazetteer:
    """Names and addresses to counties; immutable, the same answers whatever the order of the names given.

    It is made once for what the registry knows and asked many times: a text is read in one pass, at
    each position looked up in a dictionary of forms.
    """

    def __init__(self, names: Iterable[Name]) -> None:
        self._lexicon = Lexicon(names)
        self._suggester = Suggester(self._lexicon)

    @cached_property
    def _typos(self) -> Typos:
        return Typos(self._lexicon)

    def find(self, text: str) -> tuple[Match, ...]:
        """Return the places a text names, best first.

        Parameters
        ----------
        text
            An address or a name, with or without the units above and their suffixes; half or full width.

        Returns
        -------
        tuple[Match, ...]
            Empty: nothing is known. One: the place. Several: different places, each of which fits, or
            the sides of a text that contradicts itself. A place outside the province has the kind
            ``outside`` and no county.
        """
        written = normal(text)
        mentions = find_mentions(self._lexicon, written)
        if not mentions and " " in written:
            written = closed_up(written)
            mentions = find_mentions(self._lexicon, written)
        return self._matches(written, mentions)

    def similar(self, text: str) -> tuple[Match, ...]:
        """Return places a text may have meant if one character is wrong, missing or too much.

        They are for asking back, never an answer: what `find` reads is not read otherwise here.
        """
        written = normal(text)[:_ASKED_BACK]
        read = find_mentions(self._lexicon, written)
        found: dict[tuple[str, str], Match] = {}
        for corrected in self._typos.corrections(written, read):
            sides = fold(find_mentions(self._lexicon, corrected.text))
            if len(sides) == 1:
                fits = [f for f in sides[0] if any(m.form is corrected.form for m, _ in f.steps)]
                rest = unread(corrected.text, sides)
                for match in (self._match(f, rest, is_one_of_several=False) for f in fits):
                    found.setdefault((match.kind, match.code or match.formal), match)
            if len(found) >= _ALIKE:
                break
        return tuple(found.values())[:_ALIKE]

    def suggest(self, q: str, limit: int = 10) -> tuple[Suggestion, ...]:
        """Return places whose name begins as typed: in characters, in pinyin, or in pinyin initials.

        Counties and cities come first, then towns, then villages; an exact name before longer ones.
        """
        return self._suggester.suggest(normal(q), limit)

    def _matches(self, text: str, mentions: list[Mention]) -> tuple[Match, ...]:
        sides = fold(mentions)
        rest = unread(text, sides)
        fits = {(id(f.place), f.mask): f for side in reversed(sides) for f in reversed(side)}
        ordered = sorted(fits.values(), key=lambda f: (f.place.order, f.mask))
        return tuple(self._match(f, rest, is_one_of_several=len(sides) > 1) for f in ordered)

    def _match(self, fit: Fit, rest: str, *, is_one_of_several: bool) -> Match:
        place = fit.place
        adcodes = self._lexicon.adcodes(fit.mask)
        sources = dict.fromkeys(s for _, reading in fit.steps for s in reading.sources)
        return Match(
            formal=place.formal,
            kind=place.kind,
            adcodes=adcodes,
            precision=precision_of(place.kind, len(adcodes)),
            code=place.code,
            lon=place.lon,
            lat=place.lat,
            evidence=evidence_of(fit, is_one_of_several=is_one_of_several),
            sources=tuple(sources),
            rest=rest,
        )
