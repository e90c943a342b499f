"""Errors, terms, settings, days: the ground everything stands on."""

import pickle
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_registry.errors import (
    BadDay,
    BadSetting,
    Conflict,
    GeoRegistryError,
    InvalidInput,
    NotAllowed,
    NotFound,
    Unavailable,
)
from geo_registry.settings import Settings, unknown_variables
from geo_registry.terms import CaseKind, Level, Outcome, Precision, Status, Territory, weaker
from geo_registry.zones.validity import Validity, parse_day

ROOTS = (InvalidInput, NotFound, Conflict, NotAllowed, Unavailable)


def leaves(kind: type[GeoRegistryError]) -> list[type[GeoRegistryError]]:
    below = kind.__subclasses__()
    return [leaf for sub in below for leaf in leaves(sub)] if below else [kind]


ERRORS = sorted(leaves(GeoRegistryError), key=lambda e: e.__name__)


@pytest.mark.parametrize("kind", ERRORS, ids=lambda e: e.__name__)
def test_every_error_has_a_code_and_a_sentence_in_both_languages(kind: type[GeoRegistryError]) -> None:
    names = list(getattr(kind, "__dataclass_fields__", {}))
    error = kind(**{name: f"<{name}>" for name in names})
    assert issubclass(kind, ROOTS)
    assert kind.code == kind.code.lower()
    assert " " not in kind.code
    for name in names:
        assert f"<{name}>" in error.zh + error.en
    assert error.zh.endswith(("。", "）", "？", ">"))
    assert error.en.endswith((".", "?", ">"))
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    assert (type(again), str(again)) == (kind, str(error))


def test_codes_are_unique() -> None:
    codes = [e.code for e in ERRORS]
    assert len(codes) == len(set(codes))


def test_a_page_of_paste_becomes_one_short_line() -> None:
    error = BadDay(text="x\n" * 5_000 + "{evil}\x1b[31m")
    assert "\n" not in str(error)
    assert "\x1b" not in str(error)
    assert len(str(error)) < 600


def test_the_weakest_status_wins() -> None:
    assert weaker(Status.CONFIRMED, Status.INFERRED) is Status.INFERRED
    assert weaker(Status.UNRESOLVED, Status.CONFIRMED) is Status.UNRESOLVED
    assert weaker(Status.CONFIRMED) is Status.CONFIRMED


def test_every_term_has_both_labels() -> None:
    for kind in (Status, Level, CaseKind, Territory, Outcome, Precision):
        for term in kind:
            assert term.label.zh
            assert term.label.en


days = st.dates(date(1990, 1, 1), date(2100, 1, 1))


@given(days, days, days)
def test_neighbouring_spans_never_share_a_day(a: date, b: date, day: date) -> None:
    first, second = Validity(None, b), Validity(b, None)
    assert first.contains(day) != second.contains(day)
    assert not first.overlaps(second)
    span = Validity(a, b)
    assert span.is_empty == (a >= b)
    assert not (span.is_empty and span.contains(day))


@given(days, days, days, days)
def test_overlap_is_a_shared_day(a: date, b: date, c: date, d: date) -> None:
    one, other = Validity(a, b), Validity(c, d)
    edges = (a, b, c, d, *(x - timedelta(days=1) for x in (a, b, c, d)))
    assert one.overlaps(other) == any(one.contains(x) and other.contains(x) for x in edges)


@pytest.mark.parametrize(
    "text", ["2022-9-26", "2022-13-01", "2023-02-29", "26.09.2022", "", "今天", "2022-09-26T00:00"]
)
def test_what_is_no_day_is_told(text: str) -> None:
    with pytest.raises(BadDay) as caught:
        parse_day(text)
    assert str(caught.value) == f"'{text}' is not a day. Write YYYY-MM-DD, such as 2022-09-26."


def test_settings_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEO_REGISTRY_HOME", "/somewhere")
    monkeypatch.setenv("GEO_REGISTRY_HOEM", "/typo")
    monkeypatch.setenv("GEO_REGISTRY_DATABASE_TIMEOUT_S", "3.5")
    settings = Settings.read()
    assert (settings.home, settings.database_timeout_s) == (Path("/somewhere"), 3.5)
    assert unknown_variables() == ["GEO_REGISTRY_HOEM"]


def test_a_setting_that_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEO_REGISTRY_DATABASE_TIMEOUT_S", "-1")
    with pytest.raises(BadSetting) as caught:
        Settings.read()
    assert "GEO_REGISTRY_DATABASE_TIMEOUT_S" in str(caught.value)
