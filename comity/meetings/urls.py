"""The addresses of meetings."""

from django.urls import path

from comity.meetings.views import planned, planning, reading, writing

app_name = "meetings"
urlpatterns = [
    path("", reading.listing, name="list"),
    path("log/", writing.log, name="log"),
    path("officers/", planning.officers, name="officers"),
    path("plan/", planning.new, name="plan_new"),
    path("planned/", planned.listing, name="plans"),
    path("planned/<int:pk>/", planned.detail, name="plan"),
    path("planned/<int:pk>/change/", planning.change, name="plan_change"),
    path("planned/<int:pk>/call-off/", planning.call_off, name="plan_call_off"),
    path("<int:pk>/", reading.detail, name="detail"),
    path("<int:pk>/edit/", writing.edit, name="edit"),
    path("<int:pk>/withdraw/", writing.withdraw, name="withdraw"),
]
