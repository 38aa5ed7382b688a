"""The addresses of meetings."""

from django.urls import path

from comity.meetings.views import reading, writing

app_name = "meetings"
urlpatterns = [
    path("", reading.listing, name="list"),
    path("log/", writing.log, name="log"),
    path("<int:pk>/", reading.detail, name="detail"),
    path("<int:pk>/edit/", writing.edit, name="edit"),
    path("<int:pk>/withdraw/", writing.withdraw, name="withdraw"),
]
