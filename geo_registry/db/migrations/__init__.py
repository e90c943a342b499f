"""Migrations, run by `db.schema`; they ship with the package."""
