"""The saved views of tables, kept with the people who made them."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.people.models import SavedView, User
from comity.ui.saved_views import View

MOST = 50


class SavedViews:
    """What `ui` asks of a keeper of saved views; see `comity.ui.saved_views.Provider`."""

    def views_of(self, user: User, table: str) -> Sequence[View]:
        """One's own, and those that colleagues share."""
        rows = SavedView.objects.visible_to(user).filter(list_name=table)
        return [_view(row, user) for row in rows]

    @transaction.atomic
    def save(self, user: User, *, table: str, name: str, query: str, shared: bool) -> View:
        """Keep a view; one of the same name by the same person is replaced. Only the office shares."""
        own = SavedView.objects.filter(owner=user, list_name=table)
        if not own.filter(name=name).exists() and own.count() >= MOST:
            raise DomainError(
                _("You have %(count)s views of this list; forget one of them first.") % {"count": MOST}
            )
        row, _made = SavedView.objects.update_or_create(
            owner=user,
            list_name=table,
            name=name,
            defaults={"query": query, "shared": shared and user.is_office},
        )
        return _view(row, user)

    def delete(self, user: User, *, pk: int) -> None:
        """Forget a view of this person's own; LookupError if there is none."""
        gone, _each = SavedView.objects.filter(owner=user, pk=pk).delete()
        if not gone:
            raise LookupError(pk)


def _view(row: SavedView, user: User) -> View:
    return View(pk=row.pk, name=row.name, query=row.query, mine=row.owner_id == user.pk)
