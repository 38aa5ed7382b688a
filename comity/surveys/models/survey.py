"""A survey, the versions it had, and their questions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from comity.access import OfficeQuerySet
from comity.core.surveys import EFFORT, RATING, RECOMMENDATION, Scale
from comity.search.sorting import SortKey
from comity.services.models import Service

LANGUAGES = ("en", "es")
NOT_TOO_LONG = MaxLengthValidator(3_000)  # of what a survey says first, and at its end


class Purpose(models.TextChoices):
    """What a survey is for; it decides what may set it off."""

    ANNUAL = "annual", _("Once a year")
    PULSE = "pulse", _("A short pulse")
    VISIT = "visit", _("After a visit")
    TICKET = "ticket", _("After a ticket")
    OWN = "own", _("Something else")


class SurveyQuerySet(OfficeQuerySet["Survey"]):
    """Surveys are built by the office; a partner's user sees only what it is asked."""

    def standing(self) -> SurveyQuerySet:
        """Those that are still sent."""
        return self.filter(retired_at=None)


class Survey(models.Model):
    """A set of questions that is asked again and again. What was sent never changes: a change is a new version.

    service  the one it is about: its entry in the catalog says what came of it; None where it is about all we do
    """

    key = models.SlugField(_("key"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=200)
    sort_name = SortKey()
    purpose = models.CharField(
        _("what it is for"), max_length=10, choices=Purpose.choices, default=Purpose.OWN
    )
    service = models.ForeignKey(
        Service, models.PROTECT, null=True, blank=True, verbose_name=_("about which service")
    )
    created_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(null=True, editable=False)

    objects = SurveyQuerySet.as_manager()

    class Meta:
        ordering = ["sort_name", "pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("surveys:survey", args=[self.pk])

    def draft(self) -> Version | None:
        """The version that is being written, if there is one."""
        return self.versions.filter(frozen_at=None).first()

    def latest_frozen(self) -> Version | None:
        """The version that was sent last."""
        return self.versions.exclude(frozen_at=None).order_by("-number").first()


class InTwoLanguages(models.Model):
    """Something whose words are kept in English and, where there is any, in Spanish: `title_en`, `title_es`."""

    class Meta:
        abstract = True

    def said(self, name: str, language: str) -> str:
        """`title` or `ask` in a language; in English where there is no other."""
        found = getattr(self, f"{name}_{language}", "") if language in LANGUAGES else ""
        return str(found or getattr(self, f"{name}_en"))

    def foreign(self, name: str, language: str) -> str:
        """The language of `said` where it is not the one wished for, for whoever has it read aloud; else nothing."""
        return "" if getattr(self, f"{name}_{language}", "") else LANGUAGES[0]


class Version(InTwoLanguages):
    """The wording of a survey at a time, in both languages. Frozen when a wave first opens with it."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    title_en = models.CharField(_("title"), max_length=200)
    title_es = models.CharField(_("title in Spanish"), max_length=200, blank=True)
    intro_en = models.TextField(_("introduction"), blank=True, validators=[NOT_TOO_LONG])
    intro_es = models.TextField(_("introduction in Spanish"), blank=True, validators=[NOT_TOO_LONG])
    thanks_en = models.TextField(_("closing words"), blank=True, validators=[NOT_TOO_LONG])
    thanks_es = models.TextField(_("closing words in Spanish"), blank=True, validators=[NOT_TOO_LONG])
    frozen_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["survey", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "number"], name="survey_version_once"),
            models.UniqueConstraint(
                fields=["survey"], condition=Q(frozen_at=None), name="survey_one_draft_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.survey}, {self.number}"


class Question(InTwoLanguages):
    """One question of a version. Its key is its identity: the same key in two versions is the same question.

    show_if_question, show_if_values  asked only if that earlier question was answered with one of these values
    choices   of a choice: [{"key", "en", "es"}], in order
    driver    what it is about, where it may drive satisfaction ("ease"); empty otherwise
    outcome   the one rating of a version that the drivers are to explain
    core      one of the questions whose change since the last wave is judged together
    """

    class Kind(models.TextChoices):
        RATING = "rating", _("Rating, 1 to 5")
        RECOMMEND = "recommend", _("Recommendation, 0 to 10")
        EFFORT = "effort", _("Effort, 1 to 7")
        YES_NO = "yes_no", _("Yes or no")
        ONE = "one", _("One of several")
        MANY = "many", _("Any of several")
        TEXT = "text", _("In their own words")

    SCALES: ClassVar[dict[str, Scale]] = {
        Kind.RATING: RATING,
        Kind.RECOMMEND: RECOMMENDATION,
        Kind.EFFORT: EFFORT,
    }
    NUMERIC = tuple(SCALES)

    version = models.ForeignKey(Version, models.CASCADE, related_name="questions")
    key = models.SlugField(max_length=60)
    order = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.RATING)
    ask_en = models.CharField(_("question"), max_length=500)
    ask_es = models.CharField(_("question in Spanish"), max_length=500, blank=True)
    help_en = models.CharField(_("hint"), max_length=300, blank=True)
    help_es = models.CharField(_("hint in Spanish"), max_length=300, blank=True)
    driver = models.SlugField(_("what it is about"), max_length=40, blank=True)
    outcome = models.BooleanField(_("the overall rating, which the others explain"), default=False)
    core = models.BooleanField(_("compared from wave to wave"), default=False)
    dont_know = models.BooleanField(_("offer “I don’t know” as an answer"), default=True)
    choices: Any = models.JSONField(_("choices"), default=list, blank=True)
    show_if_question = models.SlugField(_("only after this question"), max_length=60, blank=True)
    show_if_values: Any = models.JSONField(_("with one of these answers"), default=list, blank=True)

    class Meta:
        ordering = ["version", "order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="question_once_per_version"),
        ]

    def __str__(self) -> str:
        return self.ask_en

    @property
    def is_numeric(self) -> bool:
        return self.kind in self.NUMERIC

    @property
    def values(self) -> tuple[Any, ...]:
        """Every answer there is, as answers are kept; none for own words. "I don't know" is not among them."""
        if self.kind == self.Kind.YES_NO:
            return (True, False)
        if self.kind in (self.Kind.ONE, self.Kind.MANY):
            return tuple(choice["key"] for choice in self.choices)
        return self.SCALES[self.kind].values if self.is_numeric else ()

    def is_asked(self, answers: Mapping[str, Any]) -> bool:
        """Whether it comes up for someone who has answered so far: see `show_if_question`."""
        if not self.show_if_question:
            return True
        given = answers.get(self.show_if_question)
        return any(each in self.show_if_values for each in (given if isinstance(given, list) else [given]))
