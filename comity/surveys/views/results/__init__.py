"""Where figures are read: the page of a wave, its breakdowns, what was said in own words, and files."""
