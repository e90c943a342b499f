"""Pictures; folium lives here. Imports the engine's answers, the catalogue's styles and `geo`; knows no SQL."""
