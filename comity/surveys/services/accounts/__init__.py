"""*What you told us, what we did*: written from what came of a wave, published, and told to those who were asked.

`writing` is what the office says, `links` who may read it by mail, `mailing` tells them once.
"""
