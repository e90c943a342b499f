"""What one version says otherwise than another: field by field, in words, as rows. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from shapely import Geometry

from geo_registry.geo.measure import area_m2
from geo_registry.terms import Text
from geo_registry.zones.draft import Amendment, Content, Noun, key_of, row_values


@dataclass(frozen=True, slots=True)
class Names:
    """Names by which people know codes, under both versions; a code that is not there stands for itself."""

    units: Mapping[str, str]
    courts: Mapping[str, str]
    districts: Mapping[str, str]

    def of(self, key: str) -> str:
        """Return the name of a unit, a district or a court."""
        return self.units.get(key) or self.districts.get(key) or self.courts.get(key) or key


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that differs.

    Attributes
    ----------
    subject
        `designation`, `unit`, `court` or `district`.
    key, name
        Its code and the name people know it by.
    field
        The name of the field; `row` where the whole row was added or removed.
    before, after
        Its value in either version, None where there is none. Areas are given in m².
    instrument
        The instrument, or the sources, the newer value rests on.
    """

    subject: str
    key: str
    name: str
    field: str
    before: str | None
    after: str | None
    instrument: str

    @property
    def text(self) -> Text:
        """Return it as a sentence."""
        field, thing = _FIELDS.get(self.field, Text(self.field, self.field)), f"{self.name}（{self.key}）"
        kind = _SUBJECTS[self.subject]
        if self.before is None:
            return Text(
                f"{thing}：新增{kind.zh}{field.zh}“{self.after}”",
                f"{self.name} ({self.key}): new {kind.en} {field.en} '{self.after}'",
            )
        if self.after is None:
            return Text(
                f"{thing}：取消{kind.zh}{field.zh}“{self.before}”",
                f"{self.name} ({self.key}): no {kind.en} {field.en} any more, was '{self.before}'",
            )
        return Text(
            f"{thing}：{kind.zh}{field.zh}由“{self.before}”改为“{self.after}”",
            f"{self.name} ({self.key}): {kind.en} {field.en} from '{self.before}' to '{self.after}'",
        )


_SUBJECTS = {
    "designation": Text("指定的", "designation's"),
    "unit": Text("区划的", "unit's"),
    "court": Text("法院的", "court's"),
    "district": Text("林区的", "forest district's"),
}
_FIELDS = {
    "row": Text("法院", "court"),
    "court_code": Text("法院", "court"),
    "kinds": Text("案件种类", "kinds of case"),
    "instrument": Text("文件", "instrument"),
    "article": Text("项", "item"),
    "gist_zh": Text("要旨", "gist (Chinese)"),
    "gist_en": Text("要旨（英文）", "gist (English)"),
    "status": Text("把握", "confidence"),
    "sources": Text("来源", "sources"),
    "as_of": Text("日期", "date"),
    "name": Text("名称", "name"),
    "other_name": Text("别名", "other name"),
    "level": Text("级别", "level"),
    "role": Text("角色", "role"),
    "parent_adcode": Text("上级", "unit above"),
    "seat_adcode": Text("所在地", "seat"),
    "superior_code": Text("上级法院", "court above"),
    "superior_status": Text("上级法院的把握", "confidence of the court above"),
    "court_name": Text("法院名称", "court's name"),
    "area_m2": Text("面积（m²）", "area (m²)"),
}
_CODED = ("row", "court_code", "parent_adcode", "seat_adcode", "superior_code")


def compare_contents(
    before: Content,
    after: Content,
    *,
    names: Names,
    ground: Mapping[tuple[Noun, str], Mapping[str, str | None]],
    shapes: Mapping[tuple[Noun, str], Geometry | None],
) -> list[Difference]:
    """Return what the newer content says otherwise; empty where both say the same.

    Parameters
    ----------
    ground, shapes
        What the layers say of the things either version amends: fields by name, and their polygons (degrees).
    """
    return [*_rows(before, after, names), *_amendments(before, after, names, ground, shapes)]


def _rows(before: Content, after: Content, names: Names) -> list[Difference]:
    old, new = ({key_of(d): d for d in c.designations} for c in (before, after))
    found: list[Difference] = []
    for key in sorted(old.keys() | new.keys()):
        a, b = old.get(key), new.get(key)
        instrument = (b or a).instrument  # type: ignore[union-attr]
        if a is not None and b is not None:
            found += _fields("designation", key, names, row_values(a), row_values(b), instrument=instrument)
        else:
            courts = [{"row": d.court_code if d is not None else None} for d in (a, b)]
            found += _fields("designation", key, names, *courts, instrument=instrument)
    return found


def _amendments(
    before: Content,
    after: Content,
    names: Names,
    ground: Mapping[tuple[Noun, str], Mapping[str, str | None]],
    shapes: Mapping[tuple[Noun, str], Geometry | None],
) -> list[Difference]:
    old, new = ({(a.noun, a.key): a for a in c.amendments} for c in (before, after))
    found: list[Difference] = []
    for at in sorted(old.keys() | new.keys()):
        a, b = old.get(at), new.get(at)
        base = ground.get(at, {})
        values = [{**base, **(m.content if m else {}), **_size(m, shapes.get(at))} for m in (a, b)]
        sources = ";".join((b or a).sources)  # type: ignore[union-attr]
        found += _fields(at[0].value, at[1], names, values[0], values[1], instrument=sources)
    return found


def _size(amendment: Amendment | None, held: Geometry | None) -> dict[str, str]:
    shape = amendment.geometry if amendment is not None and amendment.geometry is not None else held
    return {} if shape is None else {"area_m2": f"{area_m2(shape):.1f}"}


def _fields(
    subject: str, key: str, names: Names, before: Mapping[str, str | None], after: Mapping[str, str | None], *,
    instrument: str,
) -> list[Difference]:  # fmt: skip
    return [
        Difference(
            subject, key, names.of(key), field, _shown(field, a, names), _shown(field, b, names), instrument
        )
        for field in dict.fromkeys([*before, *after])
        if (a := before.get(field) or None) != (b := after.get(field) or None)
    ]


def _shown(field: str, value: str | None, names: Names) -> str | None:
    if value is None or field not in _CODED:
        return value
    name = names.of(value)
    return value if name == value else f"{name}（{value}）"
