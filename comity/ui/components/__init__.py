"""The pieces pages are made of: plain functions from typed arguments to safe markup, without queries.

`comity/ui/templatetags/ui.py` gives them to templates. Text arguments are always escaped; only the content between
a tag and its end tag is markup.
"""
