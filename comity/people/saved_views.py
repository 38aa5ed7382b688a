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
        rows = SavedView.objects.visible_to(user).filter(list_name=table).select_related("owner")
        return [_view(row, user) for row in rows]

    @transaction.atomic
    def save(self, user: User, *, table: str, name: str, query: str, shared: bool) -> View:
        """Keep a view; one of the same name by the same person is replaced. Only the office shares."""
        own = SavedView.objects.filter(owner=user, list_name=table)
        if not own.filter(name=name).exists() and own.count() >= MOST:
            raise DomainError(
                _("You already have %(count)s views of this list. Delete one first.") % {"count": MOST}
            )
        row, _made = SavedView.objects.update_or_create(
            owner=user,
            list_name=table,
            name=name,
            defaults={"query": query, "shared": shared and self.may_share(user)},
        )
        return _view(row, user)

    def may_share(self, user: User) -> bool:
        """The office's people share among themselves; a partner's user has nobody here to share with."""
        return user.is_office

    @transaction.atomic
    def change(self, user: User, *, pk: int, name: str, shared: bool) -> View:
        """Rename a view of this person's own, share it or keep it; LookupError if there is none."""
        row = SavedView.objects.select_for_update().filter(owner=user, pk=pk).first()
        if row is None:
            raise LookupError(pk)
        if SavedView.objects.filter(owner=user, list_name=row.list_name, name=name).exclude(pk=pk).exists():
            raise DomainError(_("You already have a view named “%(name)s”.") % {"name": name})
        row.name, row.shared = name, shared and self.may_share(user)
        row.save(update_fields=["name", "shared"])
        return _view(row, user)

    def delete(self, user: User, *, pk: int) -> None:
        """Forget a view of this person's own; LookupError if there is none."""
        gone, _each = SavedView.objects.filter(owner=user, pk=pk).delete()
        if not gone:
            raise LookupError(pk)


def _view(row: SavedView, user: User) -> View:
    mine = row.owner_id == user.pk
    return View(
        pk=row.pk,
        name=row.name,
        query=row.query,
        mine=mine,
        shared=row.shared,
        owner="" if mine else str(row.owner),
    )
