"""Verbs: whatever writes, routes or publishes is one function here, one transaction, its audit line beside it."""
