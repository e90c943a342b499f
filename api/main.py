"""What uvicorn serves: `geo-registry serve` names it by string."""

from .app import create_app

app = create_app()
