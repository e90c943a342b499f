"""What a place was read as. Pure; a reading never claims to be more exact than it was written."""

from dataclasses import dataclass

from shapely import Geometry, Point

from geo_registry.errors import BadAccuracy
from geo_registry.geo.coordinates import LonLat
from geo_registry.terms import Notation, Precision, Text

DEFAULT_CRS = "EPSG:4326"
DEFAULT_ACCURACY_M = 10.0
LARGEST_ACCURACY_M = 100_000.0
AS_WRITTEN = Text("按所写", "as written")


@dataclass(frozen=True, slots=True)
class Reading:
    """One interpretation of a place.

    Attributes
    ----------
    where
        A position, or a line or area in degrees, longitude first; EPSG:4326. None for a place known by its
        name only.
    accuracy_m
        Radius in metres within which the true place lies.
    crs, datum
        The system the input was read in, and its datum (`wgs84`, `cgcs2000`, `gcj02`, `bd09`, or another's name).
    why
        What made this interpretation possible.
    plausible
        Whether it is asked about; a reading that is merely possible is listed and no more.
    datum_known
        Whether the datum was named or follows from the form; where not, a phone's shifted position is thinkable.
    adcodes
        The counties a place known by name lies in, or may lie in; empty for a position.
    name
        Full name of such a place.
    """

    input: str
    notation: Notation
    datum: str
    crs: str
    where: LonLat | Geometry | None
    accuracy_m: float
    precision: Precision
    why: Text = AS_WRITTEN
    plausible: bool = True
    datum_known: bool = True
    adcodes: tuple[str, ...] = ()
    name: str | None = None

    @property
    def geometry(self) -> Geometry | None:
        """Return the place as a geometry, a position as a point; None for a place known by its name only."""
        where = self.where
        return Point(where.lon, where.lat) if isinstance(where, LonLat) else where

    @property
    def lon(self) -> float | None:
        """Return the longitude of a position, None for anything else."""
        return self.where.lon if isinstance(self.where, LonLat) else None

    @property
    def lat(self) -> float | None:
        """Return the latitude of a position, None for anything else."""
        return self.where.lat if isinstance(self.where, LonLat) else None


def checked_accuracy(value: float) -> float:
    """Return a radius in metres that can be one.

    Raises
    ------
    BadAccuracy
        Negative, not finite, or beyond `LARGEST_ACCURACY_M`.
    """
    if not 0 <= value <= LARGEST_ACCURACY_M:
        raise BadAccuracy(value=str(value))
    return value
