"""Addresses of the pages over many rooms; they carry no namespace, since every room links to them."""

from django.urls import path

from comity.briefing import catalogue_pages, views
from comity.briefing.brief import pages as brief

urlpatterns = [
    path("", views.home, name="home"),
    path("partners/<int:pk>/", views.glance, name="partner"),
    path("partners/<int:pk>/brief/", brief.page, name="brief"),
    path("partners/<int:pk>/brief.pdf", brief.pdf, name="brief_pdf"),
    path("coverage/", views.coverage, name="coverage"),
    path("cio/", views.overview, name="overview"),
    path("portal/", views.portal, name="portal"),
    path("catalog/", catalogue_pages.everybody, name="catalog"),
    path("catalog/<int:pk>/", catalogue_pages.everybodys_entry, name="catalog_entry"),
    path("portal/services/", catalogue_pages.portal, name="portal_catalog"),
    path("portal/services/<int:pk>/", catalogue_pages.portal_entry, name="portal_catalog_entry"),
    path("services/<int:pk>/preview/", catalogue_pages.preview, name="catalog_preview"),
    path("services/mine/", catalogue_pages.mine, name="my_services"),
]
