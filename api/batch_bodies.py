"""Bodies of many points: received whole before anything is answered, then read by their media type.

A body is taken in first because most clients read nothing until all is sent: an answer that began
sooner would fill the pipe between and stop both. What is kept of it is three numbers a point.
"""

import io
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from fastapi import Request
from starlette.exceptions import HTTPException

from geo_registry.errors import TooManyPoints
from geo_registry.exchange.point_bodies import (
    Pairs,
    read_arrow_points,
    read_csv_points,
    read_float64,
    read_json_points,
)

MOST_POINTS = 1_000_000
LARGEST_BODY = 128 << 20  # bytes; a million points of JSON with every digit are a third of it
_IN_MEMORY = 32 << 20
RAW = "application/octet-stream"

Read = tuple[Pairs, Mapping[str, Any]]


def _raw(body: BinaryIO) -> Read:
    assert isinstance(body, io.BytesIO)
    with body.getbuffer() as held:
        return read_float64(held), {}


def _json(body: BinaryIO) -> Read:
    return read_json_points(body.read())


def _csv(body: BinaryIO) -> Read:
    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        while piece := body.read(1 << 20):
            file.write(piece)
        file.flush()
        return read_csv_points(Path(file.name), most=MOST_POINTS), {}


def _arrow(body: BinaryIO) -> Read:
    return read_arrow_points(body, most=MOST_POINTS), {}


READERS: dict[str, Callable[[BinaryIO], Read]] = {
    "application/json": _json,
    "text/csv": _csv,
    "application/vnd.apache.arrow.stream": _arrow,
    RAW: _raw,
}


def kind_of_body(request: Request) -> str:
    """Return the media type of a body.

    Raises
    ------
    HTTPException
        415 for one that is not read here.
    """
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind not in READERS:
        raise HTTPException(415)
    return kind


async def receive(request: Request, kind: str, into: BinaryIO) -> None:
    """Take in a body, to be read from its beginning.

    Raises
    ------
    TooManyPoints
        It is larger than what so many points can be.
    """
    largest = MOST_POINTS * 16 if kind == RAW else LARGEST_BODY
    stated = request.headers.get("content-length", "")
    if stated.isdigit() and int(stated) > largest:
        raise TooManyPoints(most=MOST_POINTS)
    size = 0
    async for piece in request.stream():
        size += len(piece)
        if size > largest:
            raise TooManyPoints(most=MOST_POINTS)
        into.write(piece)
    into.seek(0)


def read_body(kind: str, body: BinaryIO) -> Read:
    """Return the points of a body, and what is stated beside them in it.

    Raises
    ------
    UnreadableBody
        It is not what its media type says.
    TooManyPoints
        There are more than `MOST_POINTS`.
    """
    points, stated = READERS[kind](body)
    if points.count > MOST_POINTS:
        raise TooManyPoints(most=MOST_POINTS)
    return points, stated


def new_body(kind: str) -> BinaryIO:
    """Return an empty file for a body, on disk only once it is large; bare numbers stay in memory, where they are read."""
    if kind == RAW:
        return io.BytesIO()
    return tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # type: ignore[return-value]
