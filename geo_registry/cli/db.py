"""`geo-registry db`: the database, private or your own."""

import asyncio
from typing import Annotated

import typer
from sqlalchemy import make_url

from geo_registry.cli.output import print_json, print_pairs, stderr
from geo_registry.cli.session import Opened, with_registry
from geo_registry.db import schema
from geo_registry.db.embedded import Cluster
from geo_registry.db.engine import open_database
from geo_registry.errors import ClusterTrouble
from geo_registry.settings import Settings

app = typer.Typer(no_args_is_help=True, help="数据库。The database.")


@app.command()
def start() -> None:
    """Start the private cluster, making it on first use; nothing happens when it runs."""
    print(_cluster().start(), file=stderr())


@app.command()
def stop() -> None:
    """Stop the private cluster; nothing happens when it does not run."""
    stopped = _cluster().stop()
    print("已停止 stopped" if stopped else "本来就没有运行 it was not running", file=stderr())


@app.command()
def status(as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False) -> None:
    """Say whether the private cluster runs, where it lies and how large it is; exit 1 when it does not run."""
    settings = Settings.read()
    if settings.database_url:
        print_pairs([("外部数据库 Own database", _safe(settings.database_url))])
        return
    state = _cluster().status()
    pairs: list[tuple[str, object]] = [
        ("running", state.running),
        ("postgresql", state.major),
        ("data", str(state.data)),
        ("socket", str(state.socket)),
        ("log", str(state.log)),
        ("size_mb", state.size_mb),
    ]
    if as_json:
        print_json(dict(pairs))
    else:
        print_pairs(pairs)
    raise typer.Exit(0 if state.running else 1)


@app.command()
def url() -> None:
    """Print the database's URL, for other programs; a password is shown."""
    settings = Settings.read()
    print(settings.database_url or _cluster().url())


@app.command()
def upgrade() -> None:
    """Bring the schema to this release."""
    settings = Settings.read()
    database = open_database(settings)

    async def work() -> str:
        try:
            return await schema.upgrade(database)
        finally:
            await database.close()

    print(asyncio.run(work()), file=stderr())


@app.command("check")
def check_() -> None:
    """Say whether the schema is that of this release; exit 1 when it is not."""

    async def work(opened: Opened) -> str | None:
        return await schema.current(opened.database)

    current, head = with_registry(work), schema.head()
    print_pairs([("现有 current", current or "—"), ("本版本 this release", head)])
    raise typer.Exit(0 if current == head else 1)


def _cluster() -> Cluster:
    settings = Settings.read()
    if settings.database_url:
        raise ClusterTrouble(
            reason_zh="已用 GEO_REGISTRY_DATABASE_URL 指定了自己的数据库，请在那里管理它",
            reason_en="GEO_REGISTRY_DATABASE_URL names a database of your own; manage it there",
        )
    return Cluster(settings.home, postgres_bin=settings.postgres_bin)


def _safe(url: str) -> str:
    return make_url(url).render_as_string(hide_password=True)
