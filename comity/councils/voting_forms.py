"""Votes and ballots, as people fill them in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.councils.models import Council, CouncilMeeting, Topic, Vote, VoteItem
from comity.councils.services.publishing import Listed
from comity.councils.services.votes import survivors
from comity.editing.forms import RowForm
from comity.office.services import due_on, today
from comity.people.pickers import colleague_field
from comity.ui.fields import DollarsField, sentences
from comity.ui.money import money
from comity.ui.widgets import CheckboxList, DateInput, FileInput, Radios


class VoteForm(RowForm):
    class Meta(RowForm.Meta):
        model = Vote
        fields = ("question", "method", "meeting", "wanted", "budget_cents", "completion", "spend")
        widgets = {"method": Radios, "completion": Radios}

    def __init__(self, *args: Any, council: Council, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["meeting"].queryset = CouncilMeeting.objects.standing().filter(council=council)
        self.fields["meeting"].label_from_instance = lambda row: f"{row.on:%Y-%m-%d}"


class ItemsForm(forms.Form):
    """Which topics are voted on; of a budget, those that have a cost."""

    def __init__(self, *args: Any, vote: Vote, topics: Sequence[Topic], **more: Any) -> None:
        super().__init__(*args, **more)
        self.vote, chosen = vote, dict(vote.items.values_list("topic", "cost_cents"))
        if not vote.is_budget:
            choices = [(topic.pk, topic.title) for topic in topics]
            self.fields["items"] = forms.TypedMultipleChoiceField(
                label=_("Topics"), choices=choices, coerce=int, initial=list(chosen), widget=CheckboxList
            )
            return
        for topic in topics:
            # Told on the topic, or earlier in this vote.
            cost = chosen.get(topic.pk, None if chosen else topic.cost_cents)
            self.fields[str(topic.pk)] = DollarsField(label=topic.title, required=False, initial=cost)

    @property
    def costs(self) -> dict[int, int | None]:
        """The topics that were chosen, with what each costs."""
        if not self.vote.is_budget:
            return dict.fromkeys(self.cleaned_data["items"])
        return {int(pk): cost for pk, cost in self.cleaned_data.items() if cost is not None}


class BallotForm(forms.Form):
    """Boxes to tick; of a ranked vote a place for each item, several may have the same."""

    def __init__(self, *args: Any, vote: Vote, said: Mapping[str, Any], **more: Any) -> None:
        super().__init__(*args, **more)
        self.ranked, to = vote.method == Vote.Method.RANKED, survivors(vote)
        items = list(vote.items.select_related("topic"))
        titles = dict(Topic.objects.filter(pk__in=to.values()).values_list("pk", "title"))
        labels = {item.topic_id: _label(item, titles.get(to.get(item.topic_id, 0), "")) for item in items}
        if not self.ranked:
            self.fields["backed"] = forms.TypedMultipleChoiceField(
                label=_("I back"),
                choices=list(labels.items()),
                coerce=int,
                required=False,
                initial=said.get("backed"),
                widget=CheckboxList,
            )
            return
        places = [("", _("No place"))] + [(place, place) for place in range(1, len(items) + 1)]
        first = {pk: place for place, group in enumerate(said.get("groups", ()), 1) for pk in group}
        for pk, label in labels.items():
            self.fields[str(pk)] = forms.TypedChoiceField(
                label=label,
                choices=places,
                coerce=int,
                empty_value=None,
                required=False,
                initial=first.get(pk),
            )

    @property
    def said(self) -> dict[str, Any]:
        """As a ballot keeps it."""
        if not self.ranked:
            return {"backed": self.cleaned_data["backed"]}
        placed = {int(pk): place for pk, place in self.cleaned_data.items() if place}
        return {
            "groups": [
                [pk for pk, at in placed.items() if at == place] for place in sorted(set(placed.values()))
            ]
        }


def _label(item: VoteItem, survivor: str) -> str:
    words = f"{item} ({money(item.cost_cents).removesuffix('.00')})" if item.cost_cents else str(item)
    told = {"item": words, "other": survivor}
    return _("%(item)s: merged meanwhile, counts for “%(other)s”") % told if survivor else words


class DepartForm(forms.Form):
    taken = forms.TypedChoiceField(
        label=gettext_lazy("Is it worked on?"),
        choices=[(1, gettext_lazy("Yes")), (0, gettext_lazy("No"))],
        coerce=lambda said: said == "1",
        widget=Radios,
    )
    reason = sentences(
        gettext_lazy("Why you depart from the vote"),
        required=False,
        longest=1000,
        hint=gettext_lazy("The members of the council read it. Leave it empty to do as the vote says."),
    )


class PublishForm(forms.Form):
    """Who answers for each item, and by when."""

    def __init__(self, *args: Any, listed: Sequence[Listed], vote: Vote, **more: Any) -> None:
        super().__init__(*args, **more)
        self.rows = [one.row.pk for one in listed if one.taken and one.follow_up is None]
        for one in listed:
            if one.row.pk in self.rows:
                owner = colleague_field(
                    label=_("%(item)s: who works on it") % {"item": one.title},
                    initial=vote.council.facilitator_id,
                )
                self.fields[f"owner-{one.row.pk}"] = owner
                self.fields[f"due-{one.row.pk}"] = forms.DateField(
                    label=_("By when"), widget=DateInput, initial=due_on("normal", today())
                )

    @property
    def given(self) -> dict[int, Any]:
        """By the key of each item."""
        said = self.cleaned_data
        return {pk: (said[f"owner-{pk}"], said[f"due-{pk}"]) for pk in self.rows}


class FileForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("Pabulib file (.pb)"), widget=FileInput(accept=".pb"))
