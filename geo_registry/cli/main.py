"""The command `geo-registry`: its groups, and what happens to an error."""

import os
import sys
from io import TextIOWrapper
from typing import Annotated

import typer

from geo_registry.cli import (
    basins,
    config,
    db,
    decisions,
    layers,
    map,
    route,
    route_file,
    serve,
    stats,
    zones,
)
from geo_registry.cli.output import stderr
from geo_registry.errors import GeoRegistryError, InvalidInput
from geo_registry.version import __version__

app = typer.Typer(
    name="geo-registry",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="吉林省环境资源案件由哪个法院管辖。Which court hears an environmental case here, in Jilin Province.",
)
app.command("route")(route.route)
app.command("route-file")(route_file.route_file)
app.command("map")(map.draw)
app.command("stats")(stats.stats)
app.command("config")(config.config)
app.command("serve")(serve.serve)
app.add_typer(decisions.app, name="decisions")
app.add_typer(zones.app, name="zones")
app.add_typer(layers.app, name="layers")
app.add_typer(basins.app, name="basins")
app.add_typer(db.app, name="db")


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"geo-registry {__version__}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and stop."),
    ] = False,
) -> None:
    """Answer, show and keep; `geo-registry COMMAND --help` says more of each."""


def run() -> None:
    """Run the command line: exit 0 answered, 1 failed, 2 bad input; an error is a sentence, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that lacks a sign gets its number
    try:
        app()
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader has had enough
    except OSError as error:
        print(f"无法读写：{error.strerror}\nReading or writing failed: {error.strerror}", file=stderr())
        os._exit(1)  # what could not be written is still in the buffer and would fail again
    except GeoRegistryError as error:
        print(f"{error.zh}\n{error.en}", file=stderr())
        sys.exit(2 if isinstance(error, InvalidInput) else 1)
    except Exception as error:
        print(f"内部错误：{error!r}\nInternal error, please report it: {error!r}", file=stderr())
        sys.exit(1)
