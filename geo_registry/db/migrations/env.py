"""Alembic's entry: runs migrations over the connection `db.schema` hands it."""

from alembic import context
from geoalchemy2 import alembic_helpers
from sqlalchemy import Connection

from geo_registry.db import tables  # noqa: F401  (fills the metadata)
from geo_registry.db.base import Base


def run(connection: Connection) -> None:
    """Run the migrations asked for in one transaction, waiting no more than a few seconds for a lock."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_object=alembic_helpers.include_object,
        process_revision_directives=alembic_helpers.writer,
        render_item=alembic_helpers.render_item,
        compare_server_default=False,
    )
    with context.begin_transaction():
        connection.exec_driver_sql("set local lock_timeout = '10s'")
        context.run_migrations()


run(context.config.attributes["connection"])
