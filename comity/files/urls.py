"""Addresses of attachments."""

from django.urls import path

from comity.files import views

app_name = "files"

urlpatterns = [
    path("<int:pk>/", views.download, name="download"),
    path("<int:pk>/remove/", views.remove, name="remove"),
    path("<int:pk>/restore/", views.restore, name="restore"),
    path("of/<str:owner_kind>/<int:owner_id>/add/", views.add, name="add"),
]
