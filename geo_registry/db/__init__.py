"""The only room that speaks SQL: engine, tables, history, queries, the private cluster. Out come records."""
