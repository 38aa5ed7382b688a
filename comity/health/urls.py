"""The addresses of health: the list, a partner's own page, the office's weights and plays, and the portal's page."""

from django.urls import path

from comity.health.views import office, partner, portal

app_name = "health"
urlpatterns = [
    path("partners/health/", office.listing, name="list"),
    path("partners/health/weights/", office.weights, name="weights"),
    path("partners/health/plays/", office.plays, name="plays"),
    path("partners/health/plays/add/", office.step, name="add_step"),
    path("partners/health/plays/<int:pk>/", office.step, name="edit_step"),
    path("partners/health/plays/<int:pk>/remove/", office.remove_step, name="remove_step"),
    path("partners/<int:pk>/health/", partner.page, name="partner"),
    path("partners/<int:pk>/health/count/", partner.count, name="count"),
    path("partners/<int:pk>/health/play/", partner.play, name="play"),
    path("partners/<int:pk>/health/override/", partner.override, name="override"),
    path("partners/<int:pk>/health/override/end/", partner.end_override, name="end_override"),
    path("partners/<int:pk>/health/maturity/", partner.rate, name="rate"),
    path("portal/relationship/", portal.page, name="portal"),
    path("portal/relationship/<int:pk>/", portal.rate, name="portal_rate"),
]
