"""`/route/batch`: up to a million points in one request, a row or a number for each."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse
from starlette.exceptions import HTTPException

from geo_registry.actions.ask import Asked, parse_query
from geo_registry.actions.ask import Query as CaseQuery
from geo_registry.actions.route_many import AnswerTable, ClassTable, Routed, route_points
from geo_registry.errors import RepeatedParameter, UnknownParameter
from geo_registry.exchange.point_bodies import Pairs, Points
from geo_registry.routing.many import PointDecider, Stated
from geo_registry.routing.snapshot import Snapshot
from geo_registry.routing.threads import processors

from ..batch_bodies import MOST_POINTS, RAW, READERS, kind_of_body, new_body, read_body, receive
from ..context import Registry
from ..params import CASE_PARAMETERS, accuracy_of, one, query_parameters, text_of
from ..problems import language_of
from ..responses import PROBLEM, PROBLEMS, accepted_types
from .route import Accuracy, Crs, Kind, Level, On, Territory

router = APIRouter(tags=["route"])
_PARAMETERS = ("crs", "accuracy_m", *CASE_PARAMETERS)
_LINES = "application/x-ndjson"
_ANSWERS = (*READERS, _LINES)
_ROWS = {"type": "array", "items": {"$ref": "#/components/schemas/AnswerRow"}}
_MOST_THREADS = 4  # of one request
_BINARY = {"type": "string", "format": "binary"}


@router.post(
    "/route/batch",
    summary="Which court hears a case at each of many points",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "One row a point, in order; `refused` with its reason where a point cannot be read. "
            f"`{RAW}`: an int32 a point, then JSON that says what the numbers stand for.",
            "content": {
                "application/json": {"schema": _ROWS},
                _LINES: {"schema": {"$ref": "#/components/schemas/AnswerRow"}},
                "text/csv": {"schema": {"type": "string"}},
                "application/vnd.apache.arrow.stream": {"schema": _BINARY},
                RAW: {"schema": _BINARY},
            },
        },
        **PROBLEMS,
        413: PROBLEM,
        415: PROBLEM,
    },
    openapi_extra={
        "requestBody": {
            "required": True,
            "description": f"{MOST_POINTS:,} points at most.",
            "content": {
                "application/json": {
                    "schema": {"$ref": "#/components/schemas/ManyPoints"},
                    "example": {"points": [[125.16791, 44.4261], [127.33473, 43.72133]], "kind": "criminal"},
                },
                "text/csv": {"schema": {"type": "string"}, "example": "lon,lat\n125.16791,44.4261\n"},
                "application/vnd.apache.arrow.stream": {"schema": _BINARY},
                RAW: {"schema": _BINARY},
            },
        }
    },
)
async def post_batch(
    request: Request,
    registry: Registry,
    crs: Crs = None,
    accuracy_m: Accuracy = None,
    kind: Kind = None,
    level: Level = None,
    territory: Territory = None,
    on: On = None,
) -> Response:
    """Answer for points as JSON, CSV, an Arrow IPC stream, or bare little-endian float64 `lon,lat,lon,lat…`.

    The answer is in the form of the question unless `Accept` names another.
    """
    values = query_parameters(request, _PARAMETERS)
    form = kind_of_body(request)
    answer_form = _answer_form(request, form)
    with new_body(form) as body:
        await receive(request, form, body)
        points, stated = await asyncio.to_thread(read_body, form, body)
    words = _words(values, stated)
    query = parse_query([_NO_PLACE], **{name: words[name] for name in CASE_PARAMETERS})
    job = _Job(
        points=points,
        snapshot=(snapshot := await registry.snapshots.get(query.on)),
        decider=registry.ready.of(snapshot, _stated(query, words["crs"])).decider,
        crs=words["crs"],
        accuracy_m=accuracy_of(words["accuracy_m"]),
        lang=language_of(request),
    )
    pieces = job.classes() if answer_form == RAW else job.rows(answer_form)
    first = await asyncio.to_thread(next, pieces)  # what is wrong with all points alike is told before 200
    return StreamingResponse(
        _streamed(first, pieces), media_type=answer_form, headers={"Cache-Control": "no-store"}
    )


_NO_PLACE = Asked(text="")


def _stated(query: CaseQuery, crs: str | None) -> Stated:
    return Stated(query.on, query.kind, query.level, query.territory, crs is not None)


def _words(values: Mapping[str, list[str]], stated: Mapping[str, Any]) -> dict[str, str | None]:
    """Return what is stated of all points, in the query or in the body.

    Raises
    ------
    UnknownParameter, RepeatedParameter
        A name in the body that is not known, or one in both.
    """
    for name in stated:
        if name not in _PARAMETERS:
            raise UnknownParameter(name=name, allowed=", ".join(("points", "lon", "lat", *_PARAMETERS)))
        if name in values:
            raise RepeatedParameter(name=name)
    made = {name: one(values, name) or None for name in _PARAMETERS}
    for name, value in stated.items():
        made[name] = str(value) if name == "accuracy_m" and value is not None else text_of(name, value)
    return made


def _answer_form(request: Request, form: str) -> str:
    """Return the media type to answer in: the first one accepted, of equals the body's own.

    Raises
    ------
    HTTPException
        406 where none is accepted.
    """
    accepted = accepted_types(request.headers.get("accept", "*/*"))
    for kind in accepted:
        if kind in ("*/*", f"{form.split('/')[0]}/*"):
            return form
        if kind in _ANSWERS:
            return kind
    raise HTTPException(406)


async def _streamed(first: bytes, rest: Iterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    while (piece := await asyncio.to_thread(next, rest, None)) is not None:
        yield piece


@dataclass(frozen=True, slots=True)
class _Job:
    """Points to be answered, and by what."""

    points: Pairs
    snapshot: Snapshot
    decider: PointDecider
    crs: str | None
    accuracy_m: float | None
    lang: str

    def rows(self, form: str) -> Iterator[bytes]:
        """Yield the rows in a form."""
        from geo_registry.exchange.point_answers import WRITERS

        table = AnswerTable(self.snapshot, self.lang)
        return WRITERS[form](table.answers(self._routed(run)) for run in self.points.runs())

    def classes(self) -> Iterator[bytes]:
        """Yield the numbers of the points' answers, then what they stand for."""
        table = ClassTable(self.snapshot)
        threads = min(processors(), _MOST_THREADS)
        for run in self.points.runs(MOST_POINTS):
            routed = self._routed(run, only_outcomes=True, threads=threads)
            yield table.numbers(routed).astype("<i4", copy=False).tobytes()
        yield json.dumps(table.to_dict(), ensure_ascii=False, separators=(",", ":")).encode()

    def _routed(self, run: Points, *, only_outcomes: bool = False, threads: int = 1) -> Routed:
        return route_points(
            run,
            self.decider,
            crs=self.crs,
            accuracy_m=self.accuracy_m,
            only_outcomes=only_outcomes,
            threads=threads,
        )
