"""Addresses of `ui`: language and theme, saved views, and where DEBUG or the demo is on the style page."""

from django.conf import settings
from django.urls import path

from comity.ui import views

app_name = "ui"

urlpatterns = [
    path("pick/<slug:key>/", views.pick, name="pick"),
    path("language/", views.choose_language, name="language"),
    path("theme/", views.choose_theme, name="theme"),
    path("saved-views/save/", views.save_view, name="save-view"),
    path("saved-views/change/", views.change_view, name="change-view"),
    path("saved-views/delete/", views.delete_view, name="delete-view"),
]

if settings.DEBUG or settings.DEMO:
    from comity.ui import gallery

    urlpatterns += [
        path("ui/", gallery.sheet, name="gallery"),
        path("ui/choices/", gallery.choices, name="gallery-choices"),
        path("ui/<slug:name>/", gallery.sheet, name="gallery-sheet"),
    ]
