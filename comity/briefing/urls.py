"""Addresses of the pages over many rooms; they carry no namespace, since every room links to them."""

from django.urls import path

from comity.briefing.views import coverage, glance, home, overview, portal

urlpatterns = [
    path("", home.home, name="home"),
    path("partners/<int:pk>/", glance.glance, name="partner"),
    path("coverage/", coverage.page, name="coverage"),
    path("cio/", overview.page, name="overview"),
    path("portal/", portal.home, name="portal"),
]
