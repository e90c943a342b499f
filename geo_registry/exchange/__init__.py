"""Files in and out; geopandas lives here. Imports the nouns, `catalogue` and `geo`; knows no SQL."""
