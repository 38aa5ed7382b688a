"""The addresses of people."""

from django.urls import path

from comity.people.views import joining

app_name = "people"
urlpatterns = [
    path("join/<str:token>/", joining.accept, name="accept"),
]
