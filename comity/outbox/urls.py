"""Addresses of the outbox."""

from django.urls import path

from comity.outbox import views

app_name = "outbox"
urlpatterns = [
    path("outbox/", views.messages, name="list"),
    path("outbox/<int:pk>/", views.message, name="message"),
    path("outbox/<int:pk>/try-again/", views.try_again, name="try_again"),
    path("outbox/<int:pk>/give-up/", views.give_up, name="give_up"),
    path("outbox/stopped/", views.suppressions, name="suppressions"),
    path("outbox/stopped/add/", views.add, name="suppress"),
    path("outbox/stopped/lift/", views.lift_many, name="lift_many"),
    path("outbox/stopped/<int:pk>/lift/", views.lift, name="lift"),
    path("mail/stop/<str:token>/", views.stop, name="stop"),
]
