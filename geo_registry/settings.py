"""Settings: read once from the environment, frozen, passed down; never read at import.

Ground floor. Every field is a `GEO_REGISTRY_…` variable; `geo-registry config` shows them all and
names variables of that prefix that nothing reads.
"""

import os
import pwd
from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from geo_registry.errors import BadSetting

PREFIX = "GEO_REGISTRY_"
ROOT_HOME = Path("/var/lib/geo-registry")


def _default_home() -> Path:
    """Return the user's data folder; root's lies where an unprivileged database user can reach it."""
    if os.geteuid() == 0:
        return ROOT_HOME
    base = os.environ.get("XDG_DATA_HOME") or Path(pwd.getpwuid(os.geteuid()).pw_dir, ".local/share")
    return Path(base) / "geo-registry"


class Settings(BaseSettings):
    """Everything an operator can set."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    database_url: str | None = Field(
        default=None,
        description="A PostGIS 3.3 or newer of your own, as postgresql://user@host/name; unset, the private cluster is used.",
    )
    read_database_url: str | None = Field(
        default=None,
        description="A streaming replica of that database for reading, as postgresql://user@host/name; unset, everything is read from the primary.",
    )
    home: Path = Field(
        default_factory=_default_home,
        description="Folder of the private cluster and its log; for root it must be reachable by an unprivileged user.",
    )
    postgres_bin: Path | None = Field(
        default=None,
        description="Folder of the PostgreSQL server's programs, when it is not where the system puts it.",
    )
    layers: Path | None = Field(
        default=None, description="Folder of layers used in place of the packaged ones."
    )
    database_timeout_s: float = Field(
        default=15.0,
        gt=0,
        le=600,
        description="Longest wait for the database to connect or to answer, in seconds.",
    )
    journal_over_http: bool = Field(
        default=True, description="Whether recorded answers are served over HTTP, to this machine only."
    )
    map_approval_number: str = Field(
        default="",
        description="审图号 (map approval number) printed on public maps once one has been granted.",
    )

    @classmethod
    def read(cls) -> "Settings":
        """Return the settings of this environment.

        Raises
        ------
        BadSetting
            A value cannot be used; the sentence names the variable.
        """
        try:
            return cls()
        except ValidationError as error:
            first = error.errors()[0]
            name = PREFIX + "_".join(str(part) for part in first["loc"]).upper()
            raise BadSetting(name=name, reason_zh="类型或范围不对", reason_en=first["msg"]) from None


def unknown_variables() -> list[str]:
    """Return the names of `GEO_REGISTRY_…` variables that no setting reads, sorted."""
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    return sorted(
        name for name in os.environ if name.upper().startswith(PREFIX) and name.upper() not in known
    )
