"""What a version holds beside its days, and the edits a draft of it takes. Pure: an edit makes a new content."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import TypeVar

from shapely import Geometry

from geo_registry.errors import BadChoice, BadEdit, DesignationNotFound
from geo_registry.terms import CaseKind, Status, Territory, Text
from geo_registry.zones.model import Designation

_Word = TypeVar("_Word", bound=StrEnum)


class Noun(StrEnum):
    """What of the ground a version may amend."""

    UNIT = "unit"
    COURT = "court"
    DISTRICT = "district"

    @property
    def label(self) -> Text:
        """Return the word shown to people."""
        return _NOUN[self]


_NOUN = {
    Noun.UNIT: Text("区划", "unit"),
    Noun.COURT: Text("法院", "court"),
    Noun.DISTRICT: Text("林区", "forest district"),
}
AMENDABLE = {
    Noun.UNIT: ("name", "level", "parent_adcode"),
    Noun.COURT: ("name", "other_name", "level", "role", "seat_adcode", "superior_code", "superior_status"),
    Noun.DISTRICT: ("name", "court_name", "seat_adcode"),
}


@dataclass(frozen=True, slots=True)
class Amendment:
    """How a unit, a court or a forest district differs under a version from what the layers say of it.

    Attributes
    ----------
    content
        The fields that differ, by name; a field that is not there is as the layers have it.
    geometry
        The polygon it has under the version, degrees, EPSG:4326, lon-lat order; None for that of the layers.
    """

    noun: Noun
    key: str
    content: Mapping[str, str | None]
    geometry: Geometry | None
    status: Status
    sources: tuple[str, ...]
    as_of: str


@dataclass(frozen=True, slots=True)
class Content:
    """The rows of a version and its amendments."""

    designations: tuple[Designation, ...]
    amendments: tuple[Amendment, ...]

    def row(self, key: str) -> Designation:
        """Return the row of a unit or a forest district.

        Raises
        ------
        DesignationNotFound
            There is none.
        """
        for d in self.designations:
            if key == key_of(d):
                return d
        raise DesignationNotFound(key=key)


def key_of(d: Designation) -> str:
    """Return what a row is about: the adcode of its unit, or the code of its district."""
    return d.adcode or d.district or ""


@dataclass(frozen=True, slots=True)
class SetRow:
    """Change fields of the row of a unit or district; values as text, empty text for none."""

    key: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class AddRow:
    """Add a row for a unit (six digits), or for a forest district."""

    key: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RemoveRow:
    """Take the row of a unit or district away."""

    key: str


@dataclass(frozen=True, slots=True)
class Amend:
    """Amend a unit, a court or a district; the fields are added to those amended already."""

    amendment: Amendment


@dataclass(frozen=True, slots=True)
class Restore:
    """Take an amendment back: the thing is again as the layers have it."""

    noun: Noun
    key: str


Edit = SetRow | AddRow | RemoveRow | Amend | Restore
ROW = "row"
EDITABLE = (
    "court_code",
    "kinds",
    "instrument",
    "article",
    "gist_zh",
    "gist_en",
    "status",
    "sources",
    "as_of",
)
_NEEDED = ("court_code", "instrument", "gist_zh", "gist_en", "status", "sources", "as_of")


def read_edit(
    of: str, key: str, values: Mapping[str, str], *, add: bool = False, remove: bool = False
) -> Edit:
    """Return an edit from words: of a row, or of a `Noun` by its word.

    An amendment takes its confidence, sources and date from the values `status`, `sources` and `as_of`.

    Raises
    ------
    BadChoice
        The word is none of them, or an amendment does not say how well it is known.
    """
    if of == ROW:
        return RemoveRow(key) if remove else AddRow(key, values) if add else SetRow(key, values)
    if of not in list(Noun):
        raise BadChoice(name="of", value=of, allowed=", ".join((ROW, *Noun)))
    if remove:
        return Restore(Noun(of), key)
    content = {k: v or None for k, v in values.items() if k not in ("status", "sources", "as_of")}
    status = word(Status, "status", values.get("status", ""))
    return Amend(
        Amendment(
            Noun(of), key, content, None, status, parts_of(values.get("sources", "")), values.get("as_of", "")
        )
    )


def apply_edits(content: Content, edits: Sequence[Edit], *, version: str) -> Content:
    """Return the content after the edits, one after the other; all or none.

    Raises
    ------
    DesignationNotFound
        A row to change or to remove is not there.
    BadEdit, BadChoice
        A row is there already, a field is not one that can be edited, lacks its value or has a wrong one.
    """
    for edit in edits:
        content = _applied(content, edit, version)
    return content


def _applied(content: Content, edit: Edit, version: str) -> Content:
    match edit:
        case SetRow(key, values):
            before = content.row(key)
            after = _edited(before, values)
            return replace(content, designations=_swapped(content.designations, before, after))
        case AddRow(key, values):
            return replace(content, designations=_added(content, key, values, version))
        case RemoveRow(key):
            return replace(content, designations=_swapped(content.designations, content.row(key), None))
        case Amend(amendment):
            return replace(content, amendments=_amended(content.amendments, amendment))
        case Restore(noun, key):
            kept = tuple(a for a in content.amendments if (a.noun, a.key) != (noun, key))
            if len(kept) == len(content.amendments):
                raise BadEdit(
                    key=key,
                    reason_zh="草案没有对它的修改可撤回",
                    reason_en="the draft has no amendment of it to take back",
                )
            return replace(content, amendments=kept)


def _swapped(
    rows: tuple[Designation, ...], before: Designation, after: Designation | None
) -> tuple[Designation, ...]:
    return tuple(new for d in rows if (new := after if d is before else d) is not None)


def _added(content: Content, key: str, values: Mapping[str, str], version: str) -> tuple[Designation, ...]:
    territory = Territory.ORDINARY if key.isdigit() else Territory.FOREST
    if key.endswith("0000"):
        territory = Territory.PROVINCE
    if any(key_of(d) == key for d in content.designations):
        raise BadEdit(
            key=key,
            reason_zh="已有指定，请改用修改",
            reason_en="it has a designation already; change that one",
        )
    missing = [name for name in _NEEDED if not values.get(name)]
    if missing:
        raise _lacks(key, missing)
    blank = Designation(
        id=f"{version}/{'province' if territory is Territory.PROVINCE else key}", version_id=version, territory=territory,
        adcode=None if territory is Territory.FOREST else key, district=key if territory is Territory.FOREST else None,
        court_code="", kinds=None, instrument="", article=None, gist=Text("", ""), status=Status.UNRESOLVED,
        sources=(), as_of="",
    )  # fmt: skip
    rows = (*content.designations, _edited(blank, values))
    return tuple(sorted(rows, key=lambda d: d.id))


def _edited(row: Designation, values: Mapping[str, str]) -> Designation:
    """Return a row with fields read from text.

    Raises
    ------
    BadEdit, BadChoice
        As for `apply_edits`.
    """
    changes: dict[str, object] = {}
    gist = row.gist
    for name, text in values.items():
        text = text.strip()
        if name not in EDITABLE:
            raise BadChoice(name="field", value=name, allowed=", ".join(EDITABLE))
        if name in _NEEDED and not text:
            raise _lacks(key_of(row), [name])
        if name == "gist_zh":
            gist = replace(gist, zh=text)
        elif name == "gist_en":
            gist = replace(gist, en=text)
        else:
            changes[name] = _value(name, text)
    return replace(row, gist=gist, **changes)  # type: ignore[arg-type]


def _value(name: str, text: str) -> object:
    if name == "kinds":
        return frozenset(word(CaseKind, name, part) for part in parts_of(text)) or None
    if name == "status":
        return word(Status, name, text)
    if name == "sources":
        return parts_of(text)
    return text or None if name == "article" else text


def parts_of(text: str) -> tuple[str, ...]:
    """Return the parts of a list written with semicolons, ASCII or full-width."""
    return tuple(part.strip() for part in text.replace("；", ";").split(";") if part.strip())


def word(kind: type[_Word], name: str, text: str) -> _Word:
    """Return a word of a list.

    Raises
    ------
    BadChoice
        It is not on the list.
    """
    try:
        return kind(text)
    except ValueError:
        raise BadChoice(name=name, value=text, allowed=", ".join(kind)) from None


def _lacks(key: str, names: Sequence[str]) -> BadEdit:
    listed = ", ".join(names)
    return BadEdit(key=key, reason_zh=f"缺少 {listed}", reason_en=f"it lacks {listed}")


def _amended(held: tuple[Amendment, ...], new: Amendment) -> tuple[Amendment, ...]:
    allowed = AMENDABLE[new.noun]
    for name in new.content:
        if name not in allowed:
            raise BadChoice(name="field", value=name, allowed=", ".join(allowed))
    if not new.sources:
        raise _lacks(new.key, ["sources"])
    before = next((a for a in held if (a.noun, a.key) == (new.noun, new.key)), None)
    if before is not None:
        geometry = before.geometry if new.geometry is None else new.geometry
        new = replace(new, content={**before.content, **new.content}, geometry=geometry)
    others = [a for a in held if a is not before]
    return tuple(sorted([*others, new], key=lambda a: (a.noun, a.key)))


def row_values(d: Designation) -> dict[str, str]:
    """Return the editable fields of a row as the text `SetRow` reads."""
    plain = {f.name: getattr(d, f.name) for f in fields(d)}
    return {
        **{name: str(plain[name] or "") for name in ("court_code", "instrument", "article", "as_of")},
        "kinds": ";".join(sorted(d.kinds or ())),
        "gist_zh": d.gist.zh,
        "gist_en": d.gist.en,
        "status": d.status.value,
        "sources": ";".join(d.sources),
    }
