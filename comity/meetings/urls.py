"""The addresses of meetings."""

from django.urls import path

from comity.meetings.views import calendar, planned, reading, unvisited, writing

app_name = "meetings"
urlpatterns = [
    path("", reading.listing, name="list"),
    path("calendar/", calendar.page, name="calendar"),
    path("calendar/stop/", calendar.stop, name="stop_calendar"),
    path("feed/<str:token>.ics", calendar.feed, name="feed"),
    path("log/", writing.log, name="log"),
    path("officers/", planned.officers, name="officers"),
    path("plan/", planned.new, name="plan_visit"),
    path("planned/", planned.listing, name="planned_visits"),
    path("planned/<int:pk>/", planned.detail, name="planned_visit"),
    path("planned/<int:pk>/change/", planned.change, name="change_planned_visit"),
    path("planned/<int:pk>/call-off/", planned.call_off, name="call_off_visit"),
    path("portal/", reading.portal_listing, name="portal_list"),
    path("portal/<int:pk>/", reading.portal, name="portal_detail"),
    path("unvisited/", unvisited.listing, name="unvisited"),
    path("<int:pk>/", reading.detail, name="detail"),
    path("<int:pk>/edit/", writing.edit, name="edit"),
    path("<int:pk>/plan-next/", planned.plan_next, name="plan_next"),
    path("<int:pk>/withdraw/", writing.withdraw, name="withdraw"),
]
