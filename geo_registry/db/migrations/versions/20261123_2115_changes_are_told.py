"""Every change that can change an answer is told to whoever listens, and the newest is found at once."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_changes_told"
down_revision = "20261123_place_names"
branch_labels = None
depends_on = None

# In the transaction of the change: told when it commits, whoever the writer is, and never when it is rolled back.
CHANGE_IS_TOLD = """
create function change_is_told() returns trigger language plpgsql as $$
begin
  perform pg_notify('geo_registry_changed', new.id::text);
  return null;
end $$"""


def upgrade() -> None:
    op.execute(CHANGE_IS_TOLD)
    op.execute(
        "create trigger change_is_told after insert on audit_log "
        "for each row when (new.changes_answers) execute function change_is_told()"
    )
    op.create_index(
        "ix_audit_log_changes_answers", "audit_log", ["id"], postgresql_where=sa.text("changes_answers")
    )


def downgrade() -> None:
    op.drop_index("ix_audit_log_changes_answers", "audit_log")
    op.execute("drop trigger change_is_told on audit_log")
    op.execute("drop function change_is_told()")
