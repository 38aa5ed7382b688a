"""The addresses of duplicates, a part of those of partners."""

from django.urls import path

from comity.partners.duplicates import views

urlpatterns = [
    path("", views.listing, name="duplicates"),
    path("look/", views.look_again, name="look_for_duplicates"),
    path("<int:one>/<int:two>/", views.compare, {"kind": "partner"}, name="compare_partner"),
    path("<int:one>/<int:two>/two/", views.tell_apart, {"kind": "partner"}, name="tell_apart_partner"),
    path("people/<int:one>/<int:two>/", views.compare, {"kind": "person"}, name="compare_person"),
    path("people/<int:one>/<int:two>/two/", views.tell_apart, {"kind": "person"}, name="tell_apart_person"),
    path("merged/<int:pk>/", views.merged, name="merged"),
    path("merged/<int:pk>/undo/", views.undo, name="undo_merge"),
]
