"""How a day and a moment are written, by language: one way on every page and in every mail."""
