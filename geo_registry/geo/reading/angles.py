"""Two angles out of signs and numbers: decimal degrees, degrees and minutes, degrees-minutes-seconds.

The grammar knows only what `characters` leaves: numbers, `° ' "`, `N S E W`, labels, `, ; / : =`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from geo_registry.errors import BadAngle

_TOKEN = re.compile(r"\s*(?:(?P<number>\d+\.\d*|\.\d+|\d+)|(?P<label>@[a-z]+)|(?P<sign>[+-])|(?P<mark>[°'\":])|"
                    r"(?P<side>[NSEW])(?![a-z])|(?P<gap>[,;/]+)|(?P<skip>=))\s*")  # fmt: skip
_AXIS = {
    "N": "lat",
    "S": "lat",
    "E": "lon",
    "W": "lon",
    "@lat": "lat",
    "@lon": "lon",
    "@north": "lat",
    "@east": "lon",
}
_UNIT = {"°": 0, "'": 1, '"': 2}
_PER_DEGREE = (1.0, 60.0, 3600.0)


@dataclass(frozen=True, slots=True)
class Token:
    """One sign or number, and its kind."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Angle:
    """One written angle, or one written number of metres.

    Attributes
    ----------
    value
        Degrees, or metres.
    axis
        `lon` or `lat` where a letter or word says so.
    parts
        The numbers as written, one to three.
    marked
        Whether a degree, minute or second sign, a colon or a second number stands in it.
    resolution
        The unit of the last digit, in degrees (or metres).
    """

    value: float
    axis: str | None
    parts: tuple[str, ...]
    marked: bool
    resolution: float


def tokenise(text: str) -> list[Token] | None:
    """Return the signs and numbers of a text, None where it holds anything else."""
    tokens, at = [], 0
    upper = re.sub(r"(?<![@a-zA-Z])[nsew](?![a-zA-Z])", lambda m: m.group().upper(), text)
    while at < len(upper):
        match = _TOKEN.match(upper, at)
        if not match or match.end() == at:
            return None
        kind = match.lastgroup
        assert kind is not None
        tokens.append(Token(kind, match.group(kind)))
        at = match.end()
    kept = [t for t in tokens if t.kind != "skip"]
    return [
        t
        for i, t in enumerate(kept)
        if not (t.text == ":" and (i == 0 or kept[i - 1].kind in ("label", "side")))
    ]


def parse_pair(tokens: Sequence[Token], text: str) -> tuple[Angle, Angle] | None:
    """Return the two angles of a text, None where it does not hold two.

    Raises
    ------
    BadAngle
        Minutes or seconds of 60 and more, a fraction before a smaller unit, two angles of one axis.
    """
    groups = _split(tokens)
    if groups is None or len(groups) != 2:
        return None
    first, second = (_angle(group, text) for group in groups)
    if first is None or second is None:
        return None
    if first.axis is not None and first.axis == second.axis:
        raise BadAngle(text=text, reason_zh="两个都是同一方向的角度", reason_en="both angles are of one axis")
    return first, second


def _split(tokens: Sequence[Token]) -> list[list[Token]] | None:
    """Split tokens into two angles: at a gap, at letters and words, at degree signs, or in the middle."""
    groups = _at_gaps(tokens)
    if len(groups) == 2:
        return groups
    if len(groups) in (4, 6) and all(len(g) == 1 and g[0].kind == "number" for g in groups):
        half = len(groups) // 2
        return [[g[0] for g in groups[:half]], [g[0] for g in groups[half:]]]
    if len(groups) != 1:
        return None
    flat = groups[0]
    named = [i for i, t in enumerate(flat) if t.kind in ("side", "label")]
    if named:
        return _at_names(flat, named)
    signs = [i for i, t in enumerate(flat) if t.text == "°"]
    numbers = [i for i, t in enumerate(flat) if t.kind == "number"]
    if len(signs) == 2:
        before = [i for i in numbers if i < signs[1]]
        return _cut(flat, before[-1]) if before else None
    if len(numbers) in (2, 4, 6):
        return _cut(flat, numbers[len(numbers) // 2])
    return None


def _at_gaps(tokens: Sequence[Token]) -> list[list[Token]]:
    groups: list[list[Token]] = [[]]
    for token in tokens:
        if token.kind == "gap":
            groups.append([])
        else:
            groups[-1].append(token)
    return [g for g in groups if g]


def _at_names(flat: list[Token], named: list[int]) -> list[list[Token]] | None:
    """Split where letters or words stand: all before their angle, or all behind it; one alone will do."""
    if named[0] == 0:
        later = [i for i in named if i > 0 and flat[i - 1].kind not in ("label", "side")]
        if not later:
            numbers = [i for i, t in enumerate(flat) if t.kind == "number"]
            return _cut(flat, numbers[len(numbers) // 2]) if len(numbers) in (2, 4, 6) else None
        return [flat[: later[0]], flat[later[0] :]] if len(later) == 1 else None
    if len(named) in (1, 2) and flat[named[0]].kind == "side":
        return [flat[: named[0] + 1], flat[named[0] + 1 :]]
    return _cut(flat, named[0]) if len(named) == 1 else None


def _cut(flat: list[Token], at: int) -> list[list[Token]]:
    start = at - 1 if at > 0 and flat[at - 1].kind == "sign" else at
    return [flat[:start], flat[start:]]


def _angle(group: list[Token], text: str) -> Angle | None:
    names = [t.text for t in group if t.kind in ("side", "label")]
    axes = {axis for name in names if (axis := _AXIS.get(name)) is not None}
    if len(axes) > 1:
        raise BadAngle(text=text, reason_zh="方向互相矛盾", reason_en="its directions contradict each other")
    body = [t for t in group if t.kind not in ("side", "label")]
    numbers = [i for i, t in enumerate(group) if t.kind == "number"]
    if any(t.kind == "side" and numbers and numbers[0] < i < numbers[-1] for i, t in enumerate(group)):
        return None  # a letter between the numbers of one angle
    negative = bool(body) and body[0].text == "-"
    body = body[1:] if body and body[0].kind == "sign" else body
    parts = _parts(body)
    if parts is None:
        return None
    value, resolution = _value(parts, text)
    west = any(t.kind == "side" and t.text in "SW" for t in group)
    if negative and west:
        raise BadAngle(text=text, reason_zh="负号与方向重复", reason_en="a minus sign stands beside S or W")
    marked = len(parts) > 1 or any(t.kind == "mark" for t in body)
    return Angle(-value if negative or west else value, next(iter(axes), None), parts, marked, resolution)


def _parts(body: list[Token]) -> tuple[str, ...] | None:
    """Return the numbers of an angle, largest unit first; None where signs and numbers do not fit."""
    found: list[str] = []
    waiting = False  # a number stands without its sign yet
    for token in body:
        if token.kind == "number":
            found.append(token.text)
            waiting = True
        elif token.kind == "mark":
            unit = _UNIT.get(token.text, len(found) - 1)  # a colon closes whatever stands before it
            if not waiting or unit != len(found) - 1:
                return None
            waiting = False
        else:
            return None
    return tuple(found) if 1 <= len(found) <= 3 else None


def _value(parts: tuple[str, ...], text: str) -> tuple[float, float]:
    for larger in parts[:-1]:
        if "." in larger and float(larger) % 1:
            raise BadAngle(text=text, reason_zh=f"{larger} 带小数，后面却还有更小的单位", reason_en=f"{larger} has a fraction and a smaller unit follows")  # fmt: skip
    for smaller in parts[1:]:
        if float(smaller) >= 60:
            raise BadAngle(text=text, reason_zh=f"分、秒应小于 60，而写的是 {smaller}", reason_en=f"minutes and seconds are below 60, and {smaller} is not")  # fmt: skip
    value = sum(float(part) / per for part, per in zip(parts, _PER_DEGREE, strict=False))
    decimals = len(parts[-1].partition(".")[2])
    return value, 10.0**-decimals / _PER_DEGREE[len(parts) - 1]
