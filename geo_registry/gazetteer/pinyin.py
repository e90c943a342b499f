"""Names in pinyin without tones: in full and as initials."""

from collections.abc import Sequence
from functools import cache

from pypinyin import lazy_pinyin

# What the dictionary takes for another word: in the names of this province these are always read so.
_HERE = {
    "长": "chang",
    "朝": "chao",
    "珲": "hun",
    "绿": "lv",
    "赉": "lai",
    "砬": "la",
    "洮": "tao",
    "乐": "le",
}


@cache
def _of_character(character: str) -> str:
    return _HERE.get(character) or "".join(lazy_pinyin(character))


def syllables(name: str) -> tuple[str, ...]:
    """Return the syllables of a name, one a character; what is no Chinese character stays as it is."""
    return tuple(_of_character(c).lower() for c in name)


def initials(spoken: Sequence[str]) -> str:
    """Return the first letters of syllables."""
    return "".join(s[:1] for s in spoken)
