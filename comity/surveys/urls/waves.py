"""Where waves are made, opened and watched."""

from __future__ import annotations

from django.urls import path

from comity.surveys.views.waves import acts, again, lists, one, preparing, rules, silent

urlpatterns = [
    path("waves/", lists.listing, name="waves"),
    path("waves/new/", preparing.new, name="new_wave"),
    path("waves/rules/", rules.edit, name="rules"),
    path("waves/again/", again.listing, name="all_series"),
    path("waves/again/new/", again.new, name="new_series"),
    path("waves/again/<int:pk>/", again.page, name="series"),
    path("waves/again/<int:pk>/edit/", again.edit, name="edit_series"),
    path("waves/again/<int:pk>/stop/", again.stop, name="stop_series"),
    path("waves/<int:pk>/", one.page, name="wave"),
    path("waves/<int:pk>/people/", lists.people, name="wave_people"),
    path("waves/<int:pk>/silent/", silent.partners, name="silent_partners"),
    path("waves/<int:pk>/what/", preparing.what, name="wave_what"),
    path("waves/<int:pk>/who/", preparing.who, name="wave_who"),
    path("waves/<int:pk>/how/", preparing.how, name="wave_how"),
    path("waves/<int:pk>/look/", preparing.look, name="wave_look"),
    path("waves/<int:pk>/open/", acts.open_, name="open_wave"),
    path("waves/<int:pk>/go-on/", acts.go_on, name="go_on_wave"),
    path("waves/<int:pk>/remind/", acts.remind, name="remind_wave"),
    path("waves/<int:pk>/extend/", acts.extend, name="extend_wave"),
    path("waves/<int:pk>/close/", acts.close, name="close_wave"),
    path("waves/<int:pk>/delete/", acts.delete, name="delete_wave"),
]
