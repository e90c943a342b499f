"""`POST /route/batch`: bodies and answers of every kind, points that cannot be read, too many of them."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import httpx
import numpy as np
import pyarrow as pa
import pytest

from tests.places import NONGAN, YINGAN
from tests.support import DAY

ADDRESS = f"/route/batch?on={DAY.isoformat()}"
JSON, LINES, CSV = "application/json", "application/x-ndjson", "text/csv"
ARROW, RAW = "application/vnd.apache.arrow.stream", "application/octet-stream"
POINTS = np.array([NONGAN, YINGAN, (110.0, 30.0), (np.nan, 44.0), (44.4, 125.1), (125.2, np.inf)])
OUTCOMES = ["clear", "needs_fact", "outside", "refused", "refused", "refused"]


@pytest.fixture(scope="module")
def http(server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server, timeout=120) as client:
        yield client


def arrow(**columns: Any) -> bytes:
    table, sink = pa.table(columns), io.BytesIO()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue()


def bodies() -> dict[str, bytes]:
    """Return the same points in every kind of body."""
    rows = "".join(f"{lon},{lat}\n" for lon, lat in POINTS)
    return {
        JSON: json.dumps({"points": POINTS.tolist()}).encode(),
        CSV: f"lon,lat\n{rows}".encode(),
        ARROW: arrow(lon=POINTS[:, 0], lat=POINTS[:, 1]),
        RAW: POINTS.astype("<f8").tobytes(),
    }


def rows_of(answer: httpx.Response) -> list[dict[str, Any]]:
    """Return the rows of an answer, whatever its kind."""
    kind = answer.headers["content-type"].split(";")[0]
    if kind == JSON:
        return list(answer.json())
    if kind == LINES:
        return [json.loads(line) for line in answer.text.splitlines()]
    if kind == ARROW:
        return list(pa.ipc.open_stream(answer.content).read_all().to_pylist())
    assert kind == CSV
    return [{k: v or None for k, v in row.items()} for row in csv.DictReader(io.StringIO(answer.text))]


def post(http: httpx.Client, form: str, body: bytes, accept: str = "*/*", **query: str) -> httpx.Response:
    headers = {"Content-Type": form, "Accept": accept}
    return http.post("/route/batch", params={"on": DAY.isoformat(), **query}, content=body, headers=headers)


@pytest.mark.parametrize("kind", [JSON, CSV, ARROW, RAW])
@pytest.mark.parametrize("accept", [JSON, LINES, CSV, ARROW])
def test_every_body_in_every_form(http: httpx.Client, kind: str, accept: str) -> None:
    answer = post(http, kind, bodies()[kind], accept)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].split(";")[0] == accept
    rows = rows_of(answer)
    assert [row["outcome"] for row in rows] == OUTCOMES
    assert rows[0]["court_code"] == "cctl"
    assert rows[1]["county_adcode"] == "222404"
    assert float(rows[0]["lon"]) == NONGAN[0]
    assert rows[3]["lon"] is None
    assert "were they swapped?" in rows[4]["reason"]
    assert rows[1]["candidates"]


@pytest.mark.parametrize("kind", [JSON, CSV, ARROW])
def test_the_answer_is_in_the_form_of_the_question(http: httpx.Client, kind: str) -> None:
    assert post(http, kind, bodies()[kind]).headers["content-type"].split(";")[0] == kind


@pytest.mark.parametrize("kind", [JSON, CSV, ARROW, RAW])
def test_numbers_and_what_they_stand_for(http: httpx.Client, kind: str) -> None:
    answer = post(http, kind, bodies()[kind], RAW)
    number = np.frombuffer(answer.content, "<i4", len(POINTS))
    told = json.loads(answer.content[4 * len(POINTS) :])
    classes = told["classes"]
    assert [classes[n]["outcome"] if n >= 0 else "refused" for n in number] == OUTCOMES
    assert classes[number[0]]["court"] == {"code": "cctl", "name": "长春铁路运输法院"}
    assert classes[number[0]]["confidence"] == "confirmed"
    assert classes[number[0]]["designation"] == "2022-09-26/220122"
    assert {c["territory"] for c in classes[number[1]]["candidates"]} == {"ordinary", "forest"}
    assert classes[number[1]]["counties"][0]["adcode"] == "222404"
    assert told["refused"]["count"] == 3
    assert told["refused"]["first"]["index"] == 3


def test_rows_are_what_route_says_of_each_point(http: httpx.Client) -> None:
    rng = np.random.default_rng(4)
    points = rng.uniform((121.5, 40.7), (131.5, 46.5), (40, 2))
    stated = {"kind": "administrative", "crs": "gcj02", "accuracy_m": "500"}
    rows = rows_of(post(http, RAW, points.tobytes(), JSON, **stated))
    for (lon, lat), row in zip(points, rows, strict=True):
        one = http.get(
            "/route", params={"lon": str(lon), "lat": str(lat), "on": DAY.isoformat(), **stated}
        ).json()
        assert row["outcome"] == one["outcome"]
        assert row["court_code"] == (one["court"] and one["court"]["code"])
        assert row["distance_m"] == (one["boundary"] and one["boundary"]["distance_m"])
        assert row["reason"] == one["explanation"]["en"]
        assert (row["lon"], row["lat"]) == (one["reading"]["lon"], one["reading"]["lat"])
        assert (row["warnings"] or "").split() == [w["code"] for w in one["warnings"] if w["code"] != "sample-data"]  # fmt: skip


def test_accuracy_of_each_point(http: httpx.Client) -> None:
    at = {"lon": [NONGAN[0]] * 3, "lat": [NONGAN[1]] * 3, "accuracy_m": [10.0, 90_000.0, -1.0]}
    expected = ["clear", "near_boundary", "refused"]
    body = json.dumps({**at, "kind": "criminal"}).encode()
    assert [row["outcome"] for row in rows_of(post(http, JSON, body))] == expected
    rows = "".join(f"{v}\n" for v in (f"{a},{b},{c}" for a, b, c in zip(*at.values(), strict=True)))
    assert [
        row["outcome"] for row in rows_of(post(http, CSV, f"经度,纬度,accuracy_m\n{rows}".encode()))
    ] == expected
    assert [row["outcome"] for row in rows_of(post(http, ARROW, arrow(**at)))] == expected


def test_odd_points_of_json_are_refused_by_themselves(http: httpx.Client) -> None:
    body = b'{"points": [[125.2, 44.2], [125.2], "x", [true, 44], [null, 44], [1e999, 44], [125.2, 44.2, 7]]}'
    assert [row["outcome"] for row in rows_of(post(http, JSON, body))] == ["clear"] + ["refused"] * 6


def test_rows_of_text_that_have_too_few_cells_are_kept(http: httpx.Client) -> None:
    body = 'id,lat,lng\n"a\n,b",44.4261,125.16791\nc\nd,x,125\n'.encode("gb18030")
    rows = rows_of(post(http, CSV, body))
    assert [row["outcome"] for row in rows] == ["clear", "refused", "refused"]
    assert "headings" in rows[1]["reason"]
    assert "lat is 'x'" in rows[2]["reason"]


def test_reasons_in_chinese(http: httpx.Client) -> None:
    body = bodies()[JSON]
    answer = http.post(ADDRESS, content=body, headers={"Content-Type": JSON, "Accept-Language": "zh-CN"})
    assert "管辖" in answer.json()[0]["reason"]
    assert "超出" in answer.json()[4]["reason"]


def test_one_bare_point_is_one_number(http: httpx.Client) -> None:
    answer = post(http, RAW, np.array([125.16791, 44.4261]).astype("<f8").tobytes(), RAW)
    assert answer.status_code == 200
    assert answer.content[:4] == b"\0\0\0\0"
    assert json.loads(answer.content[4:])["classes"][0]["outcome"] == "clear"


@pytest.mark.parametrize("kind", [JSON, CSV, ARROW, RAW])
def test_no_points_are_no_rows(http: httpx.Client, kind: str) -> None:
    none = np.empty(0)
    empty = {JSON: b'{"points": []}', CSV: b"lon,lat\n", ARROW: arrow(lon=none, lat=none), RAW: b""}[kind]
    for accept in (JSON, LINES, CSV, ARROW):
        answer = post(http, kind, empty, accept)
        assert answer.status_code == 200
        assert rows_of(answer) == []
    assert post(http, kind, empty, RAW).json()["classes"] == []


def test_many_runs_are_one_answer(http: httpx.Client) -> None:
    """Two full runs and a bit, in order, streamed: the answer has no length that was known before."""
    n = 2 * 65_536 + 7
    points = np.tile(np.array([NONGAN, YINGAN]), (n // 2 + 1, 1))[:n]
    with http.stream("POST", ADDRESS, content=points.tobytes(), headers={"Content-Type": RAW}) as answer:
        assert "content-length" not in answer.headers
        body = answer.read()
    number = np.frombuffer(body, "<i4", n)
    told = [c["outcome"] for c in json.loads(body[4 * n :])["classes"]]
    assert sorted(told) == ["clear", "needs_fact"]
    assert [told[k] for k in number] == (["clear", "needs_fact"] * n)[:n]
    lines = post(http, RAW, points.tobytes(), LINES).content.split(b"\n")
    assert len(lines) == n + 1
    table = pa.ipc.open_stream(post(http, RAW, points.tobytes(), ARROW).content).read_all()
    assert table.column("county_adcode").to_pylist()[-3:] == ["220122", "222404", "220122"]


@pytest.mark.parametrize(
    ("kind", "body", "status", "code", "says"),
    [
        ("text/plain", b"125,44", 415, "unsupported-media-type", "application/json"),
        (RAW, b"\0" * 17, 400, "unreadable-body", "no multiple of 16"),
        (RAW, b"\0" * 16_000_016, 413, "too-many-points", "1000000 points at most"),
        (JSON, b'{"points": [[1, 2]', 400, "unreadable-body", "not JSON"),
        (JSON, b"[[1, 2]]", 400, "unreadable-body", "a JSON object"),
        (JSON, b'{"lon": [1]}', 400, "unreadable-body", "two lists lon and lat"),
        (JSON, b'{"lon": [1], "lat": []}', 400, "unreadable-body", "of one length"),
        (JSON, b'{"points": [], "acuracy": 1}', 400, "unknown-parameter", "accuracy_m"),
        (JSON, b'{"points": [], "on": "2026-01-01"}', 400, "repeated-parameter", "give it once"),
        (JSON, b'{"points": [[125, 44]], "kind": "murder"}', 400, "bad-choice", "criminal"),
        (JSON, b'{"points": [[125, 44]], "crs": "EPSG:99999"}', 400, "unknown-crs", "EPSG code"),
        (CSV, b"a,b\n1,2\n", 400, "unreadable-body", "one of longitude"),
        (CSV, b"x,y\n1,2\n", 400, "unreadable-body", "one of longitude"),
        (CSV, b"lon,lng,lat\n1,2,3\n", 400, "unreadable-body", "one of longitude"),
        (CSV, b"", 400, "unreadable-body", "empty"),
        (CSV, b"lon,lat\n" + b"1,2\n" * 1_000_001, 413, "too-many-points", "route-file"),
        (ARROW, b"lon,lat\n1,2\n", 400, "unreadable-body", "Arrow IPC"),
        (ARROW, arrow(lon=[1.0], lat=[2.0])[:-40], 400, "unreadable-body", "Arrow IPC"),
        (ARROW, arrow(a=[1.0], b=[2.0]), 400, "unreadable-body", "one of longitude"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_at_all(
    http: httpx.Client, kind: str, body: bytes, status: int, code: str, says: str
) -> None:
    answer = post(http, kind, body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert says in answer.json()["detail"]
    assert "/tmp" not in answer.text


def test_a_body_of_unknown_length_that_grows_too_large(http: httpx.Client) -> None:
    endless = (b"\0" * 1_600_000 for _ in range(11))
    answer = http.post(ADDRESS, content=endless, headers={"Content-Type": RAW})
    assert (answer.status_code, answer.json()["code"]) == (413, "too-many-points")


def test_what_is_not_accepted(http: httpx.Client) -> None:
    assert post(http, JSON, b'{"points": []}', "image/png").status_code == 406


def test_the_document_describes_it(http: httpx.Client) -> None:
    document = http.get("/openapi.json").json()
    batch = document["paths"]["/route/batch"]["post"]
    assert set(batch["requestBody"]["content"]) == {JSON, CSV, ARROW, RAW}
    assert set(batch["responses"]["200"]["content"]) == {JSON, LINES, CSV, ARROW, RAW}
    assert {"400", "406", "413", "415", "503"} <= set(batch["responses"])
    assert set(document["components"]["schemas"]["AnswerRow"]["properties"]) >= {"outcome", "reason", "lon"}
