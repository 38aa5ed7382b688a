"""The addresses of the connection with ServiceNow."""

from django.urls import path

from comity.itsm import views

app_name = "itsm"
urlpatterns = [
    path("servicenow/", views.connection, name="connection"),
    path("servicenow/change/", views.change, name="change"),
    path("servicenow/test/", views.test, name="test"),
    path("servicenow/sync/", views.sync, name="sync"),
]
