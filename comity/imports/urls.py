"""The addresses of imports."""

from django.urls import path

from comity.imports import views

app_name = "imports"
urlpatterns = [
    path("", views.listing, name="list"),
    path("new/", views.new, name="new"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/about/", views.about, name="about"),
    path("<int:pk>/reading/", views.reading_of, name="reading"),
    path("<int:pk>/columns/", views.columns_of, name="columns"),
    path("<int:pk>/values/", views.values_of, name="values"),
    path("<int:pk>/apply/", views.apply, name="apply"),
    path("<int:pk>/undo/", views.undo, name="undo"),
    path("<int:pk>/leave/", views.discard, name="discard"),
    path("<int:pk>/again/", views.try_again, name="try_again"),
    path("<int:pk>/set-aside.csv", views.set_aside_csv, name="set_aside"),
]
