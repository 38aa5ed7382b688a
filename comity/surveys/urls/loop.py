"""What came of what was answered."""

from __future__ import annotations

from django.urls import URLPattern, path

from comity.surveys.views import loop
from comity.surveys.views.accounts import reading, writing

urlpatterns: list[URLPattern] = [
    path("waves/low-ratings/", loop.page, name="loop"),
    path("waves/<int:pk>/told/", writing.page, name="account"),
    path("waves/<int:pk>/told/say/", writing.say, name="deed_new"),
    path("waves/<int:pk>/told/intro/", writing.intro, name="account_intro"),
    path("waves/<int:pk>/told/publish/", writing.publish, name="account_publish"),
    path("waves/<int:pk>/told/take-back/", writing.take_back, name="account_take_back"),
    path("waves/<int:pk>/told/tell/", writing.tell_all, name="account_tell"),
    path("waves/told/<int:pk>/change/", writing.change, name="deed_change"),
    path("waves/told/<int:pk>/remove/", writing.remove, name="deed_remove"),
    path("told/<str:token>/", reading.page, name="account_page"),
]
