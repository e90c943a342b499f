"""What the places of a case are to it, and which of them found jurisdiction: rows of `legal_rules`.

Real estate and an agency's seat override; a place of a role that no rule of the kind knows founds nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from geo_registry.records import LegalRule
from geo_registry.routing.model import Candidate, Ground, Notice, Place
from geo_registry.routing.places import Finding
from geo_registry.terms import CaseKind, Role, Text
from geo_registry.zones.validity import Validity

_EFFECTS = ("territory", "territory-exclusive", "level")


@dataclass(frozen=True, slots=True)
class Counted:
    """The places that found jurisdiction, by their number, each with its grounds; and what to tell of the rest."""

    places: tuple[int, ...]
    grounds: tuple[tuple[Ground, ...], ...]
    notices: tuple[Notice, ...]


def count_places(
    places: Sequence[Place], *, kind: CaseKind | None, on: date, rules: Sequence[LegalRule]
) -> Counted:
    """Return which places of a case found jurisdiction under the rules of its kind.

    A place without a role counts, unless another is exclusive. Where no kind is stated no rule can be
    applied: all places count, without a ground.
    """
    everyone = tuple(range(len(places)))
    applied = [_rules_for(place.role, kind, on, rules) for place in places]
    exclusive = [i for i in everyone if any(r.effect == "territory-exclusive" for r in applied[i])]
    founded = exclusive or [i for i in everyone if places[i].role is None or applied[i]]
    kept = tuple(founded) if kind is not None and founded else everyone
    grounds = tuple(
        tuple(Ground(role, r.key, r.provision) for r in applied[i] if (role := places[i].role) is not None)
        for i in kept
    )
    left_out = [places[i].role for i in everyone if i not in kept]
    unfounded = [
        places[i].role for i in kept if places[i].role is not None and kind is not None and not applied[i]
    ]
    notices = [_exclusive(applied[exclusive[0]])] if exclusive and left_out else []
    if not exclusive and (left_out or unfounded):
        notices.append(_no_ground([r for r in (*left_out, *unfounded) if r is not None]))
    return Counted(kept, grounds, tuple(notices))


def with_grounds(finding: Finding, grounds: tuple[Ground, ...]) -> Finding:
    """Return a finding whose candidates carry the grounds of their place."""
    if not grounds:
        return finding
    parts = tuple(tuple(_grounded(c, grounds) for c in part) for part in finding.parts)
    return replace(finding, parts=parts)


def _grounded(candidate: Candidate, grounds: tuple[Ground, ...]) -> Candidate:
    return replace(candidate, grounds=grounds)


def _rules_for(
    role: Role | None, kind: CaseKind | None, on: date, rules: Sequence[LegalRule]
) -> list[LegalRule]:
    if role is None or kind is None:
        return []
    known = (
        {role.value, "domicile"}
        if role is Role.RESIDENCE
        else {role.value, "residence"}
        if role is Role.DOMICILE
        else {role.value}
    )
    return [
        r
        for r in rules
        if r.case_kind is kind
        and r.effect in _EFFECTS
        and known & set(r.place_role)
        and Validity(r.valid_from, r.valid_to).contains(on)
    ]


def _exclusive(rules: Sequence[LegalRule]) -> Notice:
    rule = next(r for r in rules if r.effect == "territory-exclusive")
    return Notice(
        "exclusive-place",
        Text(
            f"{rule.provision}：{rule.gist.zh}其他地点不作为管辖依据。",
            f"{rule.provision}: {rule.gist.en} The other places found no jurisdiction.",
        ),
    )


def _no_ground(roles: Sequence[Role]) -> Notice:
    zh = "、".join(dict.fromkeys(r.label.zh for r in roles))
    en = ", ".join(dict.fromkeys(r.label.en for r in roles))
    return Notice(
        "role-is-no-ground",
        Text(
            f"所知的管辖规则中，{zh}不是此类案件的管辖依据，请核对。",
            f"By the rules held, the {en} founds no jurisdiction in a case of this kind; please check.",
        ),
    )
