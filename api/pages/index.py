"""`/`: the public map with its one question. The answer is rendered here, with or without a script."""

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.templating import Jinja2Templates
from markupsafe import Markup

from geo_registry.actions.ask import today
from geo_registry.actions.route_case import route_case
from geo_registry.errors import GeoRegistryError, InvalidInput
from geo_registry.maps.style import UNRESOLVED, leaflet_style, pattern_fill, patterns
from geo_registry.routing.answer import OptionRef
from geo_registry.routing.explain import cite
from geo_registry.routing.profiles import compare_registers
from geo_registry.routing.snapshot import Snapshot
from geo_registry.terms import CaseKind, Status, Territory, weaker

from ..context import Context, Registry
from ..params import CASE_PARAMETERS, PLACE_PARAMETERS, case_of_query, places_of_query
from ..problems import RETRY_AFTER_S, status_of
from .texts import TEXTS, choose_language

router = APIRouter(include_in_schema=False)
_templates = Jinja2Templates(directory=Path(__file__).parent.parent / "templates")
_CITED = ("ANN", "PRESS", "CNMAPS", "GSHHG", "GEONAMES")


@router.get("/")
async def page(request: Request, registry: Registry) -> Response:
    """Return the page; with a place in the query, the answer is in it."""
    held = await registry.snapshots.get(today())
    filled = await _filled(request, registry)
    context = {**filled, **_surroundings(held, registry, filled["lang"])}
    return _respond(request, "index.html", context)


@router.get("/answer")
async def fragment(request: Request, registry: Registry) -> Response:
    """Return the answer alone, for the page's script to put in its place."""
    return _respond(request, "answer.html", await _filled(request, registry))


def _respond(request: Request, template: str, context: dict[str, Any]) -> Response:
    status = context.get("status", 200)
    headers = {"Cache-Control": "no-store"}
    if status == 503:
        headers["Retry-After"] = str(RETRY_AFTER_S)
    return _templates.TemplateResponse(request, template, context, status_code=status, headers=headers)


async def _filled(request: Request, registry: Context) -> dict[str, Any]:
    """Return the language, the form as it was filled in, and the answer or the sentence that refuses it."""
    lang = choose_language(request.query_params.get("lang"))
    names = (*PLACE_PARAMETERS, *CASE_PARAMETERS)
    form = {name: request.query_params.get(name, "").strip() for name in names}
    values = {name: [text] for name, text in form.items() if text}
    context: dict[str, Any] = {
        "lang": lang,
        "t": TEXTS[lang],
        "form": form,
        "answer": None,
        "error": None,
        "reply": _reply,
    }
    if not any(name in values for name in ("place", "lon", "lat")):
        return context
    try:
        query = case_of_query(values, places_of_query(values))
        context["answer"] = await route_case(query, registry.snapshots)
    except GeoRegistryError as error:
        if not isinstance(error, InvalidInput) and request.url.path == "/":
            raise
        context |= {"error": error, "status": status_of(error)}
    return context


def _reply(form: dict[str, str], lang: str, code: str, option: OptionRef) -> str | None:
    """Return the query that asks again with a reply to the question, None where no parameter says it."""
    name, value = {
        "reading": ("place", option.value),
        "county": ("place", option.zh),
        "territory": ("territory", option.value),
        "public-interest-sort": ("kind", option.value),
    }.get(code, ("", ""))
    if not name:
        return None
    dropped = ("lon", "lat", "crs", "accuracy_m") if name == "place" else ()
    asked = {k: v for k, v in form.items() if v and k not in dropped}
    return urlencode({"lang": lang, **asked, name: value})


def _surroundings(held: Snapshot, registry: Context, lang: str) -> dict[str, Any]:
    style = registry.catalogue.get("court_zones").style()
    law = held.jurisdiction
    return {
        "kinds": [(kind.value, kind.label) for kind in CaseKind],
        "version": law.version if law else None,
        "today": today(),
        "patterns": Markup(patterns(style, held.courts)),
        "legend": _legend(held, style, lang),
        "registers": compare_registers(held),
        "cited": cite([held.sources[key] for key in _CITED if key in held.sources]),
        "approval_number": registry.settings.map_approval_number,
        "has_sample": any(site.sample for site in held.sites),
    }


def _legend(held: Snapshot, style: dict[str, Any], lang: str) -> list[tuple[str, str]]:
    """Return the fill and the label of every court on the map, then of what is open."""
    law, words = held.jurisdiction, TEXTS[lang]
    if law is None:
        return []
    named: dict[str, tuple[str, str]] = {}
    for row in (d for d in law.designations if d.territory is Territory.ORDINARY):
        court = law.courts.get(row.court_code)
        if court is not None and court.name is not None and court.code not in named:
            inferred = weaker(row.status, court.membership) is not Status.CONFIRMED
            label = f"{court.name}（{words['inferred']}）" if inferred else court.name
            named[court.code] = (leaflet_style(style, court.code)["fillColor"], label)
    rows = [named[code] for code in sorted(named)]
    rows.append((pattern_fill(UNRESOLVED)["fillColor"], words["unresolved"]))
    rows.append((pattern_fill("ybtl")["fillColor"], words["open"]))
    return rows
