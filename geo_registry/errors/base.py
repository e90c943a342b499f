"""The root of the error tree and its five kinds."""

from typing import Any, ClassVar


class GeoRegistryError(Exception):
    """Root of every error the library raises on purpose."""

    code: ClassVar[str] = "error"
    zh_form: ClassVar[str] = "出错了。"
    en_form: ClassVar[str] = "Something went wrong."

    @property
    def zh(self) -> str:
        """Return the sentence in Chinese."""
        return self.zh_form.format(**self._shown())

    @property
    def en(self) -> str:
        """Return the sentence in English."""
        return self.en_form.format(**self._shown())

    @property
    def attributes(self) -> dict[str, Any]:
        """Return the named values the sentence was built from."""
        return {name: getattr(self, name) for name in getattr(self, "__dataclass_fields__", ())}

    def _shown(self) -> dict[str, Any]:
        """Return the attributes as they may be printed: one line, and not a page of someone's paste."""
        return {k: _one_line(v) if isinstance(v, str) else v for k, v in self.attributes.items()}

    def __str__(self) -> str:
        return self.en

    def __reduce__(self) -> tuple[Any, ...]:
        return (_rebuild, (type(self), self.attributes))


def _one_line(text: str, longest: int = 400) -> str:
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


def _rebuild(kind: type[GeoRegistryError], attributes: dict[str, Any]) -> GeoRegistryError:
    return kind(**attributes)


class InvalidInput(GeoRegistryError, ValueError):
    """What was given cannot be used; the sentence says what can."""


class NotFound(GeoRegistryError, LookupError):
    """Nothing of that name is held."""


class Conflict(GeoRegistryError):
    """The data as it stands forbids the change."""


class NotAllowed(GeoRegistryError):
    """This caller may not do that."""


class Unavailable(GeoRegistryError):
    """Something the product needs is not there right now."""
