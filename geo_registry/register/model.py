"""A site on its way into the register, and every version of it that was accepted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from shapely import Geometry


class ReviewState(StrEnum):
    """Where a registration stands; says nothing about who sees the site."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


class Visibility(StrEnum):
    """Who sees an accepted site; says nothing about its review."""

    INTERNAL = "internal"  # people with the right to it
    SENSITIVE = "sensitive"  # everybody, generalised by the rule of its kind
    PUBLIC = "public"  # everybody


@dataclass(frozen=True, slots=True)
class SiteContent:
    """What a person states of a site.

    `attributes` are the columns of the kind's manifest, typed; `geometry` is in degrees, EPSG:4326,
    lon-lat order: a point, lines or polygons, or None while only the county is known.
    """

    kind: str
    name: str
    adcode: str
    visibility: Visibility
    attributes: Mapping[str, Any]
    geometry: Geometry | None


@dataclass(frozen=True, slots=True)
class SiteVersion:
    """One state of a site: `number` counts from 1 and is what `If-Match` names.

    `by` is a log-in, `why` the reason given, `state` the state the site had from `at` on.
    """

    id: str
    number: int
    state: ReviewState
    content: SiteContent
    by: str
    at: datetime
    why: str | None
