"""The lists of this room: their columns, filters and what their CSV holds."""
