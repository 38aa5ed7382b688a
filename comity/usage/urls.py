"""The addresses of usage."""

from django.urls import path

from comity.usage import forms, views
from comity.usage.models import Account, Meter

app_name = "usage"
urlpatterns = [
    path("usage/", views.listing, name="list"),
    path("usage/months/", views.months, name="months"),
    path("usage/add/", views.add, name="add"),
    path("usage/files/<int:pk>/", views.batch, name="batch"),
    path("usage/files/<int:pk>/columns/", views.columns, name="columns"),
    path("usage/files/<int:pk>/load/", views.load, name="load"),
    path("usage/files/<int:pk>/discard/", views.discard, name="discard"),
    path("usage/files/<int:pk>/set-aside/", views.set_aside_csv, name="set_aside_csv"),
    path("usage/set-aside/", views.set_aside, name="set_aside"),
    path("usage/set-aside/leave-out/", views.leave_out, name="leave_out"),
    path("usage/sources/", views.source_list, name="sources"),
    path("usage/sources/add/", views.edit_source, name="add_source"),
    path("usage/sources/<int:pk>/", views.source, name="source"),
    path("usage/sources/<int:pk>/edit/", views.edit_source, name="edit_source"),
    path("usage/sources/<int:pk>/mend/", views.mend, name="mend"),
    path("usage/sources/<int:pk>/try-again/", views.try_again, name="try_again"),
    path("usage/accounts/", views.names, {"model": Account}, name="accounts"),
    path("usage/accounts/<int:pk>/", views.name, {"form_of": forms.AccountForm}, name="account"),
    path("usage/meters/", views.names, {"model": Meter}, name="meters"),
    path("usage/meters/<int:pk>/", views.name, {"form_of": forms.MeterForm}, name="meter"),
]
