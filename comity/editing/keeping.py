"""Rows of one model that are entered, changed and removed alike: said once for its services, its trail and its forms.

    POOLS = Keeping(CostPool, _("a cost pool"), check_pool)

    pool = POOLS.enter({"name": "Staff"}, by=user)
    POOLS.mend(pool, {"order": 5}, by=user)
    POOLS.drop(pool, by=user)

In a noun, `actions=POOLS.actions` says in the trail that somebody added a cost pool; in a view, `answering.keep` answers
the form of one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from comity.audit.services import Actor
from comity.editing.changing import Check, Whose, change, create, remove
from comity.editing.forms import RowForm
from comity.editing.values import Related, Values
from comity.ui.tables.columns import Words

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Keeping(Generic[Row]):
    """How the rows of a model are kept.

    one                         one of them, as the trail tells of it: "a cost pool"
    check, related, partner_id  as `changing.change` takes them
    name                        what the acts are called after; the model, unless given
    check_drop                  asked of a row before it is removed; raises DomainError
    """

    model: type[Row]
    one: Words
    check: Check[Row] | None = None
    related: Mapping[str, Related] | None = None
    name: str = ""
    partner_id: Whose[Row] = None
    check_drop: Check[Row] | None = None

    def action(self, verb: str) -> str:
        """What the trail keeps of an act: "rates.change_costpool"."""
        return f"{self.model._meta.app_label}.{verb}_{self.name or self.model._meta.model_name}"

    @property
    def actions(self) -> dict[str, Words]:
        """What the trail calls them."""
        verbs = {"add": _("added {one}"), "change": _("changed {one}"), "remove": _("removed {one}")}
        return {self.action(verb): format_lazy(words, one=self.one) for verb, words in verbs.items()}

    @property
    def _rules(self) -> dict[str, Any]:
        return {"check": self.check, "related": self.related, "partner_id": self.partner_id}

    def enter(self, values: Values, *, by: Actor) -> Row:
        """Raises DomainError."""
        return create(self.model, values, by=by, action=self.action("add"), **self._rules)

    def mend(self, row: Row, values: Values, *, by: Actor, seen: Values | None = None) -> Row:
        """Raises ConflictError, DomainError."""
        rows, action = self.model._default_manager.all(), self.action("change")
        return change(rows, row.pk, values, by=by, action=action, seen=seen, **self._rules).row

    def drop(self, row: Row, *, by: Actor) -> None:
        """Raises DomainError where something rests on it, or it has to stay."""
        if self.check_drop is not None:
            self.check_drop(row)
        remove(row, by=by, action=self.action("remove"), partner_id=self.partner_id)

    def save(self, form: RowForm, *, by: Actor, **more: Any) -> Row:
        """Enter what was filled in, and what is more known of it; or change the row that the form is of."""
        if form.instance.pk:
            return self.mend(form.instance, form.values, by=by, seen=form.seen)
        return self.enter({**form.values, **more}, by=by)
