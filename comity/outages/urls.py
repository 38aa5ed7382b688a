"""The addresses of outages."""

from django.urls import path

from comity.outages import views

app_name = "outages"
urlpatterns = [
    path("outages/", views.listing, name="list"),
    path("outages/record/", views.record, name="record"),
    path("outages/<int:pk>/", views.outage, name="outage"),
    path("outages/<int:pk>/edit/", views.edit, name="edit"),
    path("outages/<int:pk>/tell/", views.tell, name="tell"),
    path("outages/<int:pk>/call-off/", views.withdraw, name="withdraw"),
    path("portal/status/", views.portal, name="portal"),
]
