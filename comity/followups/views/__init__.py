"""The pages of the ring, by subject."""
