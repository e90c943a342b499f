"""A text as it is looked up: full-width forms folded, invisible characters gone."""

import re
import unicodedata

_INVISIBLE = re.compile(r"[\u0000-\u0008\u000b-\u001f\u007f\u200b-\u200f\u2028-\u202e\u2060\ufeff]")
_LONGEST = 400  # characters; a longer text is no address


def normal(text: str) -> str:
    """Return the text in half-width forms without invisible characters, at most 400 characters of it."""
    if not text.isascii():
        text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text[: 2 * _LONGEST]))
    return text[:_LONGEST].strip()


def closed_up(text: str) -> str:
    """Return the text without white space."""
    return "".join(text.split())
