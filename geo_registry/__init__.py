"""geo-registry: which court hears an environmental case here, why, and how sure.

The library knows no HTTP. Rooms import one way, downwards; docs/architecture.md draws the street.
"""

from typing import TYPE_CHECKING, Any

from geo_registry.version import __version__

__all__ = ["Registry", "__version__"]

if TYPE_CHECKING:
    from geo_registry.registry import Registry


def __getattr__(name: str) -> Any:
    """Import `Registry` on first use, so that the pure rooms load without a database driver."""
    if name == "Registry":
        from geo_registry.registry import Registry

        return Registry
    raise AttributeError(f"module 'geo_registry' has no attribute {name!r}")
