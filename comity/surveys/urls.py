"""The addresses of surveys: built and asked under /surveys/ and /waves/, answered under /answer/ without signing in."""

from __future__ import annotations

from django.urls import path

from comity.surveys.views import accounts, answering, low_ratings, portal, questions, responses, surveys
from comity.surveys.views.results import groups, pdf_report
from comity.surveys.views.results import page as results
from comity.surveys.views.waves import lists, one, preparing, recurring

app_name = "surveys"
urlpatterns = [
    # Where surveys, their versions and their questions are built.
    path("surveys/", surveys.listing, name="list"),
    path("surveys/new/", surveys.new, name="new_survey"),
    path("surveys/<int:pk>/", surveys.survey, name="survey"),
    path("surveys/<int:pk>/edit/", surveys.edit, name="edit_survey"),
    path("surveys/<int:pk>/retire/", surveys.retire, name="retire"),
    path("surveys/<int:pk>/bring-back/", surveys.bring_back, name="bring_back"),
    path("surveys/<int:pk>/begin/", surveys.begin, name="begin_version"),
    path("surveys/versions/<int:pk>/", surveys.version, name="version"),
    path("surveys/versions/<int:pk>/preview/", surveys.preview, name="preview"),
    path("surveys/versions/<int:pk>/phone/", surveys.phone, name="phone"),
    path("surveys/versions/<int:pk>/words/", surveys.words, name="words"),
    path("surveys/versions/<int:pk>/discard/", surveys.discard, name="discard_version"),
    path("surveys/versions/<int:pk>/questions/new/", questions.new, name="new_question"),
    path("surveys/versions/<int:pk>/questions/restore/", questions.restore, name="restore_question"),
    path("surveys/questions/<int:pk>/edit/", questions.edit, name="edit_question"),
    path("surveys/questions/<int:pk>/only-if/", questions.hang, name="hang_question"),
    path("surveys/questions/<int:pk>/move/", questions.move, name="move_question"),
    path("surveys/questions/<int:pk>/remove/", questions.remove, name="remove_question"),
    # Where waves are made, opened and watched.
    path("waves/", lists.listing, name="waves"),
    path("waves/new/", preparing.new, name="new_wave"),
    path("waves/rules/", recurring.rules, name="rules"),
    path("waves/again/", recurring.listing, name="all_series"),
    path("waves/again/new/", recurring.new, name="new_series"),
    path("waves/again/<int:pk>/", recurring.page, name="series"),
    path("waves/again/<int:pk>/edit/", recurring.edit, name="edit_series"),
    path("waves/again/<int:pk>/stop/", recurring.stop, name="stop_series"),
    path("waves/<int:pk>/", one.page, name="wave"),
    path("waves/<int:pk>/people/", lists.people, name="wave_people"),
    path("waves/<int:pk>/silent/", lists.silent_partners, name="silent_partners"),
    path("waves/<int:pk>/what/", preparing.what, name="wave_what"),
    path("waves/<int:pk>/who/", preparing.who, name="wave_who"),
    path("waves/<int:pk>/how/", preparing.how, name="wave_how"),
    path("waves/<int:pk>/look/", preparing.look, name="wave_look"),
    path("waves/<int:pk>/open/", one.open_, name="open_wave"),
    path("waves/<int:pk>/go-on/", one.go_on, name="go_on_wave"),
    path("waves/<int:pk>/remind/", one.remind, name="remind_wave"),
    path("waves/<int:pk>/extend/", one.extend, name="extend_wave"),
    path("waves/<int:pk>/close/", one.close, name="close_wave"),
    path("waves/<int:pk>/delete/", one.delete, name="delete_wave"),
    # Where surveys are answered, without signing in; and where the office reads single answers.
    path("answer/again/<str:token>/", answering.again, name="again"),
    path("answer/<str:token>/", answering.page, name="answer"),
    path("answer/<str:token>/thank-you/", answering.thanks, name="thanks"),
    path("waves/<int:pk>/responses/", responses.of_wave, name="responses"),
    path("responses/<int:pk>/", responses.one, name="response"),
    # Where figures are read.
    path("waves/<int:pk>/results/", results.page, name="results"),
    path("waves/<int:pk>/results/by/<slug:table>/", groups.breakdown, name="breakdown"),
    path("waves/<int:pk>/results/words/<slug:key>/", results.said, name="said"),
    path("waves/<int:pk>/results/counts.csv", results.tallies, name="results_csv"),
    path("waves/<int:pk>/results/codebook.csv", results.codebook, name="codebook"),
    path("waves/<int:pk>/results/report.pdf", pdf_report.report, name="report"),
    # What came of what was answered.
    path("waves/low-ratings/", low_ratings.page, name="loop"),
    path("waves/<int:pk>/told/", accounts.page, name="account"),
    path("waves/<int:pk>/told/say/", accounts.say, name="deed_new"),
    path("waves/<int:pk>/told/intro/", accounts.intro, name="account_intro"),
    path("waves/<int:pk>/told/publish/", accounts.publish, name="account_publish"),
    path("waves/<int:pk>/told/take-back/", accounts.take_back, name="account_take_back"),
    path("waves/<int:pk>/told/tell/", accounts.tell_all, name="account_tell"),
    path("waves/told/<int:pk>/change/", accounts.change, name="deed_change"),
    path("waves/told/<int:pk>/remove/", accounts.remove, name="deed_remove"),
    path("told/<str:token>/", accounts.read, name="account_page"),
    # Where a partner’s users read of surveys.
    path("portal/surveys/", portal.listing, name="portal_list"),
    path("portal/surveys/<int:pk>/", portal.wave, name="portal_wave"),
]
