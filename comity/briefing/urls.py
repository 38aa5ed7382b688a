"""Addresses of the pages over many rooms; they carry no namespace, since every room links to them."""

from django.urls import path

from comity.briefing import views

urlpatterns = [
    path("", views.home, name="home"),
    path("partners/<int:pk>/", views.glance, name="partner"),
    path("coverage/", views.coverage, name="coverage"),
    path("cio/", views.overview, name="overview"),
    path("portal/", views.portal, name="portal"),
]
