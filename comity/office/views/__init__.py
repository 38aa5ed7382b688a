"""The pages of the office's settings, by subject."""
