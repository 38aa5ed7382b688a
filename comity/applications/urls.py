"""The addresses of the map."""

from django.urls import path

from comity.applications import views

app_name = "applications"
urlpatterns = [
    path("applications/", views.listing, name="list"),
    path("applications/relations/", views.relations, name="relations"),
    path("applications/types/", views.types, name="types"),
    path("applications/add/", views.add, name="add"),
    path("applications/<int:pk>/", views.item, name="item"),
    path("applications/<int:pk>/down/", views.down, name="down"),
    path("applications/<int:pk>/edit/", views.edit, name="edit"),
    path("applications/<int:pk>/remove/", views.remove, name="remove"),
    path("applications/<int:pk>/confirm/", views.confirm, name="confirm"),
    path("applications/<int:pk>/relations/add/", views.relation, {"new": True}, name="add_relation"),
    path("applications/relations/<int:pk>/edit/", views.relation, name="relation"),
    path("applications/relations/<int:pk>/remove/", views.remove_relation, name="remove_relation"),
    path("applications/<int:pk>/processes/add/", views.reliance, {"new": True}, name="add_reliance"),
    path("applications/processes/<int:pk>/edit/", views.reliance, name="reliance"),
    path("applications/processes/<int:pk>/remove/", views.remove_reliance, name="remove_reliance"),
    *views.TYPE.paths("applications/types"),
    path("portal/applications/", views.portal, name="portal"),
]
