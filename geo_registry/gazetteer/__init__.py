"""Place names and addresses to counties. Pure; imports `records`, `zones.model`, `terms` and below."""
