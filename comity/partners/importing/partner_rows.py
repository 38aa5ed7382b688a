"""Writing a list of partners: beside the live rows in chunks, then real all at once; and taking it back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.db.models import Count, Max, Sum
from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.imports import setwise
from comity.imports.models import Import, ImportRow, StagedChange
from comity.imports.profiles import Act, Plan, Row, Staged
from comity.imports.setwise import staged
from comity.office.models import VisitTier
from comity.office.services import today
from comity.partners import names
from comity.partners.importing import partner_plans
from comity.partners.importing.directory import FACTS
from comity.partners.importing.writing import ListHandler, act_of, stage
from comity.partners.models import Alias, Domain, Partner
from comity.partners.models.tree import hold_tree, in_circles
from comity.partners.services.registry import search_text_of

LABEL = Partner._meta.label
_FACTS = ("name", "name_key", "code", "fips", *FACTS, "search_text", "tier", "lead_gap_since")


class PartnerHandler(ListHandler):
    model, changes = Partner, (Partner,)

    def fingerprint(self) -> str:
        figures = Partner.objects.filter(arriving=False).aggregate(
            Count("pk"), Max("pk"), Sum("version"), Max("updated_at"), Count("merged_into")
        )
        tiers = VisitTier.objects.aggregate(Count("pk"), Max("pk"))
        aliases = Alias.objects.filter(partner__arriving=False).aggregate(Count("pk"), Max("pk"))
        domains = Domain.objects.filter(partner__arriving=False).aggregate(Count("pk"), Max("pk"))
        return " ".join(str(value) for part in (figures, tiers, aliases, domains) for value in part.values())

    def plan(self, rows: Sequence[Row]) -> Iterator[Plan]:
        return partner_plans.plan(rows)

    def begin(self, batch: Import) -> None:
        rows = ImportRow.objects.filter(batch=batch, outcome=ImportRow.Outcome.NEW).order_by("line")
        new = list(rows.values_list("pk", "line"))
        ids = setwise.reserve_ids(Partner, len(new))
        self.made = {line: made for (_pk, line), made in zip(new, ids, strict=True)}
        setwise.set_targets(ImportRow, [(made, pk) for (pk, _line), made in zip(new, ids, strict=True)])

    def prepare(self, batch: Import, rows: Sequence[Staged]) -> None:
        day = today()
        new = [row for row in rows if row.outcome == ImportRow.Outcome.NEW]
        self.insert_hidden(batch, _FACTS, ((self.made[row.line], _facts(row, day)) for row in new))
        targets = []
        for row in rows:
            line = row.write.get("line")
            if line is not None:
                row.target_id = self.made[line]
                targets.append((row.target_id, row.pk))
            else:
                row.target_id = row.target_id or self.made.get(row.line)
        stage(batch, ((LABEL, row.target_id, self._changes(row)) for row in rows))
        setwise.set_targets(ImportRow, targets)
        made = set(self.made.values())
        mine = [row for row in rows if row.target_id in made]
        self._insert_lists(mine)
        _index_words({self.made[row.write["line"]] for row in mine if "line" in row.write and _lists(row)})

    def _insert_lists(self, rows: Sequence[Staged]) -> None:
        """Other names and domains; a body may be given one twice, by several rows."""
        aliases = [
            Alias(partner_id=row.target_id or 0, name=name, name_key=names.key(name))
            for row in rows
            for name in row.write.get("aliases", [])
        ]
        domains = [
            Domain(partner_id=row.target_id or 0, name=name)
            for row in rows
            for name in row.write.get("domains", [])
        ]
        Alias.objects.bulk_create(aliases, ignore_conflicts=True, batch_size=500)
        Domain.objects.bulk_create(domains, ignore_conflicts=True, batch_size=500)

    def _changes(self, row: Staged) -> dict[str, Sequence[Any]]:
        changes: dict[str, Sequence[Any]] = {**row.write.get("set", {})}
        if "name" in changes:
            changes["name_key"] = [names.key(name) for name in changes["name"]]
        if parent := row.write.get("parent"):
            changes["parent_id"] = parent["old"], parent["pk"] or self.made[parent["line"]]
        return changes

    def hold(self) -> None:
        hold_tree()

    def commit(self, batch: Import) -> None:
        super().commit(batch)
        if _closes_circle(batch):
            raise DomainError(_("Someone has since changed what is part of what. Check the preview again."))
        existing = [row for row in staged(batch, "changed", "same") if row.target_id and _lists(row)]
        self._insert_lists(existing)
        self._touch_listed(batch, existing)

    def _touch_listed(self, batch: Import, rows: Sequence[Staged]) -> None:
        """Changed partners get a new version, and those with another name or domain their words for the index."""
        listed = {row.target_id for row in rows if row.target_id is not None}
        self.touch(batch, listed)
        _index_words(listed)

    def discard(self, batch: Import) -> bool:
        hidden = Partner.objects.filter(import_id=batch.pk, arriving=True)
        hidden.exclude(parent=None).update(parent=None)
        ids = list(hidden.order_by("pk").values_list("pk", flat=True)[: setwise.CHUNK])
        for model in (Alias, Domain):
            setwise.delete(model.objects.filter(partner__in=ids))
        setwise.delete(hidden.filter(pk__in=ids))
        if len(ids) == setwise.CHUNK:
            return True
        setwise.delete(StagedChange.objects.filter(batch=batch))
        return False

    def acts(self, batch: Import, rows: Sequence[Staged]) -> list[Act]:
        return [_act(row) for row in rows if row.target_id and (row.outcome != "same" or row.write)]

    def revert(self, batch: Import) -> None:
        made = set(Partner.objects.filter(import_id=batch.pk).values_list("pk", flat=True))
        rows = [row for row in staged(batch, "changed", "same") if _lists(row)]
        existing = [row for row in rows if row.target_id and row.target_id not in made]
        for row in existing:
            keys = [names.key(name) for name in row.write.get("aliases", [])]
            Alias.objects.filter(partner=row.target_id, name_key__in=keys).delete()
            Domain.objects.filter(partner=row.target_id, name__in=row.write.get("domains", [])).delete()
        super().revert(batch)
        if _closes_circle(batch):
            raise DomainError(
                _(
                    "Undoing this would make something part of itself, because what is part of what has "
                    "since changed."
                )
            )
        self._touch_listed(batch, existing)


def _closes_circle(batch: Import) -> bool:
    moved = StagedChange.objects.filter(batch=batch, model=LABEL, field="parent_id")
    return bool(in_circles(moved.values("target_id")))


def _lists(row: Staged) -> dict[str, Any]:
    """The other names and the domains a row brings."""
    return {key: row.write[key] for key in ("aliases", "domains") if row.write.get(key)}


def _facts(row: Staged, day: date) -> dict[str, Any]:
    """What a new partner is written with."""
    said = row.write["fields"]
    words = search_text_of(row.write.get("aliases", []), row.write.get("domains", []))
    return {
        **said,
        "name_key": names.key(said["name"]),
        "search_text": words,
        "tier": said.get("tier_id"),
        "lead_gap_since": day,
    }


def _index_words(listed: set[int]) -> None:
    """Keep what the index of words holds of partners with another name or domain."""
    for part in setwise.chunks(sorted(listed), 500):
        partners = list(Partner.objects.filter(pk__in=part).prefetch_related("aliases", "domains"))
        for partner in partners:
            partner.search_text = search_text_of(
                [alias.name for alias in partner.aliases.all()],
                [domain.name for domain in partner.domains.all()],
            )
        Partner.objects.bulk_update(partners, ["search_text"], batch_size=200)


def _act(row: Staged) -> Act:
    made = {**row.write.get("fields", {}), **_lists(row)}
    if "parent" in row.changes:
        made["parent"] = row.changes["parent"][1]
    return act_of(row, LABEL, made, row.target_id)
