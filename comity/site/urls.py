"""Every address of the site."""

from django.urls import include, path

from comity.partners.views import registry
from comity.site import views

urlpatterns = [
    path("health/", views.health, name="health"),
    path("", include("comity.people.urls")),
    path("accounts/", include("allauth.urls")),
    path("", include("comity.outbox.urls")),
    path("work/", include("comity.jobs.urls")),
    path("partners/<int:pk>/", registry.facts, name="partner"),  # until briefing shows a partner at a glance
    path("partners/", include("comity.partners.urls")),
    path("", include("comity.followups.urls")),
    path("meetings/", include("comity.meetings.urls")),
    path("", include("comity.ui.urls")),
    path("files/", include("comity.files.urls")),
    path("notices/", include("comity.notifications.urls")),
]

handler400 = "comity.site.errors.bad_request"
handler500 = "comity.site.errors.server_error"
