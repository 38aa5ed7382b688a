"""What came of what was answered."""

from comity.surveys.views.loop.page import page
