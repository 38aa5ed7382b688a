"""Every address of the site."""

from django.urls import include, path

from comity.site import views

urlpatterns = [
    path("health/", views.health, name="health"),
    path("find/", views.find_anything, name="find"),
    path("help/", views.help_page, name="help"),
    path("manage/", views.manage, name="manage"),
    path("", include("comity.briefing.urls")),
    path("", include("comity.people.urls")),
    path("", include("comity.audit.urls")),
    path("", include("comity.outbox.urls")),
    path("", include("comity.people.sign_in.urls")),
    path("", include("comity.office.urls")),
    path("work/", include("comity.jobs.urls")),
    path("partners/", include("comity.partners.urls")),
    path("", include("comity.followups.urls")),
    path("meetings/", include("comity.meetings.urls")),
    path("", include("comity.services.urls")),
    path("", include("comity.charter.urls")),
    path("", include("comity.levels.urls")),
    path("", include("comity.councils.urls")),
    path("", include("comity.inbox.urls")),
    path("", include("comity.usage.urls")),
    path("", include("comity.rates.urls")),
    path("", include("comity.surveys.urls")),
    path("", include("comity.health.urls")),
    path("", include("comity.patterns.urls")),
    path("", include("comity.adoption.urls")),
    path("", include("comity.billing.urls")),
    path("", include("comity.stakeholders.urls")),
    path("", include("comity.business.urls")),
    path("", include("comity.tickets.urls")),
    path("", include("comity.applications.urls")),
    path("", include("comity.outages.urls")),
    path("", include("comity.itsm.urls")),
    path("", include("comity.requests.urls")),
    path("", include("comity.ui.urls")),
    path("files/", include("comity.files.urls")),
    path("imports/", include("comity.imports.urls")),
    path("notices/", include("comity.notifications.urls")),
]

handler400 = "comity.site.errors.bad_request"
handler500 = "comity.site.errors.server_error"
