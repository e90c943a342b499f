"""The decision: which court, by which designation, how sure. Pure; imports the nouns and `geo`."""
