"""Addresses of the trail."""

from django.urls import path

from comity.audit import views

app_name = "audit"
urlpatterns = [path("trail/", views.trail, name="trail")]
