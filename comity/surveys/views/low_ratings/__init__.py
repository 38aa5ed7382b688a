"""What came of what was answered."""

from comity.surveys.views.low_ratings.page import page
