"""Planning a visit: most of it has an answer already."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.editing.forms import RowForm
from comity.editing.values import Said
from comity.followups.models import FollowUp
from comity.meetings import officers_needed
from comity.meetings.forms.visits import (
    MetForm,
    agenda_words,
    keys_field,
    offer,
    ours_of,
    theirs_of,
    to_talk_about,
)
from comity.meetings.models import Function, Meeting, Officer, PlannedVisit
from comity.meetings.services.planned_visits import RELATED, names_of, pairs, suggested_day
from comity.office.services import today, words
from comity.partners.models import Assignment, Partner, Person
from comity.people.models import User
from comity.people.pickers import COLLEAGUE, colleague_field, colleagues
from comity.ui.fields import PickField, picked_by, sentences
from comity.ui.widgets import CheckboxList, Radios


class PlanForm(MetForm):
    """A visit to come.

    about  the follow-up it is planned because of: it says whom to meet and which officers to bring
    """

    related = RELATED
    composed = {"partners": Said(gettext_lazy("With")), "going": Said(gettext_lazy("Who is going"), names_of)}
    officers = forms.MultipleChoiceField(
        label=gettext_lazy("Officers to bring"), required=False, widget=CheckboxList
    )
    theirs = keys_field(label=gettext_lazy("Who to meet"))
    follow_ups = keys_field(
        label=gettext_lazy("Agenda"),
        help_text=gettext_lazy("What is open with them. Choose what to talk about."),
    )
    lead = colleague_field(label=gettext_lazy("Led by"))
    ours = keys_field(label=gettext_lazy("Who else from our office"))

    class Meta(RowForm.Meta):
        model = PlannedVisit
        fields = (
            *("planned_on", "planned_at", "how", "kind", "theirs", "invite_theirs", "follow_ups", "why"),
            *("title", "place", "travel", "in_series", "lead"),
        )
        widgets = {"how": Radios}
        labels = {
            "title": gettext_lazy("In one line"),
            "in_series": gettext_lazy("One of a series: suggest the next visit once this one was held"),
        }
        help_texts = {
            "invite_theirs": gettext_lazy(
                "They are told when, where, the one line, who is coming and any change, but not why."
            ),
            "why": gettext_lazy("Only our office will see this."),
            "travel": gettext_lazy("For example, where to park and who lets you in."),
        }

    def __init__(
        self,
        *args: Any,
        user: User,
        partners: list[Partner],
        about: FollowUp | None = None,
        instance: PlannedVisit | None = None,
        **more: Any,
    ) -> None:
        self.partners, self.user = partners, user
        self.named = {row.function: row.user for row in _officers(instance)}
        more["initial"] = _of_plan(instance) if instance else _new(user, partners, about, self.named)
        super().__init__(*args, instance=instance, **more)
        first = list(instance.follow_ups.all()) if instance else [about] if about else []
        offer(
            self,
            officers=[
                (function.value, f"{function.label}: {self.named[function]}")
                for function in Function
                if function in self.named
            ],
            theirs=theirs_of(partners, instance),
            follow_ups=[(row.pk, agenda_words(row)) for row in to_talk_about(user, partners, first)],
            ours=ours_of(user, partners, instance),
        )
        picked_by(self, user)
        another = _("Another %(partner)s to visit at the same time")
        self.fields["also"].label = another % {"partner": words().partner}

    @property
    def unnamed(self) -> list[str]:
        """Functions for which nobody is named."""
        return [str(function.label) for function in Function if function not in self.named]

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        lead = said.get("lead")
        going = [(user.pk, "") for user in [*([lead] if lead else []), *said["ours"]]]
        going += [(self.named[function].pk, function) for function in said.get("officers", [])]
        said["going"] = pairs(going)
        rows = {"theirs": Person.objects.all(), "follow_ups": FollowUp.objects.visible_to(self.user)}
        return said | {name: list(rows[name].filter(pk__in=said[name])) for name in rows.keys() & said.keys()}


def _officers(plan: PlannedVisit | None) -> Iterable[Any]:
    """Those named; on a plan, first of all those who are to come on it."""
    yield from Officer.objects.at_work().select_related("user")
    if plan is not None:
        yield from plan.going.exclude(function="").select_related("user")


def _new(
    user: User, partners: list[Partner], about: FollowUp | None, named: dict[str, User]
) -> dict[str, Any]:
    wanted = officers_needed.functions_for(about) if about else []
    leads = Assignment.objects.on(today()).leads().filter(partner__in=partners).select_related("user")
    lead = next((row.user for row in leads if row.user.is_active), user)
    person = about.raised_by_person_id if about else None
    return {
        "planned_on": suggested_day(about),
        "how": Meeting.How.IN_PERSON,
        "officers": [function.value for function in wanted if function in named],
        "theirs": [person] if person else [],
        "follow_ups": [about.pk] if about else [],
        "lead": lead.pk,
        "ours": [user.pk] if user != lead else [],
    }


def _of_plan(plan: PlannedVisit) -> dict[str, Any]:
    going = list(plan.going.all())
    return {
        "officers": [one.function for one in going if one.function],
        "ours": [one.user_id for one in going if not one.function and one.user_id != plan.lead_id],
        **{name: list(getattr(plan, name).values_list("pk", flat=True)) for name in ("theirs", "follow_ups")},
    }


class CallOffForm(forms.Form):
    reason = sentences(
        gettext_lazy("Why"),
        longest=2_000,
        hint=gettext_lazy("Only our office will see this, including everyone who was going."),
    )


class OfficersForm(forms.Form):
    """One field for each function."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        named = dict(Officer.objects.values_list("function", "user"))
        kwargs["initial"] = named
        super().__init__(*args, **kwargs)
        for function in Function:
            may_be = colleagues() | User.objects.filter(pk=named.get(function))
            self.fields[function.value] = PickField(COLLEAGUE, may_be, label=function.label, required=False)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        return {function.value: said.get(function.value) for function in Function}
