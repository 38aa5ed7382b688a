"""The addresses of the charter."""

from django.urls import path

from comity.charter import views

app_name = "charter"
urlpatterns = [
    path("charter/", views.in_force, name="in_force"),
    path("charter/write/", views.write, name="write"),
    path("charter/<int:pk>/", views.charter, name="charter"),
    path("charter/<int:pk>/endorse/", views.endorse, name="endorse"),
    path("portal/charter/", views.portal, name="portal"),
]
