"""Waves: the list, one of them, the steps in which it is prepared, and what is done with it."""
