"""`geo-registry serve`: the web pages and the API."""

import importlib.util
import socket
from typing import Annotated

import typer
import uvicorn

from geo_registry.errors import PortTaken
from geo_registry.settings import Settings


def serve(
    host: Annotated[
        str, typer.Option(help="Address to listen on; keep it on this machine until log-in exists.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on.")] = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes.")] = 1,
    access_log: Annotated[
        bool,
        typer.Option(help="Write a line for every request, which slows answers down."),
    ] = False,
) -> None:
    """Serve the pages and the API until stopped."""
    Settings.read()
    _check_free(host, port)
    # In the wheel the package is called geo_registry_api: a top-level `api` belongs to whoever installs last.
    package = "geo_registry_api" if importlib.util.find_spec("geo_registry_api") else "api"
    uvicorn.run(
        f"{package}.main:app",
        host=host,
        port=port,
        workers=workers,
        log_level="info",
        access_log=access_log,
        server_header=False,
    )


def _check_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise PortTaken(host=host, port=port) from None
