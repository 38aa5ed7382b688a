"""Planning a visit: most of it has an answer already."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.followups.forms.fields import owner_field, owners, partner_field, partners_for
from comity.followups.models import FollowUp
from comity.meetings import bringing
from comity.meetings.forms.visits import ours_of, theirs_of, to_talk_about
from comity.meetings.models import Function, Meeting, Officer, Plan
from comity.meetings.services import Goer
from comity.meetings.services.plans import suggested_day
from comity.office.services import today, words
from comity.partners.models import Assignment, Partner, Person
from comity.people.models import User
from comity.ui.widgets import CheckboxList, DateInput, Radios


class TimeInput(forms.TimeInput):
    """The browser's own field for a time of day."""

    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%H:%M")


class PlanForm(forms.Form):
    """Partners and writer are known.

    about  the follow-up it is planned because of: it says whom to meet and which officers to bring
    plan   the visit that is changed
    """

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    planned_on = forms.DateField(label=gettext_lazy("When"), widget=DateInput)
    planned_at = forms.TimeField(label=gettext_lazy("At what time"), required=False, widget=TimeInput)
    how = forms.ChoiceField(label=gettext_lazy("How"), choices=Meeting.How.choices, widget=Radios)
    officers = forms.MultipleChoiceField(
        label=gettext_lazy("Officers to bring"), required=False, widget=CheckboxList
    )
    theirs = forms.MultipleChoiceField(
        label=gettext_lazy("Whom to meet"), required=False, widget=CheckboxList
    )
    follow_ups = forms.MultipleChoiceField(
        label=gettext_lazy("What it is about"), required=False, widget=CheckboxList
    )
    why = forms.CharField(
        label=gettext_lazy("What we want to say, or hear"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Only our office reads it."),
    )
    title = forms.CharField(label=gettext_lazy("In one line"), required=False, max_length=200)
    place = forms.CharField(label=gettext_lazy("Where"), required=False, max_length=200)
    lead = owner_field(label=gettext_lazy("Who leads it"))
    ours = forms.MultipleChoiceField(
        label=gettext_lazy("Who else of us comes"), required=False, widget=CheckboxList
    )
    colleague = owner_field(label=gettext_lazy("Another of us"), required=False)
    also = partner_field(required=False)

    def __init__(
        self,
        *args: Any,
        user: User,
        partners: list[Partner],
        about: FollowUp | None = None,
        plan: Plan | None = None,
        **kwargs: Any,
    ) -> None:
        self.partners, self.user, self.plan = partners, user, plan
        self.named = {row.function: row.user for row in _officers(plan)}
        kwargs["initial"] = _of_plan(plan) if plan else _new(user, partners, about, self.named)
        super().__init__(*args, **kwargs)
        first = list(plan.follow_ups.all()) if plan else [about] if about else []
        choices = {
            "officers": [
                (function.value, f"{function.label}: {self.named[function]}")
                for function in Function
                if function in self.named
            ],
            "theirs": theirs_of(partners, plan),
            "follow_ups": [(row.pk, row.title) for row in to_talk_about(user, partners, first)],
            "ours": ours_of(user, partners, plan),
        }
        for name, known in choices.items():
            self.fields[name].choices = known  # type: ignore[attr-defined]
            if not known:
                del self.fields[name]
        for name in ("lead", "colleague"):
            self.fields[name].rows = owners()  # type: ignore[attr-defined]
        self.fields["also"].rows = partners_for(user)  # type: ignore[attr-defined]
        self.fields["also"].label = _("Another %(partner)s to visit with them") % {"partner": words().partner}

    @property
    def unnamed(self) -> list[str]:
        """Functions for which nobody is named."""
        return [str(function.label) for function in Function if function not in self.named]

    def fields_of_plan(self) -> dict[str, Any]:
        """What the form says, as the services want it."""
        said = dict(self.cleaned_data)
        said.pop("version", None)
        colleague, also = said.pop("colleague"), said.pop("also")
        users = list(User.objects.filter(pk__in=said.pop("ours", [])))
        going = [Goer(user) for user in users + ([colleague] if colleague else [])]
        going += [Goer(self.named[function], function) for function in said.pop("officers", [])]
        return {
            **said,
            "going": going,
            "theirs": list(Person.objects.filter(pk__in=said.pop("theirs", []))),
            "follow_ups": list(
                FollowUp.objects.visible_to(self.user).filter(pk__in=said.pop("follow_ups", []))
            ),
            "partners": self.partners + ([also] if also and also not in self.partners else []),
        }


def _officers(plan: Plan | None) -> Iterable[Any]:
    """Those named; on a plan, first of all those who are to come on it."""
    yield from Officer.objects.at_work().select_related("user")
    if plan is not None:
        yield from plan.going.exclude(function="").select_related("user")


def _new(
    user: User, partners: list[Partner], about: FollowUp | None, named: dict[str, User]
) -> dict[str, Any]:
    wanted = bringing.functions_for(about) if about else []
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


def _of_plan(plan: Plan) -> dict[str, Any]:
    names = ("version", "planned_on", "planned_at", "how", "why", "title", "place")
    found = {name: getattr(plan, name) for name in names}
    going = list(plan.going.all())
    found["lead"] = plan.lead_id
    found["officers"] = [one.function for one in going if one.function]
    found["ours"] = [one.user_id for one in going if not one.function and one.user_id != plan.lead_id]
    for name in ("theirs", "follow_ups"):
        found[name] = list(getattr(plan, name).values_list("pk", flat=True))
    return found


class CallOffForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Those who were to come read it. Only our office does."),
    )


class OfficersForm(forms.Form):
    """One field for each function."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        named = dict(Officer.objects.values_list("function", "user"))
        kwargs["initial"] = named
        super().__init__(*args, **kwargs)
        for function in Function:
            field = owner_field(label=function.label, required=False)
            field.rows = owners() | User.objects.filter(pk=named.get(function))
            self.fields[function.value] = field

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        return {function.value: said.get(function.value) for function in Function}
