"""*What you told us, what we did*: written by the office, read by those who were asked."""
