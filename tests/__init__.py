"""The tests mirror the rooms; `places.py` is the one table of named places and the court expected of each."""
