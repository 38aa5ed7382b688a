"""Pairs that may be one: found, shown side by side, made one, undone, or told apart for good."""
