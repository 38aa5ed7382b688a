"""The addresses of mail that was taken in."""

from django.urls import path

from comity.inbox import views

app_name = "inbox"
urlpatterns = [
    path("mail/", views.listing, name="list"),
    path("mail/<int:pk>/", views.mail, name="mail"),
    path("mail/<int:pk>/file/", views.file, name="file"),
    path("mail/<int:pk>/discard/", views.discard, name="discard"),
    path("partners/<int:pk>/mail/", views.of_partner, name="partner"),
    path("partners/<int:pk>/mail/renew/", views.renew, name="renew"),
]
