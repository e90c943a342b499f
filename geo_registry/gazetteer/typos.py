"""Slips of one character: forms that a stretch of text becomes when one is put right."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from geo_registry.gazetteer.kinds import ORDER
from geo_registry.gazetteer.lexicon import Form, Lexicon
from geo_registry.gazetteer.pinyin import syllables
from geo_registry.gazetteer.scan import Mention

_SHORTEST, _LONGEST = 3, 10
_TRIED = 100


@dataclass(frozen=True, slots=True)
class Corrected:
    """A text with one name put right."""

    text: str
    form: Form


class Typos:
    """The forms with their suffix, found by what is left of them without one character."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._by_rest: dict[str, list[Form]] = defaultdict(list)
        for form in lexicon.forms.values():
            if form.full and _SHORTEST <= len(form.text) <= _LONGEST and form.full[0].place.kind != "outside":
                for rest in _rests(form.text):
                    self._by_rest[rest].append(form)

    def corrections(self, text: str, read: Sequence[Mention]) -> Iterator[Corrected]:
        """Yield the text with one name put right, names that sound alike and larger units first.

        What was read already is not touched.
        """
        taken = [(m.start, m.end) for m in read]
        found: dict[tuple[int, int, str], tuple[bool, int, int, str]] = {}
        for start, end in _stretches(text, taken):
            stretch = text[start:end]
            for form in {f.text: f for r in _rests(stretch) for f in self._by_rest.get(r, ())}.values():
                if form.text != stretch and _one_apart(stretch, form.text):
                    found[start, end, form.text] = _likelihood(stretch, form)
        forms = {f.text: f for r in self._by_rest.values() for f in r} if found else {}
        for start, end, name in sorted(found, key=lambda k: (*found[k], k))[:_TRIED]:
            yield Corrected(text[:start] + name + text[end:], forms[name])


def _stretches(text: str, taken: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for start in range(len(text)):
        for end in range(start + _SHORTEST - 1, min(start + _LONGEST + 1, len(text)) + 1):
            if not any(start < t_end and t_start < end for t_start, t_end in taken):
                yield start, end


def _rests(text: str) -> set[str]:
    return {text} | {text[:i] + text[i + 1 :] for i in range(len(text))}


def _one_apart(a: str, b: str) -> bool:
    """Tell whether one character changed, added or left out makes one text the other."""
    if len(a) == len(b):
        return sum(x != y for x, y in zip(a, b, strict=True)) == 1
    short, long = sorted((a, b), key=len)
    return len(long) - len(short) == 1 and short in _rests(long)


def _likelihood(stretch: str, form: Form) -> tuple[bool, int, int, str]:
    return (
        syllables(stretch) != syllables(form.text),
        abs(len(stretch) - len(form.text)),
        ORDER.index(form.full[0].place.kind),
        form.text,
    )
