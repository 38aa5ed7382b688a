"""The addresses of the office's settings."""

from django.urls import path

from comity.office.views import retention, settings

app_name = "office"
urlpatterns = [
    path("set-up/", settings.set_up, name="set-up"),
    path("office/", settings.overview, name="settings"),
    path("office/general/", settings.general, name="general"),
    path("office/words/", settings.words, name="words"),
    path("office/promises/", settings.promises, name="promises"),
    path("office/logo/", settings.logo, name="logo"),
    path("office/logo/change/", settings.change_logo, name="change-logo"),
    path("office/logo/remove/", settings.remove_logo, name="remove-logo"),
    path("office/calendar/", settings.calendar, name="calendar"),
    path("office/calendar/closures/add/", settings.add_closure, name="add-closure"),
    path("office/calendar/closures/<int:pk>/remove/", settings.remove_closure, name="remove-closure"),
    path("office/tiers/", settings.tiers, name="tiers"),
    path("office/tiers/add/", settings.add_tier, name="add-tier"),
    path("office/tiers/<int:pk>/edit/", settings.edit_tier, name="edit-tier"),
    path("office/tiers/<int:pk>/remove/", settings.remove_tier, name="remove-tier"),
    path("office/retention/", retention.overview, name="retention"),
    path("office/retention/<slug:kind>/", retention.rule, name="retention-rule"),
    path("office/retention/<slug:kind>/remove/", retention.remove_rule, name="remove-retention-rule"),
    path("office/holds/place/", retention.place_hold, name="place-hold"),
    path("office/holds/<int:pk>/lift/", retention.lift_hold, name="lift-hold"),
]
