"""Responses from elsewhere: on paper, in another tool, in the years before. They are imported as any list is.

The wave and its questions are made where there are none. A row is known again by the respondent's ID, or else by all it says,
so that the same file again changes nothing, and a mended or longer one brings only what is new.
"""
