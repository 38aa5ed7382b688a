"""The forms of the ring: writing down what was heard, in the office and in the portal, and each step.

Every step remembers which version of the follow-up its writer saw.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.editing.forms import RowForm
from comity.followups import kinds
from comity.followups.models import FollowUp, Helped, How, Severity
from comity.followups.services.letters import Letter, address_of, letters, may_be_asked, why_no_mail
from comity.followups.services.praising import COMPLIMENT
from comity.office.services import today
from comity.partners.models import Assignment, Partner, Person, Position
from comity.partners.pickers import PARTNER, PARTNER_TODAY, PARTNER_WORD, PERSON
from comity.people.models import User
from comity.people.pickers import colleague_field, colleagues
from comity.ui.fields import PickField, Picking, sentences
from comity.ui.widgets import CheckboxList, DateInput, Radios


def kinds_written_down() -> list[tuple[str, str]]:
    """The kinds a person writes down; the others come from where they were heard."""
    return [(key, kinds.label(key)) for key in ("concern", "complaint", "idea", "question", COMPLIMENT)]


class WriteDownForm(Picking, forms.Form):
    """What someone in the office heard. All but the line itself has an answer already.

    The partner and who said it know of each other: the browser offers those who go together, and so does the form where
    scripts are off.
    """

    partner = PickField(
        PARTNER_TODAY,
        label=PARTNER_WORD,
        required=False,
        beside="raised_by",
        fills=True,
        help_text=gettext_lazy("Leave empty if it is about our office as a whole."),
    )
    title = forms.CharField(
        label=gettext_lazy("What was heard, in one line"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    said = sentences(gettext_lazy("In their words"), required=False)
    raised_by = PickField(
        PERSON,
        label=gettext_lazy("Who said it"),
        required=False,
        beside="partner",
        help_text=gettext_lazy("They will be told what came of it."),
    )
    anonymous = forms.BooleanField(label=gettext_lazy("They do not want to be named"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=kinds_written_down, widget=Radios)
    praises = colleague_field(
        label=gettext_lazy("Whom they praise"),
        required=False,
        help_text=gettext_lazy("Only for a compliment. They hear of it, and so does whoever leads them."),
    )
    severity = forms.ChoiceField(label=gettext_lazy("How serious"), choices=Severity.choices)
    heard_on = forms.DateField(label=gettext_lazy("Heard on"), widget=DateInput)
    office_only = forms.BooleanField(label=gettext_lazy("Only our office sees this"), required=False)
    mine = forms.BooleanField(label=gettext_lazy("I will take it on"), required=False)
    asked = forms.IntegerField(required=False, widget=forms.HiddenInput)  # of whom we asked where they work

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        usual = {"kind": "concern", "severity": Severity.NORMAL, "heard_on": today()}
        initial = usual | kwargs.pop("initial", {})
        super().__init__(*args, user=user, initial=initial, **kwargs)
        self.user = user
        if partner := self._partner_beforehand():
            self._picking("raised_by").bring_near(partner, user)

    def _picking(self, name: str) -> PickField:
        field = self.fields[name]
        assert isinstance(field, PickField)
        return field

    def _partner_beforehand(self) -> Any:
        """The partner that was sent or that the address names, before anything else is read."""
        bound = self["partner"]
        try:
            return self._picking("partner").to_python(bound.data if self.is_bound else bound.value())
        except forms.ValidationError:
            return None

    def clean_heard_on(self) -> Any:
        day = self.cleaned_data["heard_on"]
        if day > today():
            raise forms.ValidationError(_("The day it was heard cannot be in the future."))
        return day

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        person, partner, asked = said.get("raised_by"), said.get("partner"), said.pop("asked", None)
        said["praises"] = [praised] if (praised := said.get("praises")) else []
        refuse_praise(self, said)
        if person and said.get("anonymous"):
            self.add_error("anonymous", _("Either name them or keep them anonymous, not both."))
        elif person and "partner" not in self.errors:
            self._go_together(person, partner, asked)
        return said

    def _go_together(self, person: Person, partner: Partner | None, asked: int | None) -> None:
        """Refuse a contradiction; ask once where they work, if that is left open."""
        theirs = self._partners_of(person)
        named = {"person": person, "partner": partner, "theirs": "; ".join(map(str, theirs))}
        if partner and partner not in theirs:
            told = _(
                "%(person)s has no position at %(partner)s. Choose someone who does, or leave this empty."
            )
            if theirs:
                told = _(
                    "%(person)s has no position at %(partner)s, only at: %(theirs)s. "
                    "Choose someone who does, change what stands above, or leave this empty."
                )
            self.add_error("raised_by", told % named)
        elif not partner and theirs and asked != person.pk:
            self._ask_where(person, theirs, named)

    def _ask_where(self, person: Person, theirs: list[Partner], named: dict[str, Any]) -> None:
        """Fill in where they work if that is one, else offer it; what is left empty thereafter is meant so."""
        if len(theirs) == 1:
            told = _(
                "%(person)s works at %(theirs)s, so we filled that in. "
                "Send it again, or clear it if it is about our office as a whole."
            )
        else:
            told = _(
                "%(person)s works at: %(theirs)s. Choose one, "
                "or leave this empty and send it again if it is about our office as a whole."
            )
        field = self._picking("partner")
        field.widget.known = [field.picker.label(each) for each in theirs]
        self._fill_in(asked=person, partner=theirs[0] if len(theirs) == 1 else None)
        self.add_error("partner", told % named)

    def _partners_of(self, person: Person) -> list[Partner]:
        posts = Position.objects.current(today()).filter(person=person)
        rows = PARTNER_TODAY.rows(self.user).filter(pk__in=posts.values("partner"))
        return list(rows.order_by("sort_name", "pk"))

    def _fill_in(self, *, asked: Person, partner: Partner | None) -> None:
        """As if they had been sent, so that the form comes back with them."""
        self.data = data = dict(self.data.items())
        data[self.add_prefix("asked")] = str(asked.pk)
        if partner is not None:
            data.update(self._picking("partner").as_sent(self.add_prefix("partner"), partner))


def refuse_praise(form: forms.Form, said: dict[str, Any]) -> None:
    """Whom it praises is said of a compliment only."""
    if said.get("praises") and said.get("kind") != COMPLIMENT:
        form.add_error("praises", _("Choose “Compliment” to say whom it praises, or leave this empty."))


class PortalForm(forms.Form):
    """What a partner's user raises for its own body; of several none is taken for granted."""

    partner = forms.ModelChoiceField(Partner.objects.none(), label="", widget=Radios, empty_label=None)
    kind = forms.ChoiceField(label=gettext_lazy("What is it?"), choices=kinds_written_down, widget=Radios)
    title = forms.CharField(label=gettext_lazy("What is it about, in one line?"), max_length=200)
    said = sentences(gettext_lazy("Tell us more"), required=False, rows=5)
    praises = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label=gettext_lazy("Whom do you want to thank?"),
        required=False,
        widget=CheckboxList,
        help_text=gettext_lazy("Only for a compliment. Name anybody else in your own words."),
    )
    severity = forms.ChoiceField(
        label=gettext_lazy("How serious is this for you?"), choices=Severity.choices, widget=Radios
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        kwargs["initial"] = {"severity": Severity.NORMAL, "kind": "concern", **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        own = user.memberships.standing().values("partner")
        rows = Partner.objects.visible_to(user).not_former().filter(pk__in=own).order_by("sort_name", "pk")
        partner = self.fields["partner"]
        assert isinstance(partner, forms.ModelChoiceField)
        partner.queryset = rows
        partner.label = _("Which of your organizations is this for?")
        if len(rows) == 1:
            partner.widget = forms.HiddenInput()
            partner.initial = rows[0].pk
        self._offer_whom_they_know(user, rows)

    def _offer_whom_they_know(self, user: User, partners: Any) -> None:
        """Those of the office who look after them, or answered for what they said; without any, nobody is asked for."""
        contacts = Assignment.objects.on(today()).filter(partner__in=partners).values("user")
        owners = FollowUp.objects.visible_to(user).filter(partner__in=partners).values("owner")
        known = colleagues().filter(Q(pk__in=contacts) | Q(pk__in=owners)).order_by("sort_name", "pk")
        field: Any = self.fields["praises"]
        field.queryset = known
        if not known:
            del self.fields["praises"]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        refuse_praise(self, said)
        return said


class PraiseForm(forms.Form):
    """Of whom a compliment speaks, too."""

    whom = colleague_field(label=gettext_lazy("Who in our office"))


class ActForm(forms.Form):
    """A step of one follow-up, by one person."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    letters: Sequence[Letter] | None = None

    def __init__(self, *args: Any, follow_up: FollowUp, user: User, **kwargs: Any) -> None:
        kwargs["initial"] = {"version": follow_up.version, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.follow_up, self.user = follow_up, user


class OwnForm(ActForm):
    due_on = forms.DateField(
        label=gettext_lazy("Due by"),
        widget=DateInput,
        help_text=gettext_lazy(
            "The day you promise. On-time figures use this day, even if the due date changes later."
        ),
    )

    def __init__(self, *args: Any, follow_up: FollowUp, **kwargs: Any) -> None:
        super().__init__(*args, follow_up=follow_up, initial={"due_on": follow_up.due_on}, **kwargs)


class HandOverManyForm(forms.Form):
    to = colleague_field(label=gettext_lazy("To whom"))
    words = sentences(
        gettext_lazy("Note for them"), required=False, hint=gettext_lazy("Only our office will see this.")
    )


class HandOverForm(HandOverManyForm, ActForm):
    pass


class MoveDueManyForm(forms.Form):
    due_on = forms.DateField(label=gettext_lazy("New due date"), widget=DateInput)
    words = sentences(gettext_lazy("Why it is changing"), hint=gettext_lazy("They will see this."))


class MoveDueForm(MoveDueManyForm, ActForm):
    def __init__(self, *args: Any, follow_up: FollowUp, **kwargs: Any) -> None:
        super().__init__(*args, follow_up=follow_up, initial={"due_on": follow_up.due_on}, **kwargs)
        if follow_up.office_only:
            self.fields["words"].help_text = ""


class FinishForm(ActForm):
    words = sentences(
        gettext_lazy("What was done"),
        hint=gettext_lazy("A sentence or two, in words they will understand."),
        rows=5,
    )


class TellForm(ActForm):
    how = forms.ChoiceField(label=gettext_lazy("How"), choices=How.choices, widget=Radios)
    to = forms.CharField(label=gettext_lazy("To whom"), max_length=300, required=False)
    words = sentences(gettext_lazy("What to tell them"), rows=5)
    ask_if_it_helped = forms.BooleanField(
        label=gettext_lazy("Send them a link to say whether it helped"),
        required=False,
        initial=True,
    )

    def __init__(self, *args: Any, follow_up: FollowUp, **kwargs: Any) -> None:
        by_mail = bool(address_of(follow_up))
        initial = {
            "how": How.MAIL if by_mail else "",
            "to": str(follow_up.raised_by or ""),
            "words": follow_up.done_words,
        }
        super().__init__(*args, follow_up=follow_up, initial=initial, **kwargs)
        self.address = follow_up.email_of_raiser if by_mail else ""
        if not by_mail:
            how = self.fields["how"]
            assert isinstance(how, forms.ChoiceField)
            how.choices = [choice for choice in How.choices if choice[0] != How.MAIL]
            how.help_text = why_no_mail(follow_up)
        if not may_be_asked(follow_up):
            del self.fields["ask_if_it_helped"]
        self.letters = letters(follow_up, self.user)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        said.setdefault("ask_if_it_helped", False)
        return said


class WithdrawForm(ActForm):
    reason = sentences(
        gettext_lazy("Why"), hint=gettext_lazy("For example, a duplicate, no longer needed, or a mistake.")
    )


class ReopenForm(ActForm):
    words = sentences(gettext_lazy("Why it needs to be reopened"))


class CommentForm(forms.Form):
    words = sentences(gettext_lazy("Your comment"), rows=2)
    office_only = forms.BooleanField(
        label=gettext_lazy("Only our office sees this"), required=False, initial=True
    )

    def __init__(self, *args: Any, follow_up: FollowUp, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].help_text = _("Type @ and a name to notify someone, such as @Ana Ruiz.")
        self.fields["words"].widget.attrs |= {
            "data-mentions": reverse("followups:mentionable", args=[follow_up.pk]),
            "data-mentions-office-only": self.add_prefix("office_only"),
        }
        if follow_up.office_only or follow_up.partner_id is None:
            del self.fields["office_only"]


class PortalCommentForm(forms.Form):
    """What a partner's user remarks; both sides read it."""

    words = sentences(gettext_lazy("Your comment"))


class EditForm(Picking, RowForm):
    """What is written about it."""

    partner = PickField(
        PARTNER,
        label=PARTNER_WORD,
        required=False,
        help_text=gettext_lazy("Leave empty if it is about our office as a whole."),
    )

    class Meta(RowForm.Meta):
        model = FollowUp
        fields = ("partner", "title", "said", "severity", "office_only")
        widgets = {"severity": Radios}


class HelpedForm(forms.Form):
    answer = forms.ChoiceField(label=gettext_lazy("Did it help?"), choices=Helped.choices, widget=Radios)
    words = sentences(
        gettext_lazy("Anything you want to add"),
        rows=4,
        longest=4_000,
        required=False,
        hint=gettext_lazy("If it did not help, what is missing?"),
    )
