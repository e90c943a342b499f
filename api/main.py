"""What uvicorn serves: `geo-registry serve` names it by string."""

from .app import create_app
from .hot import HotRoute

app = HotRoute(create_app())
