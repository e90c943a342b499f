"""Measurements against peers, run by `script/bench`; sees all rooms, nothing imports it."""
