"""What the measurements rest on: coverages that are valid, points that are hard, tables that say what was measured."""
