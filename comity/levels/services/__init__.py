"""Calendars and targets, the clock of a ticket by them, months worked out and closed, and what is said of them."""
