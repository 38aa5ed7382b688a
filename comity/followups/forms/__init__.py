"""The forms of the ring."""
