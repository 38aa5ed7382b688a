"""Where figures are read: the page of a wave, its breakdowns, what was said in own words, and files."""

from comity.surveys.views.results.files import codebook, tallies
from comity.surveys.views.results.groups import breakdown
from comity.surveys.views.results.own_words import said
from comity.surveys.views.results.page import page
from comity.surveys.views.results.pdf_report import report
