"""What the gazetteer is given (`Name`) and what it gives back (`Match`, `Suggestion`)."""

from dataclasses import dataclass

from geo_registry.terms import Precision, Text


@dataclass(frozen=True, slots=True)
class Name:
    """One written form of a place; a place has as many as people use.

    Attributes
    ----------
    kind
        ``province``, ``prefecture``, ``county``, ``town``, ``village``, ``zone``, ``forest_district``,
        ``park``, ``river``, ``lake`` or ``court``.
    formal
        The full present form, from the province down.
    adcodes
        Every county the place lies in or may lie in.
    relation
        ``official``, ``short``, ``former`` or ``common``: how the form relates to the formal name.
    lon, lat
        A published point in degrees, EPSG:4326, where a source gives one.
    within
        Codes of units above that are accepted beside this form although the place left them.
    """

    name: str
    kind: str
    formal: str
    adcodes: tuple[str, ...]
    code: str | None
    relation: str
    lon: float | None
    lat: float | None
    sources: tuple[str, ...]
    within: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """A place that fits everything a text says, or one side of a text that contradicts itself.

    Attributes
    ----------
    kind
        As of `Name`, or ``outside`` where the text names another province or a city outside.
    adcodes
        The counties that fit all the evidence: one when the county is fixed, none outside.
    evidence
        What in the text was read as what.
    rest
        What of the text was not understood, a house number for example.
    """

    formal: str
    kind: str
    adcodes: tuple[str, ...]
    precision: Precision
    code: str | None
    lon: float | None
    lat: float | None
    evidence: Text
    sources: tuple[str, ...]
    rest: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A place whose name begins as typed, in characters, pinyin or initials."""

    name: str
    formal: str
    kind: str
    adcodes: tuple[str, ...]
    lon: float | None
    lat: float | None
    code: str | None
