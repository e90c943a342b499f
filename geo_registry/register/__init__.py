"""The register of sites: what a site under registration is, its states, its checks. Pure; imports nouns, `geo`, ground."""
