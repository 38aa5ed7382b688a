"""The addresses of service levels."""

from django.urls import path

from comity.levels import views

MONTH = "service-levels/<int:year>-<int:number>"
app_name = "levels"
urlpatterns = [
    path("service-levels/", views.month, name="list"),
    path(f"{MONTH}/", views.month, name="month"),
    path(f"{MONTH}/close/", views.close, name="close"),
    path(f"{MONTH}.pdf", views.pdf, name="pdf"),
    path("service-levels/<int:pk>/", views.result, name="result"),
    path("service-levels/tickets/<int:pk>/", views.ticket, name="ticket"),
    path("portal/service-levels/", views.portal, name="portal"),
    path("portal/service-levels/<int:pk>/", views.portal_result, name="portal_result"),
    path("portal/service-levels/tickets/<int:pk>/", views.portal_ticket, name="portal_ticket"),
    path(f"portal/{MONTH}.pdf", views.portal_pdf, name="portal_pdf"),
    path("service-levels/calendars/", views.calendars, name="calendars"),
    *views.CALENDARS.paths("service-levels/calendars"),
    path("service-levels/targets/", views.targets, name="targets"),
    *views.TARGETS.paths("service-levels/targets"),
]
