"""The addresses of the office's settings."""

from django.urls import path

from comity.office.views import calendar, general, retention, setting_up, tiers

app_name = "office"
urlpatterns = [
    path("set-up/", setting_up.set_up, name="set-up"),
    path("office/", general.overview, name="settings"),
    path("office/general/", general.general, name="general"),
    path("office/words/", general.words, name="words"),
    path("office/promises/", general.promises, name="promises"),
    path("office/logo/", general.logo, name="logo"),
    path("office/logo/change/", general.change_logo, name="change-logo"),
    path("office/logo/remove/", general.remove_logo, name="remove-logo"),
    path("office/calendar/", calendar.calendar, name="calendar"),
    path("office/calendar/closures/add/", calendar.add_closure, name="add-closure"),
    path("office/calendar/closures/<int:pk>/remove/", calendar.remove_closure, name="remove-closure"),
    path("office/tiers/", tiers.tiers, name="tiers"),
    path("office/tiers/add/", tiers.add, name="add-tier"),
    path("office/tiers/<int:pk>/edit/", tiers.edit, name="edit-tier"),
    path("office/tiers/<int:pk>/remove/", tiers.remove, name="remove-tier"),
    path("office/retention/", retention.overview, name="retention"),
    path("office/retention/<slug:kind>/", retention.rule, name="retention-rule"),
    path("office/retention/<slug:kind>/remove/", retention.remove_rule, name="remove-retention-rule"),
    path("office/holds/place/", retention.place_hold, name="place-hold"),
    path("office/holds/<int:pk>/lift/", retention.lift_hold, name="lift-hold"),
]
