"""Browser libraries, put beside the code at set-up (see package.json), so that no page asks a foreign host."""

import base64
import re
from pathlib import Path

from geo_registry.errors import AssetsMissing

VENDOR = Path(__file__).parent / "vendor"
_IMAGE = re.compile(r"url\((images/[\w.-]+\.png)\)")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def read_asset(name: str) -> bytes:
    """Return a browser library's file.

    Raises
    ------
    AssetsMissing
        Set-up has not put it there.
    """
    path = VENDOR / name
    if not path.is_file():
        raise AssetsMissing(name=name)
    return path.read_bytes()


def leaflet_css() -> str:
    """Return Leaflet's style sheet with its images inside."""
    text = _COMMENT.sub("", read_asset("leaflet.css").decode())
    return _IMAGE.sub(lambda match: f"url(data:image/png;base64,{_base64(match.group(1))})", text)


def leaflet_js() -> str:
    """Return Leaflet's script without the address of its home page and of its source map."""
    text = read_asset("leaflet.js").decode()
    return text.replace("https://leafletjs.com", "#").replace("//# sourceMappingURL=leaflet.js.map", "")


def _base64(name: str) -> str:
    return base64.b64encode(read_asset(name)).decode()
