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
        ({"place": "44.43,125.18"}, "latitude-out-of-range", "were they swapped?"),
        ({"lon": "200", "lat": "44"}, "longitude-out-of-range", "-180..180"),
        ({"lon": "nan", "lat": "44"}, "number-expected", "finite"),
        ({"lon": "125", "lat": "inf"}, "number-expected", "finite"),
        ({"lon": "", "lat": ""}, "number-expected", "lon is ''"),
        ({"lon": "125.1"}, "number-expected", "lat is ''"),
        ({}, "no-place", "place=lon,lat"),
        ({"place": ""}, "unreadable-place", "cannot be read"),
        ({"place": "长春"}, "unreadable-place", "decimal degrees"),
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
    ],
)  # fmt: skip
def test_bad_bodies(http: httpx.Client, body: Any, code: str) -> None:
    response = post(http, body)
    assert (response.status_code, response.json()["code"]) == (400, code)


@pytest.mark.parametrize("address", ["/decisions/%00", "/decisions/a%00b/replay", "/decisions?before=%00"])
def test_text_no_database_takes_is_told_and_not_an_error_of_ours(http: httpx.Client, address: str) -> None:
    response = http.get(address)
    assert (response.status_code, response.json()["code"]) == (400, "unusable-text")


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
    assert http.get("/zones/2022-09-26/check").json() == {"id": "2022-09-26", "passes": True, "findings": []}
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
