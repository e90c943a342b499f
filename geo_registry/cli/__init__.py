"""The command line: one module per command group. Parses, asks the actions, prints; decides nothing."""
