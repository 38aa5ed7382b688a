"""Councils, seats and meetings, as people type them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.councils.models import AgendaItem, Attendance, Council, CouncilMeeting, Decision, Seat
from comity.councils.services.meetings import Said
from comity.editing.forms import RowForm
from comity.partners.pickers import PARTNER, PARTNER_WORD, PERSON
from comity.people.models import User
from comity.people.pickers import colleague_field
from comity.ui.fields import PickField, Picking, picked_by, sentences
from comity.ui.widgets import DateInput


class CouncilForm(Picking, RowForm):
    facilitator = colleague_field(label=gettext_lazy("Facilitator"))

    class Meta(RowForm.Meta):
        model = Council
        fields = (
            *("name", "kind", "purpose", "charter", "facilitator", "quorum_percent"),
            *("open_meetings", "notice_days", "begun_on", "ends_on"),
        )


class SeatForm(RowForm):
    """A seat: of whom, for a new one, and who sits there for which term."""

    partner = PickField(PARTNER, label=PARTNER_WORD)
    person = PickField(
        PERSON,
        label=gettext_lazy("Who"),
        required=False,
        beside="partner",
        help_text=gettext_lazy("Leave it empty while the seat is vacant."),
    )

    class Meta(RowForm.Meta):
        model = Seat
        fields = ("partner", "person", "role", "begins_on", "ends_on")

    def __init__(self, *args: Any, user: User, **more: Any) -> None:
        super().__init__(*args, **more)
        picked_by(self, user)
        if self.instance.pk:
            self.fields["person"].bring_near(self.instance.partner, user)
            del self.fields["partner"]


class MeetingForm(RowForm):
    class Meta(RowForm.Meta):
        model = CouncilMeeting
        fields = ("on", "begins_at", "place", "link")
        help_texts = {"link": gettext_lazy("For those who join by video.")}


class AgendaForm(RowForm):
    class Meta(RowForm.Meta):
        model = AgendaItem
        fields = ("title", "minutes_needed")
        # On the page of a meeting, minutes are what was said there.
        labels = {"minutes_needed": gettext_lazy("How many minutes it takes")}


class MinutesForm(RowForm):
    class Meta(RowForm.Meta):
        model = CouncilMeeting
        fields = ("minutes",)
        widgets = {"minutes": forms.Textarea(attrs={"rows": 20})}


class DecisionForm(RowForm):
    class Meta(RowForm.Meta):
        model = Decision
        fields = ("text",)


class CallOffForm(forms.Form):
    reason = sentences(
        gettext_lazy("Why"),
        longest=2_000,
        hint=gettext_lazy("The members read it, and everybody else where the open-meetings law applies."),
    )


class FollowUpForm(Picking, forms.Form):
    """What there is to do about a decision, who does it, by when."""

    title = forms.CharField(label=gettext_lazy("What to do, in one line"), max_length=200)
    said = sentences(gettext_lazy("More about it"), required=False)
    owner = colleague_field(label=gettext_lazy("Who does it"))
    due_on = forms.DateField(label=gettext_lazy("By when"), widget=DateInput())


class AttendanceForm(forms.Form):
    """For each seat, how it was there and who stood in."""

    def __init__(self, *args: Any, seats: list[Seat], kept: list[Attendance], **more: Any) -> None:
        super().__init__(*args, **more)
        self.seats, known = seats, {row.seat_id: row for row in kept}
        for seat in seats:
            row = known.get(seat.pk)
            self.fields[f"how_{seat.pk}"] = forms.ChoiceField(
                label=str(seat), choices=Attendance.How.choices, initial=row.how if row else None
            )
            self.fields[f"stood_in_{seat.pk}"] = forms.CharField(
                label=_("Who stood in for %(name)s") % {"name": seat.person},
                max_length=200,
                required=False,
                initial=row.stood_in if row else "",
            )

    @property
    def said(self) -> Said:
        told = self.cleaned_data
        return {seat.pk: (told[f"how_{seat.pk}"], told[f"stood_in_{seat.pk}"]) for seat in self.seats}
