"""Coordinates, reference systems, datums, shapes and measuring. Imports `errors` and `terms` only."""
