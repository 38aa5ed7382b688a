"""Where surveys, their versions and their questions are built."""

from __future__ import annotations

from django.urls import URLPattern, path

from comity.surveys.views.building import preview, questions, reading, surveys

urlpatterns: list[URLPattern] = [
    path("surveys/", reading.listing, name="list"),
    path("surveys/new/", surveys.new, name="new_survey"),
    path("surveys/<int:pk>/", reading.survey, name="survey"),
    path("surveys/<int:pk>/edit/", surveys.edit, name="edit_survey"),
    path("surveys/<int:pk>/retire/", surveys.retire, name="retire"),
    path("surveys/<int:pk>/bring-back/", surveys.bring_back, name="bring_back"),
    path("surveys/<int:pk>/begin/", surveys.begin, name="begin_version"),
    path("surveys/versions/<int:pk>/", reading.version, name="version"),
    path("surveys/versions/<int:pk>/preview/", preview.preview, name="preview"),
    path("surveys/versions/<int:pk>/phone/", preview.phone, name="phone"),
    path("surveys/versions/<int:pk>/words/", surveys.words, name="words"),
    path("surveys/versions/<int:pk>/discard/", surveys.discard, name="discard_version"),
    path("surveys/versions/<int:pk>/questions/new/", questions.new, name="new_question"),
    path("surveys/versions/<int:pk>/questions/restore/", questions.restore, name="restore_question"),
    path("surveys/questions/<int:pk>/edit/", questions.edit, name="edit_question"),
    path("surveys/questions/<int:pk>/only-if/", questions.hang, name="hang_question"),
    path("surveys/questions/<int:pk>/move/", questions.move, name="move_question"),
    path("surveys/questions/<int:pk>/remove/", questions.remove, name="remove_question"),
]
