"""Asking somebody again what they rated low, once they were told what came of it.

`asking` finds whom, and writes to them; `answering` keeps what they say now, and opens the ring again where it is still low.
"""
