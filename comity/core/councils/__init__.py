"""Votes of a council: bring items into an order, or spend a budget.

Plain values in, plain values out; the same ballots give the same result in whatever order they come. Each method has its
page with an example in docs/calculations/council-*.md.
"""
