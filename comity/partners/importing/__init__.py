"""The two lists the office brings as files: its partners, and their people with the posts they hold.

docs/imports.md names every field; docs/decisions/imports.md says why rows are written the way they are.
"""
