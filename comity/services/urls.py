"""The addresses of the catalogue."""

from django.urls import path

from comity.services import fund_views, views

app_name = "services"
urlpatterns = [
    path("services/", views.listing, name="list"),
    path("services/add/", views.add, name="add"),
    path("services/<int:pk>/", views.service, name="service"),
    path("services/<int:pk>/edit/", views.edit, name="edit"),
    path("services/<int:pk>/heard/", views.hear, name="hear"),
    path("services/<int:pk>/retire/", views.retire, name="retire"),
    path("offerings/", views.offerings, name="offerings"),
    path("offerings/add/", views.add_offering, name="add_offering"),
    path("offerings/<int:pk>/", views.offering, name="offering"),
    path("offerings/<int:pk>/edit/", views.edit_offering, name="edit_offering"),
    path("offerings/<int:pk>/retire/", views.retire_offering, name="retire_offering"),
    path("portal/services/", views.portal, name="portal"),
    path("services/funds/", fund_views.funds, name="funds"),
    path("services/funds/add/", fund_views.add_fund, name="add_fund"),
    path("services/funds/<int:pk>/edit/", fund_views.edit_fund, name="edit_fund"),
    path("services/funds/<int:pk>/remove/", fund_views.remove_fund, name="remove_fund"),
    path("services/cost-centers/", fund_views.cost_centers, name="cost_centers"),
    path("services/cost-centers/add/", fund_views.add_cost_center, name="add_cost_center"),
    path("services/cost-centers/<int:pk>/edit/", fund_views.edit_cost_center, name="edit_cost_center"),
    path("services/cost-centers/<int:pk>/remove/", fund_views.remove_cost_center, name="remove_cost_center"),
    path("services/classes/", fund_views.customer_classes, name="customer_classes"),
    path("services/classes/add/", fund_views.add_customer_class, name="add_customer_class"),
    path("services/classes/<int:pk>/", fund_views.customer_class, name="customer_class"),
    path("services/classes/<int:pk>/edit/", fund_views.edit_customer_class, name="edit_customer_class"),
    path("services/classes/<int:pk>/remove/", fund_views.remove_customer_class, name="remove_customer_class"),
]
