"""The schema's state: upgrade it, name it, compare it. Migrations ship inside the package."""

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from geo_registry.db.engine import Database
from geo_registry.errors import ClusterTrouble

_SCRIPTS = Path(__file__).parent / "migrations"
_EXTENSIONS = ("postgis", "btree_gist")


def config(connection: Connection | None = None) -> Config:
    """Return Alembic's configuration, with the connection it shall use."""
    made = Config()
    made.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    made.set_main_option(
        "file_template", "%%(year)d%%(month).2d%%(day).2d_%%(hour).2d%%(minute).2d_%%(slug)s"
    )
    made.attributes["connection"] = connection
    return made


async def upgrade(database: Database, revision: str = "head") -> str:
    """Bring the schema to a revision, making the extensions where they are missing; return the revision."""
    await _run(database, _make_extensions)
    await _run(database, lambda connection: command.upgrade(config(connection), revision))
    return await current(database) or "-"


async def downgrade(database: Database, revision: str) -> None:
    """Take the schema back to a revision."""
    await _run(database, lambda connection: command.downgrade(config(connection), revision))


async def check(database: Database) -> None:
    """Raise Alembic's error when the tables and the migrations differ."""
    await _run(database, lambda connection: command.check(config(connection)))


async def current(database: Database) -> str | None:
    """Return the revision of the schema, None for an empty database."""
    found: list[str | None] = []
    await _run(database, lambda c: found.append(MigrationContext.configure(c).get_current_revision()))
    return found[0]


def head() -> str:
    """Return the newest revision this release knows."""
    newest = ScriptDirectory.from_config(config()).get_current_head()
    assert newest is not None
    return newest


async def _run(database: Database, work: Callable[[Connection], object]) -> None:
    async with database.write() as session:
        connection = await session.connection()
        await connection.run_sync(work)


def _make_extensions(connection: Connection) -> None:
    held = set(connection.scalars(text("select extname from pg_extension")))
    for name in (e for e in _EXTENSIONS if e not in held):
        allowed = connection.scalar(text("select usesuper from pg_user where usename = current_user"))
        if not allowed:
            raise ClusterTrouble(
                reason_zh=f"数据库缺少扩展 {name}，请管理员执行：CREATE EXTENSION {name}",
                reason_en=f"the database lacks the extension {name}; have an administrator run: CREATE EXTENSION {name}",
            )
        connection.exec_driver_sql(f"create extension {name}")
