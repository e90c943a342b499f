"""`geo-registry config`: the settings in force."""

from typing import Annotated

import typer
from sqlalchemy import make_url

from geo_registry.cli.output import print_json, print_table, stderr
from geo_registry.settings import PREFIX, Settings, unknown_variables


def config(as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False) -> None:
    """Show every setting, its value and what it is for; name variables that nothing reads."""
    settings = Settings.read()
    rows = [
        (PREFIX + name.upper(), _shown(name, getattr(settings, name)), field.description)
        for name, field in Settings.model_fields.items()
    ]
    if as_json:
        print_json({name: value for name, value, _ in rows})
    else:
        print_table(("设置 Setting", "值 Value", "说明 Help"), rows)
    for name in unknown_variables():
        print(f"没有名为 {name} 的设置 No setting is called {name}.", file=stderr())


def _shown(name: str, value: object) -> str:
    if value is None:
        return ""
    if name in ("database_url", "read_database_url"):
        return make_url(str(value)).render_as_string(hide_password=True)
    return str(value)
