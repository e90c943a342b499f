"""Jurisdiction in time: designations, versions, zones and their checks. Pure; imports `geo` and below."""
