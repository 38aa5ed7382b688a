"""Comparing items, judging what is the same, and rotations."""
