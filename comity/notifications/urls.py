"""Addresses of notices."""

from django.urls import path

from comity.notifications import views

app_name = "notifications"

urlpatterns = [
    path("", views.notices, name="list"),
    path("read/", views.mark_read, name="read"),
    path("preferences/", views.preferences, name="preferences"),
    path("<int:pk>/open/", views.open_notice, name="open"),
]
