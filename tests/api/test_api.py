"""The HTTP door: what it answers, how it refuses, and that its document tells the truth."""

import json
from typing import Any

import httpx
import pytest
from openapi_spec_validator import OpenAPIV30SpecValidator

from tests.places import NONGAN, PLACES, YINGAN, Place
from tests.support import DAY

ON = DAY.isoformat()


@pytest.fixture(scope="module")
def http(server: str) -> Any:
    with httpx.Client(base_url=server, timeout=60) as client:
        yield client


def get(http: httpx.Client, **query: Any) -> httpx.Response:
    return http.get("/route", params={"on": ON, **query})


@pytest.mark.parametrize("place", [p for p in PLACES if len(p.points) == 1], ids=lambda p: p.name)
def test_places_over_http(http: httpx.Client, place: Place) -> None:
    ((lon, lat),) = place.points
    response = get(http, lon=lon, lat=lat, **place.asked)
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    body = response.json()
    assert (body["outcome"], body["court"] and body["court"]["name"]) == (place.outcome, place.court)


def test_the_answer_has_every_field_of_the_contract(http: httpx.Client) -> None:
    body = get(http, lon=YINGAN[0], lat=YINGAN[1]).json()
    assert set(body) >= {
        "id", "request", "outcome", "question", "common_superior", "court", "candidates", "designation", "zone_version",
        "county", "counties", "basins", "boundary", "reading", "nearby", "explanation", "trace", "warnings",
        "data_version", "asked_at", "digest",
    }  # fmt: skip
    assert body["id"] is None
    assert body["request"] == {
        "places": [{"numbers": list(YINGAN)}],
        "kind": None,
        "level": None,
        "territory": "unknown",
        "on": ON,
    }
    assert body["zone_version"] == {"id": "2022-09-26", "valid_from": "2022-09-26", "valid_to": None}
    assert body["county"]["adcode"] == "222404"
    assert body["county"]["city"] == "延边朝鲜族自治州"
    assert body["question"]["code"] == "territory"
    assert [o["value"] for o in body["question"]["options"]] == ["ordinary", "forest"]
    assert {c["territory"] for c in body["candidates"]} == {"ordinary", "forest"}
    assert body["reading"]["notation"] == "degrees"
    assert body["reading"]["accuracy_m"] == 10.0
    assert body["boundary"]["kind"] == "province"
    assert body["basins"][0].keys() >= {"code", "name", "near_divide"}
    assert body["asked_at"].endswith("Z")
    assert body["digest"].startswith("sha256:")
    assert {s["name"] for s in body["nearby"]["restoration_bases"]} >= {"英安镇碳汇补偿林基地（英安林场）"}
    assert all(s.keys() >= {"distance_m", "sample", "precision"} for s in body["nearby"]["restoration_bases"])


def test_the_same_question_has_the_same_digest(http: httpx.Client) -> None:
    one, other = (get(http, lon=NONGAN[0], lat=NONGAN[1]).json() for _ in range(2))
    assert one["digest"] == other["digest"]


@pytest.mark.parametrize(
    ("query", "code", "says"),
    [
        ({"lon": "44.43", "lat": "125.18"}, "latitude-out-of-range", "were they swapped?"),
        ({"place": "44.43,125.18", "role": "witness"}, "bad-choice", "act, result"),
        ({"place": "44.43,125.18", "role": ["act", "result"]}, "bad-choice", "1 ×"),
        ({"place": "不存在的地方"}, "unknown-name", "No place"),
        ({"place": "125°75′E 44°N"}, "bad-angle", "below 60"),
        ({"lon": "200", "lat": "44"}, "longitude-out-of-range", "-180..180"),
        ({"lon": "nan", "lat": "44"}, "number-expected", "finite"),
        ({"lon": "125", "lat": "inf"}, "number-expected", "finite"),
        ({"lon": "", "lat": ""}, "number-expected", "lon is ''"),
        ({"lon": "125.1"}, "number-expected", "lat is ''"),
        ({}, "no-place", "place=lon,lat"),
        ({"place": ""}, "unreadable-place", "cannot be read"),
        ({"place": "125.18"}, "unreadable-place", "decimal degrees"),
        ({"place": "125,44", "lon": "125", "lat": "44"}, "place-twice", "either place="),
        ({"place": "125,44", "crs": "EPSG:99999"}, "unknown-crs", "EPSG code"),
        ({"place": "125,44", "crs": "EPSG:4610"}, "no-transformation", "EPSG:4490"),
        ({"place": "125,44", "crs": "EPSG:4531"}, "outside-crs", "Check the zone"),
        ({"place": "125,44", "on": "2022-02-30"}, "bad-day", "YYYY-MM-DD"),
        ({"place": "125,44", "on": "yesterday"}, "bad-day", "YYYY-MM-DD"),
        ({"place": "125,44", "accuracy_m": "-1"}, "bad-accuracy", "between 0 and 100000"),
        ({"place": "125,44", "accuracy_m": "ten"}, "bad-accuracy", "between 0 and 100000"),
        ({"place": "125,44", "kind": "murder"}, "bad-choice", "criminal, civil"),
        ({"place": "125,44", "level": "high"}, "bad-choice", "basic, intermediate"),
        ({"place": "125,44", "territory": "province"}, "bad-choice", "ordinary, forest, unknown"),
        ({"place": "125,44", "acuracy_m": "5"}, "unknown-parameter", "accuracy_m"),
        ([("lon", "125"), ("lon", "126"), ("lat", "44")], "repeated-parameter", "give it once"),
    ],
)  # fmt: skip
def test_bad_input_gets_one_sentence_with_a_cure(
    http: httpx.Client, query: Any, code: str, says: str
) -> None:
    response = http.get("/route", params=query)
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert body["code"] == code
    assert says in body["detail"]
    assert body["zh"]
    assert body["type"] == f"urn:geo-registry:error:{code}"
    chinese = http.get("/route", params=query, headers={"Accept-Language": "zh-CN"}).json()
    assert chinese["detail"] == body["zh"]


def post(http: httpx.Client, body: Any, **query: Any) -> httpx.Response:
    return http.post("/route", json=body, params=query)


def test_posted_places_lines_and_areas(http: httpx.Client) -> None:
    two = post(
        http, {"places": [{"lon": NONGAN[0], "lat": NONGAN[1]}, "127.33473,43.72133"], "on": ON}
    ).json()
    assert two["outcome"] == "cross_court"
    assert two["common_superior"] == {"court": two["common_superior"]["court"], "status": "inferred"}
    assert two["common_superior"]["court"]["name"] == "长春铁路运输中级法院"
    assert "指定管辖" in two["referral"]["zh"]
    line = {"type": "LineString", "coordinates": [[125.2, 44.4], [127.3, 43.7]]}
    crossed = post(http, line, on=ON).json()
    assert crossed["outcome"] == "cross_court"
    assert sum(c["share"]["fraction"] for c in crossed["candidates"] if not c["condition"]) == pytest.approx(
        1.0
    )
    assert crossed["reading"]["precision"] == "line"
    assert crossed["reading"]["lon"] is None
    square = {
        "type": "Polygon",
        "coordinates": [[[125.1, 44.4], [125.2, 44.4], [125.2, 44.5], [125.1, 44.5], [125.1, 44.4]]],
    }
    feature = {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "properties": {}, "geometry": square}],
    }
    inside = post(http, feature, on=ON).json()
    assert (inside["outcome"], inside["court"]["code"]) == ("clear", "cctl")
    assert inside["candidates"][0]["share"]["area_m2"] == pytest.approx(8.8e7, rel=0.02)
    phone = post(
        http, {"places": [{"lon": 125.174, "lat": 44.4281, "crs": "gcj02", "accuracy_m": 30}], "on": ON}
    ).json()
    assert phone["reading"]["datum"] == "gcj02"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ([], "unreadable-body"), ({}, "no-place"), ({"places": []}, "no-place"), ({"places": [1]}, "unreadable-body"),
        ({"places": [{"lon": 1}]}, "number-expected"), ({"places": [{"lon": True, "lat": 1}]}, "number-expected"),
        ({"places": [{"x": 1}]}, "unknown-parameter"), ({"place": []}, "unknown-parameter"),
        ({"places": ["125,44"], "kind": 3}, "unreadable-body"), ({"type": "Polygon"}, "bad-geometry"),
        ({"type": "Point", "coordinates": [44.4, 125.1]}, "latitude-out-of-range"),
        ({"places": ["125,44"] * 1001}, "unreadable-body"),
        ({"places": ["125,44"], "record": "yes"}, "bad-choice"), ({"places": ["125,44"], "record": 1}, "bad-choice"),
        ({"places": [{"type": "Point", "coordinates": [125, 44]}], "crs": "gcj02"}, "system-twice"),
        ({"places": [{"geometry": {"type": "Point", "coordinates": [125, 44]}, "crs": "EPSG:4551"}]}, "system-twice"),
        ({"type": "Point", "coordinates": [125, 44], "crs": {"type": "name", "properties": {"name": "EPSG:4551"}}}, "bad-geometry"),
        ({"type": "Point", "coordinates": ["125", "44"]}, "bad-geometry"), ({"type": "Point", "coordinates": [True, 44]}, "bad-geometry"),
        ({"type": "LineString", "coordinates": [[179, 44], [-179, 43]]}, "bad-geometry"),
        ({"type": "LineString", "coordinates": [[122, 44], [130, 44]] * 40}, "bad-geometry"),
        ({"places": [{"text": "125,44", "role": "witness"}]}, "bad-choice"), ({"places": [{"text": "", "role": "act"}]}, "unreadable-place"),
    ],
)  # fmt: skip
def test_bad_bodies(http: httpx.Client, body: Any, code: str) -> None:
    response = post(http, body)
    assert (response.status_code, response.json()["code"]) == (400, code)


@pytest.mark.parametrize("address", ["/decisions/%00", "/decisions/a%00b/replay", "/decisions?before=%00"])
def test_text_no_database_takes_is_told_and_not_an_error_of_ours(http: httpx.Client, address: str) -> None:
    response = http.get(address)
    assert (response.status_code, response.json()["code"]) == (400, "unusable-text")


def courts(candidates: list[dict[str, Any]]) -> set[str | None]:
    return {c["court"]["code"] if c["court"] else None for c in candidates}


def test_places_by_name_and_in_any_form(http: httpx.Client) -> None:
    named = get(http, place="农安县华家镇", on=ON).json()
    assert (named["outcome"], named["court"]["code"], named["boundary"]) == ("clear", "cctl", None)
    assert (named["reading"]["notation"], named["reading"]["name"]) == ("address", "吉林省长春市农安县华家镇")
    assert named["reading"]["precision"] == "town"
    assert named["county"]["adcode"] == "220122"
    for text in (
        "东经125度10分4秒，北纬44度25分34秒",
        "N44°25′34″ E125°10′04″",
        "44.43,125.18",
        "geo:44.43,125.18",
    ):
        assert get(http, place=text, on=ON).json()["county"]["adcode"] == "220122"
    metres = get(http, place="4800000,500000", on=ON).json()
    assert metres["outcome"] == "needs_fact"
    assert metres["question"]["code"] == "reading"
    for option in metres["question"]["options"]:
        again = get(http, place=option["value"], on=ON).json()
        assert (again["question"] or {}).get("code") != "reading"
        assert courts(again["candidates"]) == courts(option["candidates"])
    settled = get(http, place="4800000,500000", crs="EPSG:4551", on=ON).json()
    assert (settled["outcome"], settled["reading"]["alternatives"]) == ("clear", [])


def test_roles_say_what_founds_jurisdiction(http: httpx.Client) -> None:
    places = [{"text": "农安县", "role": "act"}, {"text": "蛟河市", "role": "property"}]
    real_estate = post(http, {"places": places, "kind": "civil", "on": ON}).json()
    assert (real_estate["outcome"], real_estate["court"]["code"]) == ("clear", "jltl")
    assert "exclusive-place" in {w["code"] for w in real_estate["warnings"]}
    assert real_estate["candidates"][0]["grounds"][0]["role"] == "property"
    assert [r["role"] for r in real_estate["readings"]] == ["act", "property"]
    query = [
        ("place", "农安县"),
        ("place", "蛟河市"),
        ("role", "act"),
        ("role", "result"),
        ("kind", "criminal"),
    ]
    both = http.get("/route", params=[*query, ("on", ON)]).json()
    assert both["outcome"] == "cross_court"
    assert {g["provision"] for c in both["candidates"] for g in c["grounds"]}
    features = [
        {
            "type": "Feature",
            "properties": {"role": role},
            "geometry": {"type": "Point", "coordinates": list(at)},
        }
        for role, at in (("act", NONGAN), ("agency-seat", (127.33473, 43.72133)))
    ]
    seat = post(
        http, {"type": "FeatureCollection", "features": features}, kind="administrative", on=ON
    ).json()
    assert (seat["outcome"], seat["court"]["code"]) == ("clear", "jltl")


def test_names_are_suggested(http: httpx.Client) -> None:
    for typed in ("农安", "nax", "nongan"):
        items = http.get("/places", params={"q": typed}).json()["items"]
        assert items[0]["name"] == "农安县"
        assert items[0]["counties"] == ["220122"]
    assert len(http.get("/places", params={"q": "长", "limit": "3"}).json()["items"]) == 3
    for bad in ({}, {"q": ""}, {"q": "长" * 61}, {"q": "长", "limit": "0"}):
        assert http.get("/places", params=bad).status_code == 400


def test_a_heavy_request_does_not_keep_the_others_waiting(http: httpx.Client) -> None:
    far = {"places": [f"{100 + i / 100:.5f},39.90000" for i in range(500)], "on": ON}
    assert post(http, far).json()["outcome"] == "outside"


def test_wrong_type_size_method_address_and_accept(http: httpx.Client) -> None:
    def refused(response: httpx.Response, status: int) -> None:
        assert response.status_code == status
        assert response.headers["content-type"] == "application/problem+json"
        assert response.json()["zh"]

    refused(http.post("/route", content=b"x", headers={"Content-Type": "text/plain"}), 415)
    refused(http.post("/route", content=b"{" * 20, headers={"Content-Type": "application/json"}), 400)
    refused(http.post("/route", content=b"\xff", headers={"Content-Type": "application/json"}), 400)
    refused(
        http.post("/route", content=b'{"places": [NaN]}', headers={"Content-Type": "application/json"}), 400
    )
    refused(http.post("/route", content=b"[" * 100_000, headers={"Content-Type": "application/json"}), 400)
    refused(http.post("/route", content=b" " * 5_000_001, headers={"Content-Type": "application/json"}), 413)
    refused(http.delete("/route"), 405)
    refused(http.get("/nowhere"), 404)
    refused(http.get("/route", params={"place": "125,44"}, headers={"Accept": "image/png"}), 406)
    assert "GET" in http.delete("/route").headers["allow"]


def test_a_browser_that_errs_gets_a_page(http: httpx.Client) -> None:
    response = http.get("/<script>", headers={"Accept": "text/html"})
    assert response.status_code == 404
    assert response.headers["content-type"].startswith("text/html")
    assert "<script>" not in response.text


def test_recording_showing_and_replaying(http: httpx.Client) -> None:
    made = post(http, {"places": [f"{YINGAN[0]},{YINGAN[1]}"], "record": True, "on": ON})
    assert made.status_code == 201
    id = made.json()["id"]
    assert made.headers["location"] == f"/decisions/{id}"
    assert http.get(f"/decisions/{id}").content == made.content
    replayed = http.get(f"/decisions/{id}/replay").json()
    assert (replayed["same"], replayed["differences"]) == (True, [])
    assert replayed["answer"] == made.json()
    assert id in [item["id"] for item in http.get("/decisions", params={"limit": 5}).json()["items"]]
    assert http.get("/decisions/nope").status_code == 404
    assert http.get("/decisions", params={"limit": "0"}).status_code == 400
    pages = http.get("/decisions", params={"limit": 1}).json()
    assert http.get("/decisions", params={"limit": 1, "before": pages["next"]}).status_code == 200


def test_the_journal_is_for_this_machine_only(http: httpx.Client) -> None:
    """A proxy on this machine that speaks for somebody elsewhere is told apart by what it forwards."""
    far = {"X-Forwarded-For": "203.0.113.9"}
    assert http.get("/decisions", headers=far).json()["code"] == "loopback-only"
    refused = http.post("/route", json={"places": ["125,44"], "record": True}, headers=far)
    assert refused.status_code == 403
    assert http.get("/route", params={"place": "125,44"}, headers=far).status_code == 200
    for headers in (
        {"Host": "evil.example"},
        {"Forwarded": "for=8.8.8.8"},
        {"X-Real-IP": "8.8.8.8"},
        {"Via": "1.1 x"},
    ):
        assert http.get("/decisions", headers=headers).status_code == 403


@pytest.mark.parametrize(
    "address",
    ["/zones", "/zones/2022-09-26", "/zones/2022-09-26/check", "/layers", "/layers/courts", "/layers/sites/items", "/sites",
     "/basins", "/basins/JLB-DL", "/basins/东辽河", "/statistics", "/healthz", "/readyz", "/openapi.json"],
)  # fmt: skip
def test_addresses_answer_json(http: httpx.Client, address: str) -> None:
    response = http.get(address)
    assert response.status_code == 200
    assert response.json()
    assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "address", ["/zones/1999", "/layers/nope", "/layers/nope/items", "/basins/nope", "/zones/1999/features"]
)
def test_addresses_that_name_nothing(http: httpx.Client, address: str) -> None:
    assert http.get(address).status_code == 404


def test_zones_layers_basins_and_statistics_say_what_they_should(http: httpx.Client) -> None:
    version = http.get("/zones/2022-09-26").json()
    assert version["state"] == "published"
    assert len(version["designations"]) == 71
    check = http.get("/zones/2022-09-26/check").json()
    assert check["passes"]
    assert not any(f["blocks"] for f in check["findings"])
    assert {f["code"] for f in check["findings"]} == {"not-confirmed", "no-article"}
    layers = {item["id"]: item for item in http.get("/layers").json()["items"]}
    assert layers["townships"]["rows"] == 12_935
    assert layers["court_zones"]["rows"] == 71
    page = http.get("/layers/townships/items", params={"limit": 3, "offset": 2}).json()
    assert (page["numberMatched"], page["numberReturned"]) == (12_935, 3)
    assert http.get("/layers/townships/items", params={"limit": 5000}).json()["code"] == "bad-choice"
    at = http.get("/basins", params={"lon": NONGAN[0], "lat": NONGAN[1]}).json()["items"]
    assert [b["name"] for b in at] == ["饮马河"]
    registers = {r["label"]["zh"]: r for r in http.get("/statistics").json()["registers"]}
    assert registers["黑土地保护司法服务点"]["known_by_place"] == 1
    assert registers["黑土地保护司法服务点"]["quoted"]["value"] == "26"


def test_features_are_cached_by_version(http: httpx.Client) -> None:
    first = http.get("/zones/2022-09-26/features")
    assert first.headers["content-type"] == "application/geo+json"
    features = first.json()["features"]
    assert len(features) == 60
    open_ = next(f for f in features if f["id"] == "222404")
    assert {c["name"] for c in open_["properties"]["courts"]} == {"延边铁路运输法院", "珲春林区基层法院"}
    again = http.get("/zones/2022-09-26/features", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""


def test_the_document_is_openapi_3_0_3_and_true(http: httpx.Client) -> None:
    document = http.get("/openapi.json").json()
    assert document["openapi"] == "3.0.3"
    OpenAPIV30SpecValidator(document).validate()
    text = json.dumps(document)
    assert '"null"' not in text
    assert "422" not in {
        s for path in document["paths"].values() for op in path.values() for s in op["responses"]
    }
    assert set(document["paths"]) >= {
        "/route",
        "/decisions/{id}/replay",
        "/layers",
        "/zones",
        "/basins",
        "/readyz",
    }


def test_an_answer_fits_its_schema(http: httpx.Client) -> None:
    from openapi_schema_validator import OAS30Validator
    from referencing import Registry, Resource
    from referencing.jsonschema import DRAFT4

    document = http.get("/openapi.json").json()
    registry = Registry().with_resource("", Resource.from_contents(document, DRAFT4))
    schema = {"$ref": "#/components/schemas/Answer"}
    for place in PLACES:
        body = post(
            http, {"places": [{"lon": x, "lat": y} for x, y in place.points], "on": ON, **place.asked}
        ).json()
        errors = list(
            OAS30Validator({**schema, "components": document["components"]}, registry=registry).iter_errors(
                body
            )
        )
        assert errors == []
