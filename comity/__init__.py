"""Comity: how a state IT office keeps its relationships."""

__version__ = "0.1.0"
