"""The addresses of people. Those of signing in: sign_in/urls.py."""

from django.urls import path

from comity.people.views import own, person

app_name = "people"
urlpatterns = [
    path("join/<str:token>/", own.accept, name="accept"),
    path("stay/", own.stay, name="stay"),
    path("language/", own.choose_language, name="language"),
    path("me/", own.me, name="me"),
    path("me/edit/", own.edit, name="edit-me"),
    path("me/away/", own.away, name="away"),
    path("me/away/<int:pk>/call-off/", own.call_off, name="call-off"),
    path("me/sessions/end/", own.end_others, name="end-other-sessions"),
    path("people/", person.people, name="list"),
    path("people/invite/", person.invite, name="invite"),
    path("people/<int:pk>/", person.show, name="person"),
    path("people/<int:pk>/photo/", own.photo, name="photo"),
    path("people/<int:pk>/edit/", person.edit, name="edit"),
    path("people/<int:pk>/e-mail/", person.change_email, name="change-email"),
    path("people/<int:pk>/away/", person.away, name="person-away"),
    path("people/<int:pk>/away/<int:absence>/call-off/", person.call_off, name="person-call-off"),
    path("people/<int:pk>/invite-again/", person.do, {"what": "invite-again"}, name="invite-again"),
    path("people/<int:pk>/withdraw/", person.do, {"what": "withdraw"}, name="withdraw"),
    path("people/<int:pk>/sign-out/", person.do, {"what": "sign-out"}, name="sign-out"),
    path(
        "people/<int:pk>/reset-second-factor/",
        person.do,
        {"what": "reset-second-factor"},
        name="reset-second-factor",
    ),
    path("people/<int:pk>/deactivate/", person.deactivate, name="deactivate"),
    path("people/<int:pk>/reactivate/", person.do, {"what": "reactivate"}, name="reactivate"),
]
