"""Addresses of the pages over many rooms; they carry no namespace, since every room links to them."""

from django.urls import path

from comity.briefing import views
from comity.briefing.brief import pages as brief

urlpatterns = [
    path("", views.home, name="home"),
    path("partners/<int:pk>/", views.glance, name="partner"),
    path("partners/<int:pk>/brief/", brief.page, name="brief"),
    path("partners/<int:pk>/brief.pdf", brief.pdf, name="brief_pdf"),
    path("coverage/", views.coverage, name="coverage"),
    path("cio/", views.overview, name="overview"),
    path("portal/", views.portal, name="portal"),
]
