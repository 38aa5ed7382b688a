"""What to know of a partner before one goes there: one page, on a screen and on a sheet of Letter paper."""
