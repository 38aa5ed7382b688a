"""Addresses of `ui`: the theme, saved views."""

from django.urls import path

from comity.ui import views

app_name = "ui"

urlpatterns = [
    path("theme/", views.choose_theme, name="theme"),
    path("saved-views/save/", views.save_view, name="save-view"),
    path("saved-views/<int:pk>/delete/", views.delete_view, name="delete-view"),
]
