"""Writing down a visit, in a minute, on a phone."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.editing.forms import RowForm
from comity.editing.values import Said
from comity.followups import kinds
from comity.followups.models import FollowUp
from comity.meetings.models import Meeting, PlannedVisit
from comity.meetings.services import Promised
from comity.office.services import today, words
from comity.partners.models import Assignment, Partner, Person, Position
from comity.partners.pickers import PARTNER_TODAY, PARTNER_WORD
from comity.people.models import User
from comity.people.pickers import colleague_field
from comity.ui.fields import PickField, Picking, picked_by, sentences
from comity.ui.widgets import CheckboxList, DateInput, Radios

PROMISES = 1  # lines to begin with
MOST_PROMISES = 20
OFFERED = 20  # open follow-ups of a partner to have talked about


class WhomForm(Picking, forms.Form):
    """The first question, if the address does not answer it."""

    partner = PickField(PARTNER_TODAY, label=PARTNER_WORD)


def theirs_of(partners: list[Partner], row: Meeting | PlannedVisit | None) -> list[tuple[int, str]]:
    """Those who hold a post at these partners, as choices with their titles, the head first; and whom the row names already."""
    posts = (
        Position.objects.current(today())
        .filter(partner__in=partners, person__isnull=False, person__left_on=None)
        .select_related("person")
        .by_rank("person__sort_name")
    )
    titles: dict[int, str] = {}
    for post in posts:
        titles.setdefault(post.person_id or 0, f"{post.person}, {post.title}")
    if row is not None:
        for person in row.theirs.all():
            titles.setdefault(person.pk, str(person))
    return list(titles.items())


def keys_field(**more: Any) -> forms.TypedMultipleChoiceField:
    """Several rows of a few, by their keys; a form says which it offers with `offer`."""
    return forms.TypedMultipleChoiceField(coerce=int, required=False, widget=CheckboxList, **more)


def offer(form: forms.BaseForm, **choices: list[tuple[Any, str]]) -> None:
    """Give fields their choices; one that has none is left out."""
    fields: dict[str, Any] = form.fields
    for name, known in choices.items():
        fields[name].choices = known
        if not known:
            del form.fields[name]


class MetForm(RowForm):
    """Partners and writer are known; who else of ours and which other partner, the form asks for."""

    partners: list[Partner]
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of meeting"),
        choices=Meeting.Kind.choices,
        initial=Meeting.Kind.VISIT,
        required=False,
    )
    ours = keys_field()
    colleague = colleague_field(label=gettext_lazy("Another colleague"), required=False)
    also = PickField(PARTNER_TODAY, required=False)

    def clean_kind(self) -> str:
        """It stays as it is, where it is not said."""
        return str(self.cleaned_data["kind"] or self.instance.kind)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        colleague, also = said.get("colleague"), said.get("also")
        ours = list(User.objects.filter(pk__in=said.get("ours", [])))
        said["ours"] = ours + ([colleague] if colleague and colleague not in ours else [])
        said["partners"] = self.partners + ([also] if also and also not in self.partners else [])
        return said


class VisitForm(MetForm):
    """The rest has an answer that is right most of the time."""

    composed = {
        "partners": Said(gettext_lazy("With")),
        "ours": Said(gettext_lazy("Who was there from our office")),
        "about": Said(gettext_lazy("Follow-ups it was about")),
    }
    theirs = keys_field(label=gettext_lazy("Who was there from their side"))
    about = keys_field(
        label=gettext_lazy("Follow-ups it was about"),
        help_text=gettext_lazy("Each of these will count as visited."),
    )
    ours = keys_field(label=gettext_lazy("Who was there from our office"))

    class Meta(RowForm.Meta):
        model = Meeting
        fields = (
            "how",
            "held_on",
            "theirs",
            "others",
            "said",
            "office_only",
            "notes",
            "mood",
            "kind",
            "title",
            "about",
            "place",
            "ours",
        )
        widgets = {"how": Radios, "notes": forms.Textarea(attrs={"rows": 3})}
        labels = {
            "others": gettext_lazy("Anyone else"),
            "office_only": gettext_lazy("Only our office can see what was said"),
            "notes": gettext_lazy("Notes only our office can see"),
            "mood": gettext_lazy("How the mood seemed to you"),
        }
        help_texts = {
            "others": gettext_lazy("Names of people who are not in the list."),
            "notes": gettext_lazy("These may be public records. Write nothing you would not say to them."),
            "mood": gettext_lazy("Only our office can see this."),
        }

    def __init__(
        self,
        *args: Any,
        user: User,
        partners: list[Partner],
        instance: Meeting | None = None,
        plan: PlannedVisit | None = None,
        about: FollowUp | None = None,
        **more: Any,
    ) -> None:
        first = _about(user, instance, plan, about)
        initial = _as_planned(plan, user) if plan else _initial(instance, user)
        initial["about"] = [row.pk for row in first]
        if about is not None and about.raised_by_person_id:
            initial["theirs"] = [about.raised_by_person_id]
        super().__init__(*args, instance=instance, initial=initial, **more)
        self.partners, self.user = partners, user
        offer(
            self,
            theirs=theirs_of(partners, instance or plan),
            ours=ours_of(user, partners, instance or plan),
            about=[(row.pk, agenda_words(row)) for row in to_talk_about(user, partners, first)],
        )
        self.fields["mood"].choices = [("", _("Not said")), *Meeting.Mood.choices]
        picked_by(self, user)
        self.fields["also"].label = _("Another %(partner)s who was there") % {"partner": words().partner}

    def clean_held_on(self) -> Any:
        day = self.cleaned_data["held_on"]
        if day > today():
            raise forms.ValidationError(
                _("Choose today or an earlier day. A meeting that is still to come is a planned visit.")
            )
        return day

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        said["ours"] = said["ours"] or [self.user]
        said["about"] = self._about(said.get("about", []))
        if "theirs" in said:
            said["theirs"] = list(Person.objects.filter(pk__in=said["theirs"]))
        return said

    def _about(self, chosen: list[int]) -> list[FollowUp]:
        """What was ticked, and what it was about already that this person was not shown."""
        seen = FollowUp.objects.visible_to(self.user)
        found = list(seen.filter(pk__in=chosen))
        if self.instance.pk:
            found += self.instance.about.exclude(pk__in=seen.values("pk"))
        return found


def _about(
    user: User, meeting: Meeting | None, plan: PlannedVisit | None, about: FollowUp | None
) -> list[FollowUp]:
    """What the meeting was about, as far as it is known."""
    if about is not None:
        return [about]
    seen = FollowUp.objects.visible_to(user).order_by("pk")
    if meeting is not None:
        return list(seen.filter(meetings=meeting))
    return list(seen.filter(planned_visits=plan)) if plan is not None else []


def to_talk_about(user: User, partners: list[Partner], first: list[FollowUp]) -> list[FollowUp]:
    """What is open with these partners, the soonest due first; what is known to be talked about comes first of all."""
    rows = FollowUp.objects.visible_to(user).open().filter(partner__in=partners)
    more = rows.exclude(pk__in=[row.pk for row in first]).order_by("due_on", "pk")
    return first + list(more[: max(0, OFFERED - len(first))])


def agenda_words(row: FollowUp) -> str:
    """What is open as a line of an agenda: a promise, a dispute, a low rating, and what it is about."""
    return _("%(kind)s: %(title)s") % {"kind": kinds.label(row.kind), "title": row.title}


def _initial(meeting: Meeting | None, user: User) -> dict[str, Any]:
    if meeting is None:
        return {"held_on": today(), "ours": [user.pk]}
    return {name: list(getattr(meeting, name).values_list("pk", flat=True)) for name in ("ours", "theirs")}


def _as_planned(plan: PlannedVisit, user: User) -> dict[str, Any]:
    """What the plan says, as if it had come about; on its day, or today if that is sooner."""
    return {
        "kind": plan.kind,
        "how": plan.how,
        "held_on": min(plan.planned_on, today()),
        "title": plan.title,
        "place": plan.place,
        "ours": list(plan.ours.values_list("pk", flat=True)) or [user.pk],
        "theirs": list(plan.theirs.values_list("pk", flat=True)),
    }


def ours_of(user: User, partners: list[Partner], row: Meeting | PlannedVisit | None) -> list[tuple[int, str]]:
    """Whoever writes, those who look after the partners, and whom the row names already."""
    among = Q(pk=user.pk) | Q(
        pk__in=Assignment.objects.on(today()).filter(partner__in=partners).values("user"), is_active=True
    )
    if row is not None:
        among |= Q(pk__in=row.ours.values("pk"))
    people = sorted(User.objects.filter(among), key=lambda each: (each.pk != user.pk, each.sort_name))
    return [(each.pk, str(each)) for each in people]


class PromiseForm(forms.Form):
    """One promise. A line left empty is none.

    partners  those there, the first of all whoever it is to unless another is chosen; only of several it is asked
    """

    title = forms.CharField(label=gettext_lazy("The promise"), required=False, max_length=200)
    by_them = forms.BooleanField(label=gettext_lazy("They promised it to us"), required=False)
    due_on = forms.DateField(label=gettext_lazy("By when"), required=False, widget=DateInput)
    to = forms.TypedChoiceField(label=gettext_lazy("With whom"), coerce=int, required=False)

    def __init__(self, *args: Any, partners: list[Partner], **more: Any) -> None:
        super().__init__(*args, **more)
        self.partners = {partner.pk: partner for partner in partners}
        self.fields["to"].choices = [(partner.pk, partner.name) for partner in partners]  # type: ignore[attr-defined]
        if len(partners) == 1:
            del self.fields["to"]

    @property
    def promised(self) -> Promised | None:
        """What was filled in; None where nothing was."""
        said = self.cleaned_data
        partner = self.partners[said.get("to") or next(iter(self.partners))]
        title = said.get("title", "").strip()
        if not title:
            return None
        return Promised(title, due_on=said["due_on"], partner=partner, by_them=said["by_them"])

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("due_on") and not said.get("title", "").strip():
            self.add_error("title", _("Say what was promised by then, or clear the day."))
        elif said.get("due_on") and said["due_on"] < today():
            self.add_error("due_on", _("Choose today or a later day."))
        return said


PromiseFormSet = forms.formset_factory(
    PromiseForm, extra=0, max_num=MOST_PROMISES, absolute_max=MOST_PROMISES
)


def promised(forms_of_promises: Any) -> list[Promised]:
    """The lines that hold a promise."""
    return [each.promised for each in forms_of_promises if each.promised]


class WithdrawForm(forms.Form):
    reason = sentences(
        gettext_lazy("Why"),
        longest=2_000,
        hint=gettext_lazy("For example, it did not take place, or it was entered twice."),
    )
