"""Addresses of background work."""

from django.urls import path

from comity.jobs import views

app_name = "jobs"
urlpatterns = [
    path("", views.everything, name="list"),
    path("<int:pk>/", views.progress, name="progress"),
]
