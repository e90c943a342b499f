"""A place as it was written: text, numbers or geometry in, ranked interpretations out. Imports `geo` and below."""
