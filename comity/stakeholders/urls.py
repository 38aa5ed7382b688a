"""The addresses of stakeholders and initiatives."""

from django.urls import path

from comity.stakeholders.views import listing, maps, people

app_name = "stakeholders"
urlpatterns = [
    path("stakeholders/", listing.stakeholders, name="list"),
    path("stakeholders/<int:pk>/", people.stakeholder, name="stakeholder"),
    path("stakeholders/<int:pk>/edit/", people.edit, name="edit"),
    path("stakeholders/<int:pk>/move/", people.move, name="move"),
    path("stakeholders/<int:pk>/plan/", people.plan, name="plan"),
    path("stakeholders/<int:pk>/remove/", people.remove, name="remove"),
    path("initiatives/", listing.initiatives, name="initiatives"),
    path("initiatives/add/", listing.add_initiative, name="add_initiative"),
    path("initiatives/<int:pk>/", maps.initiative, name="initiative"),
    path("initiatives/<int:pk>/edit/", listing.edit_initiative, name="edit_initiative"),
    path("initiatives/<int:pk>/add/", people.add_to_initiative, name="add_to_initiative"),
    path("partners/<int:pk>/stakeholders/", maps.of_partner, name="of_partner"),
    path("partners/<int:pk>/stakeholders/add/", people.add_to_partner, name="add_to_partner"),
]
