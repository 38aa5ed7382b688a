"""Addresses of the outbox."""

from django.urls import path

from comity.outbox.views import mail, suppressions

app_name = "outbox"
urlpatterns = [
    path("outbox/", mail.messages, name="list"),
    path("outbox/<int:pk>/", mail.message, name="message"),
    path("outbox/<int:pk>/try-again/", mail.try_again, name="try_again"),
    path("outbox/<int:pk>/give-up/", mail.give_up, name="give_up"),
    path("outbox/stopped/", suppressions.suppressions, name="suppressions"),
    path("outbox/stopped/add/", suppressions.add, name="suppress"),
    path("outbox/stopped/<int:pk>/lift/", suppressions.lift, name="lift"),
    path("mail/stop/<str:token>/", suppressions.stop, name="stop"),
]
