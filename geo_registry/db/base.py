"""What all tables share: naming, geometry types, and the two kinds of time.

`valid` says when a rule is the law; `known` says since when the registry has known the row. Rows are
closed, never overwritten: a trigger refuses any UPDATE but the one that ends `known`.
"""

from typing import Annotated, Any

from geoalchemy2 import Geometry
from sqlalchemy import BigInteger, CheckConstraint, Computed, Identity, MetaData, Table, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, DATERANGE, TSTZRANGE, Range
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Root of the tables."""

    metadata = MetaData(naming_convention=NAMING)


def table_of(model: type[Base]) -> Table:
    """Return the table behind a mapped class."""
    table = model.__table__
    assert isinstance(table, Table)
    return table


def geometry(kind: str) -> Geometry:
    """Return a geometry type in EPSG:4326; its GiST index is named and made explicitly."""
    return Geometry(kind, srid=4326, spatial_index=False)


Key = Annotated[str, mapped_column(Text, primary_key=True)]
Str = Annotated[str, mapped_column(Text)]
OptStr = Annotated[str | None, mapped_column(Text)]
StrList = Annotated[list[str], mapped_column(ARRAY(Text), server_default=text("'{}'"))]
MultiPolygon = Annotated[Any, mapped_column(geometry("MULTIPOLYGON"))]
OptMultiPolygon = Annotated[Any, mapped_column(geometry("MULTIPOLYGON"), nullable=True)]
MultiLine = Annotated[Any, mapped_column(geometry("MULTILINESTRING"))]
OptPoint = Annotated[Any, mapped_column(geometry("POINT"), nullable=True)]
Days = Annotated[Any, mapped_column(DATERANGE, server_default=text("'(,)'"))]

STATUSES = "('confirmed', 'inferred', 'unresolved')"


class History:
    """Columns of a history row: its number, its span of knowledge, its content's digest, its provenance."""

    row_id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    known: Mapped[Range[Any]] = mapped_column(TSTZRANGE)
    current: Mapped[bool] = mapped_column(Computed("upper_inf(known)", persisted=True))
    layer: Mapped[Str]
    digest: Mapped[Str]
    status: Mapped[Str]
    sources: Mapped[StrList]
    as_of: Mapped[Str]


def history_rules(*extra: Any) -> tuple[Any, ...]:
    """Return the constraints every history table has, and those a table adds."""
    return (
        CheckConstraint(f"status in {STATUSES}", name="status_known"),
        CheckConstraint("cardinality(sources) > 0", name="has_source"),
        CheckConstraint("not isempty(known) and not lower_inf(known)", name="known_begins"),
        *extra,
    )


def geometry_rules(column: str = "geom") -> tuple[CheckConstraint, CheckConstraint]:
    """Return the constraints of a geometry column: valid and not empty (a missing one passes)."""
    return (
        CheckConstraint(f"st_isvalid({column})", name=f"{column}_valid"),
        CheckConstraint(f"not st_isempty({column})", name=f"{column}_not_empty"),
    )
