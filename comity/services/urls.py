"""The addresses of the catalogue."""

from django.urls import path

from comity.services import fund_views, views

app_name = "services"
urlpatterns = [
    path("services/", views.listing, name="list"),
    path("services/add/", views.add, name="add"),
    path("services/<int:pk>/", views.service, name="service"),
    path("services/<int:pk>/edit/", views.edit, name="edit"),
    path("services/<int:pk>/entry/", views.entry, name="entry"),
    path("services/<int:pk>/spanish/", views.entry, {"spanish": True}, name="spanish"),
    path("services/<int:pk>/publish/", views.publish, name="publish"),
    path("services/<int:pk>/heard/", views.hear, name="hear"),
    path("services/<int:pk>/retire/", views.retire, name="retire"),
    path("offerings/", views.offerings, name="offerings"),
    path("offerings/add/", views.add_offering, name="add_offering"),
    path("offerings/<int:pk>/", views.offering, name="offering"),
    path("offerings/<int:pk>/edit/", views.edit_offering, name="edit_offering"),
    path("offerings/<int:pk>/retire/", views.retire_offering, name="retire_offering"),
    path("services/classes/<int:pk>/", fund_views.customer_class, name="customer_class"),
    *(
        each
        for at, kept in fund_views.KEPT.items()
        for each in (
            path(
                f"services/{at}/",
                fund_views.listing,
                {"kept": kept},
                name=kept.every.removeprefix("services:"),
            ),
            *kept.paths(f"services/{at}"),
        )
    ),
]
