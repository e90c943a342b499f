"""The error tree: what went wrong, what is allowed, what to do, in one sentence and two languages.

::

    GeoRegistryError
    ├── InvalidInput (ValueError)     the caller can mend it        HTTP 400   exit 2
    ├── NotFound (LookupError)        no such thing is held         HTTP 404   exit 1
    ├── Conflict                      the state of the data forbids HTTP 409   exit 1
    ├── NotAllowed                    this caller may not           HTTP 403   exit 1
    └── Unavailable                   something we need is not up   HTTP 503   exit 1

Each leaf has a stable kebab `code` and named attributes, and builds its own sentence. No HTTP here:
`api/problems.py` maps class to status.

A file a noun; all of them are imported from here.
"""

from geo_registry.errors.base import *
from geo_registry.errors.files import *
from geo_registry.errors.holdings import *
from geo_registry.errors.people import *
from geo_registry.errors.places import *
from geo_registry.errors.requests import *
from geo_registry.errors.running import *
from geo_registry.errors.zones import *
