"""People, their roles, and what a role may do. Pure: who is asking was settled at the door."""

from dataclasses import dataclass
from enum import StrEnum

from geo_registry.errors import LogInNeeded, NotPermitted, OutsideArea
from geo_registry.terms import Text


class Right(StrEnum):
    """Something a person may be allowed to do. Reading what is published needs none."""

    REGISTER = "register"  # register and amend sites in one's own counties
    REVIEW = "review"  # accept or return what was submitted
    RECORD = "record"  # keep answers in the journal, and read it
    ZONES = "zones"  # draft, publish, withdraw and correct versions of jurisdiction
    LAYERS = "layers"  # import layers
    PEOPLE = "people"  # people, roles and keys
    AUDIT = "audit"  # read the trail of every change


class Role(StrEnum):
    """What a person is to the registry."""

    PUBLIC = "public"
    FIELD = "field"
    REVIEWER = "reviewer"
    COURT = "court"
    REGISTRAR = "registrar"
    ADMIN = "admin"

    @property
    def label(self) -> Text:
        """Return the word shown to people."""
        return _LABELS[self]

    @property
    def rights(self) -> frozenset[Right]:
        """Return what the role may do."""
        return _RIGHTS[self]


_LABELS = {
    Role.PUBLIC: Text("公众", "public"),
    Role.FIELD: Text("登记员", "field officer"),
    Role.REVIEWER: Text("审核员", "reviewer"),
    Role.COURT: Text("法院人员", "court staff"),
    Role.REGISTRAR: Text("管辖管理员", "registrar"),
    Role.ADMIN: Text("系统管理员", "administrator"),
}
_RIGHTS = {
    Role.PUBLIC: frozenset[Right](),
    Role.FIELD: frozenset({Right.REGISTER}),
    Role.REVIEWER: frozenset({Right.REVIEW, Right.AUDIT}),
    Role.COURT: frozenset({Right.RECORD}),
    Role.REGISTRAR: frozenset({Right.ZONES, Right.LAYERS, Right.RECORD, Right.AUDIT}),
    Role.ADMIN: frozenset({Right.PEOPLE, Right.AUDIT}),
}


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks. `login` names them in the audit trail; `counties` are adcodes, None for the whole province."""

    login: str
    name: str
    roles: frozenset[Role]
    counties: frozenset[str] | None

    @property
    def rights(self) -> frozenset[Right]:
        """Return what the person's roles allow together."""
        return frozenset(right for role in self.roles for right in role.rights)

    @property
    def is_known(self) -> bool:
        """Tell whether the person is logged in."""
        return bool(self.roles - {Role.PUBLIC})

    def may(self, right: Right, adcode: str | None = None) -> bool:
        """Tell whether the person may do something, in a county where one is named."""
        return right in self.rights and (adcode is None or self.counties is None or adcode in self.counties)


ANYONE = Person("public", "公众", frozenset({Role.PUBLIC}), frozenset())


def operator(account: str) -> Person:
    """Return the operator at the machine itself: an account that opens the database may do everything."""
    return Person(f"cli:{account}", account, frozenset(Role), None)


def require(person: Person, right: Right, adcode: str | None = None) -> None:
    """Refuse what a person may not do.

    Raises
    ------
    LogInNeeded
        Nobody is logged in.
    NotPermitted
        No role of the person allows it.
    OutsideArea
        A role allows it, but not in that county.
    """
    if not person.is_known:
        raise LogInNeeded()
    if not person.may(right):
        raise NotPermitted(right=right.value)
    if not person.may(right, adcode):
        raise OutsideArea(adcode=adcode or "")
