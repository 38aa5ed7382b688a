"""The forms of each step. Every one remembers which version of the follow-up its writer saw."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.editing.forms import RowForm
from comity.followups.models import FollowUp, Helped, How
from comity.followups.services.asking import may_be_asked
from comity.partners.pickers import PARTNER, PARTNER_WORD
from comity.people.models import User
from comity.people.pickers import colleague_field
from comity.ui.fields import PickField, Picking, sentences
from comity.ui.widgets import DateInput, Radios


class ActForm(forms.Form):
    """A step of one follow-up, by one person."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

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


class MoveDueForm(ActForm):
    due_on = forms.DateField(label=gettext_lazy("New due date"), widget=DateInput)
    words = sentences(gettext_lazy("Why it is changing"))

    def __init__(self, *args: Any, follow_up: FollowUp, **kwargs: Any) -> None:
        super().__init__(*args, follow_up=follow_up, initial={"due_on": follow_up.due_on}, **kwargs)
        if not follow_up.office_only:
            self.fields["words"].help_text = _("They will see this.")


class FinishForm(ActForm):
    words = sentences(
        gettext_lazy("What was done"),
        hint=gettext_lazy("A sentence or two, in words they will understand."),
        rows=5,
    )


class TellForm(ActForm):
    how = forms.ChoiceField(label=gettext_lazy("How"), choices=How.choices, widget=Radios)
    to = forms.CharField(label=gettext_lazy("To whom"), max_length=300, required=False)
    words = sentences(
        gettext_lazy("What to tell them"),
        hint=gettext_lazy(
            "What you said, or what the email should say. The email adds a greeting and your name."
        ),
        rows=5,
    )
    ask_if_it_helped = forms.BooleanField(
        label=gettext_lazy("Send them a link to say whether it helped"),
        required=False,
        initial=True,
    )

    def __init__(self, *args: Any, follow_up: FollowUp, **kwargs: Any) -> None:
        by_mail = bool(follow_up.email_of_raiser)
        raiser = follow_up.raised_by
        initial = {
            "how": How.MAIL if by_mail else "",
            "to": str(raiser or ""),
            "words": follow_up.done_words,
        }
        super().__init__(*args, follow_up=follow_up, initial=initial, **kwargs)
        if not by_mail:
            how = self.fields["how"]
            assert isinstance(how, forms.ChoiceField)
            how.choices = [choice for choice in How.choices if choice[0] != How.MAIL]
            how.help_text = (
                _("We have no email address for %(name)s.") % {"name": raiser}
                if raiser
                else _("This was said without a name. Share the answer where they will hear it.")
            )
        if not may_be_asked(follow_up):
            del self.fields["ask_if_it_helped"]

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


class MoveDueManyForm(forms.Form):
    due_on = forms.DateField(label=gettext_lazy("New due date"), widget=DateInput)
    words = sentences(gettext_lazy("Why it is changing"), hint=gettext_lazy("They will see this."))


class HelpedForm(forms.Form):
    answer = forms.ChoiceField(label=gettext_lazy("Did it help?"), choices=Helped.choices, widget=Radios)
    words = sentences(
        gettext_lazy("Anything you want to add"),
        rows=4,
        longest=4_000,
        required=False,
        hint=gettext_lazy("If it did not help, what is missing?"),
    )
