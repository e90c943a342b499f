"""The HTTP door: parse, authorise, render. Siblings are imported relatively; nothing outside imports this package.

It is called `api` in the checkout and `geo_registry_api` in the wheel.
"""
