"""Django's settings for represent-boundaries as a peer: its own defaults, one database, connections kept."""

import os

SECRET_KEY = "of a server that answers this machine for a minute"
ALLOWED_HOSTS = ["127.0.0.1"]
INSTALLED_APPS = ["django.contrib.gis", "boundaries"]
ROOT_URLCONF = "boundaries.urls"
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
DATABASES = {
    "default": {
        "ENGINE": "django.contrib.gis.db.backends.postgis",
        "HOST": os.environ["BENCH_DATABASE_HOST"],
        "NAME": os.environ["BENCH_DATABASE_NAME"],
        "USER": os.environ["BENCH_DATABASE_USER"],
        "CONN_MAX_AGE": None,
    }
}
