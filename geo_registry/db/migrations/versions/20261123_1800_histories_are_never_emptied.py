"""Histories refuse TRUNCATE as the journal does; the newest audit line is found at once."""

from alembic import op

revision = "20261123_never_emptied"
down_revision = "20261123_registry"
branch_labels = None
depends_on = None

HISTORIES = (
    "admin_unit_history",
    "agreement_history",
    "basin_history",
    "count_history",
    "court_history",
    "designation_history",
    "forest_district_history",
    "legal_rule_history",
    "place_history",
    "river_history",
    "site_history",
    "site_kind_history",
    "source_history",
    "township_history",
    "zone_history",
    "zone_version_history",
)


def upgrade() -> None:
    for table in HISTORIES:
        op.execute(
            f"create trigger never_emptied before truncate on {table} "
            "for each statement execute function append_only_guard()"
        )
    op.create_index("ix_audit_log_at", "audit_log", ["at"])


def downgrade() -> None:
    op.drop_index("ix_audit_log_at", "audit_log")
    for table in HISTORIES:
        op.execute(f"drop trigger never_emptied on {table}")
