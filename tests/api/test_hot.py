"""The plain `GET /route`, answered outside the framework: the same object as the ordinary route's."""

from typing import Any

import httpx
import pytest

from tests.places import NONGAN, PLACES, Place
from tests.support import DAY

ON = DAY.isoformat()
PLAIN = f"/route?lon={NONGAN[0]}&lat={NONGAN[1]}&on={ON}"


@pytest.fixture(scope="module")
def http(server: str) -> Any:
    with httpx.Client(base_url=server, timeout=60) as client:
        client.get(PLAIN)
        yield client


def ordinary(http: httpx.Client, **query: Any) -> dict[str, Any]:
    """Ask the same by POST, which no short way answers."""
    asked = {name: value for name, value in query.items() if name not in ("lon", "lat", "place")}
    place = query.get("place") or {"lon": query["lon"], "lat": query["lat"]}
    answer = http.post("/route", json={"places": [place], **asked})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


@pytest.mark.parametrize("place", [p for p in PLACES if len(p.points) == 1], ids=lambda p: p.name)
def test_every_place_is_answered_as_by_the_ordinary_route(http: httpx.Client, place: Place) -> None:
    ((lon, lat),) = place.points
    query = {"lon": lon, "lat": lat, "on": ON, **place.asked}
    hot, slow = http.get("/route", params=query).json(), ordinary(http, **query)
    assert hot.pop("asked_at") >= ""
    del slow["asked_at"]
    assert hot == slow


@pytest.mark.parametrize(
    "query",
    [
        {"place": "125.16791,44.4261"},
        {"place": "44.4261, 125.16791"},
        {"place": "125.16791,44.4261", "crs": "gcj02", "accuracy_m": "35.5"},
        {"place": "125.1679,44.4261"},  # may be packed degrees, minutes and seconds: two readings
        {"place": "125°10′4″E 44°25′34″N"},
        {"place": "125.16791,44.4261", "crs": "EPSG:4490", "kind": "damages", "territory": "forest"},
        {"place": "125.16791,44.4261", "on": "2021-05-01"},
        {"place": "125.16791,44.4261", "kind": ""},
    ],
)
def test_ways_of_asking(http: httpx.Client, query: dict[str, str]) -> None:
    asked = {"on": ON, **query}
    hot = http.get("/route", params=asked).json()
    if "accuracy_m" in asked:
        asked["accuracy_m"] = float(asked["accuracy_m"])  # type: ignore[assignment]
    slow = ordinary(http, **{k: v for k, v in asked.items() if v != ""})
    assert {**hot, "asked_at": ""} == {**slow, "asked_at": ""}


def test_headers_are_those_of_every_answer(http: httpx.Client) -> None:
    hot, other = http.get(PLAIN), http.get("/healthz")
    for name in ("content-security-policy", "x-content-type-options", "referrer-policy", "cache-control"):
        assert hot.headers[name] == other.headers[name]
    assert hot.headers["content-type"] == "application/json"
    assert int(hot.headers["content-length"]) == len(hot.content)


@pytest.mark.parametrize(
    ("accept", "status"),
    [("*/*", 200), ("application/json", 200), ("text/html,application/*;q=0.8", 200), ("text/html", 406), ("image/png", 406)],
)  # fmt: skip
def test_what_is_accepted_counts(http: httpx.Client, accept: str, status: int) -> None:
    assert http.get(PLAIN, headers={"Accept": accept}).status_code == status


def test_bad_input_is_told_in_the_language_asked_for(http: httpx.Client) -> None:
    refused = http.get("/route?lon=44.4&lat=125.1", headers={"Accept-Language": "zh-CN"})
    assert (refused.status_code, refused.json()["code"]) == (400, "latitude-out-of-range")
    assert refused.json()["detail"] == refused.json()["zh"]


def test_other_methods_are_refused(http: httpx.Client) -> None:
    assert http.put(PLAIN).status_code == 405
