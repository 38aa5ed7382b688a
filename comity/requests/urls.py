"""The addresses of requests and their forms."""

from django.urls import path

from comity.requests import views

app_name = "requests"
urlpatterns = [
    path("requests/", views.listing, name="list"),
    path("requests/<int:pk>/", views.one, name="request"),
    path("requests/<int:pk>/do/", views.do, name="do"),
    path("requests/<int:pk>/again/", views.ask, {"again": True}, name="again"),
    path("requests/forms/", views.forms, name="forms"),
    path("offerings/<int:pk>/form/", views.form, name="form"),
    path("offerings/<int:pk>/form/add/", views.field, name="add_field"),
    path("offerings/<int:pk>/form/steps/", views.steps, name="steps"),
    path("offerings/<int:pk>/form/arrange/", views.arrange, name="arrange"),
    path("offerings/<int:pk>/form/<slug:key>/", views.field, name="field"),
    path("portal/requests/", views.portal, name="portal"),
    path("portal/requests/ask/<int:pk>/", views.ask, name="ask"),
    path("portal/requests/approval/<int:pk>/", views.threshold, name="threshold"),
]
