"""The addresses of tickets."""

from django.urls import path

from comity.tickets import views

app_name = "tickets"
urlpatterns = [
    path("tickets/", views.listing, name="list"),
    path("tickets/<int:pk>/", views.ticket, name="ticket"),
    path("tickets/whose/", views.whose, name="whose"),
    *views.RULE.paths("tickets/whose"),
    path("portal/tickets/", views.portal, name="portal"),
    path("portal/tickets/<int:pk>/", views.portal_ticket, name="portal_ticket"),
]
