"""The pages of people, by subject."""
