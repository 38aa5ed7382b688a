"""Meetings and visits out of calendars: of an event with somebody of a partner, once, however often it is brought.

What is over becomes a meeting that was held, what is to come a planned visit. Partners and people are found by the addresses of
those who were asked, else by the domain of an address. They are read when an event comes in first; later, only what the file says
anew of when, where, how and about what is taken, so that nothing that was written in Comity is lost.
"""
