"""The addresses of the map of counties, the pipeline, and what partners may have."""

from django.urls import path

from comity.adoption import views

app_name = "adoption"
urlpatterns = [
    path("counties/", views.counties, name="counties"),
    path("counties/pipeline/", views.pipeline, name="pipeline"),
    path("counties/pipeline/add/", views.begin, name="begin"),
    path("counties/pipeline/billed/", views.billed, name="billed"),
    path("counties/eligibility/", views.eligibility, name="eligibility"),
    *views.ELIGIBILITY.paths("counties/eligibility"),
    path("adoption/<int:pk>/", views.adoption, name="adoption"),
    path("adoption/<int:pk>/body/", views.add_body, name="add_body"),
    path("adoption/<int:pk>/back/", views.take_back, name="take_back"),
    path("adoption/<int:pk>/<slug:stage>/", views.step, name="step"),
    path("partners/<int:pk>/adoption/", views.of_partner, name="of_partner"),
    path("portal/offers/", views.portal, name="portal"),
    path("portal/offers/<int:pk>/<int:service_pk>/ask/", views.ask, name="ask"),
]
