"""Where surveys are answered, without signing in; and where the office reads single answers."""

from __future__ import annotations

from django.urls import URLPattern, path

from comity.surveys.views import again, answering, responses

urlpatterns: list[URLPattern] = [
    path("answer/again/<str:token>/", again.page, name="again"),
    path("answer/<str:token>/", answering.page, name="answer"),
    path("answer/<str:token>/thank-you/", answering.thanks, name="thanks"),
    path("waves/<int:pk>/responses/", responses.of_wave, name="responses"),
    path("responses/<int:pk>/", responses.one, name="response"),
]
