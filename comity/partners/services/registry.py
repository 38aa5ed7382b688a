"""Entering, changing and retiring partners."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from comity.audit.services import record
from comity.core.errors import DomainError
from comity.editing.changing import change, create
from comity.editing.values import Related, Values
from comity.office.models import Office, VisitTier
from comity.office.services import current_office, today, words
from comity.partners import actions, names, obligations
from comity.partners.models import Alias, Domain, Membership, Partner
from comity.partners.models.tree import WithAllBelow, hold_tree
from comity.partners.services.assignments import end_all_of
from comity.partners.services.memberships import end_each
from comity.people.models import User
from comity.ui.charts import county_names

LONGEST_CODE = 30
LONGEST_DOMAIN = 253
MOST_MONEY = 10**17  # cents; a thousand times the budget of the largest state
_DOMAIN = re.compile(r"(?!-)[^\W_](?:[\w-]{0,61}[^\W_])?(?:\.[^\W_](?:[\w-]{0,61}[^\W_])?)+")
_FIPS = re.compile(r"\d{2,10}")


def create_partner(
    *, by: User | str, aliases: Iterable[str] = (), domains: Iterable[str] = (), **facts: Any
) -> Partner:
    """Enter a partner; it has nobody to call from this day on.

    facts  as in `Partner`: name, code, kind, status, parent, tier, headcount, budget_cents, fips, population, place,
           lies_in, website, notes

    Raises DomainError when the name is missing or too long, or name, code or FIPS code belong to another.
    """

    def check(partner: Partner) -> None:
        _check(partner)
        partner.lead_gap_since = today()

    values = {**facts, "aliases": list(aliases), "domains": list(domains)}
    return create(
        Partner,
        values,
        by=by,
        action=actions.CREATE_PARTNER,
        check=check,
        related=RELATED,
        partner_id=lambda partner: partner.pk,
    )


@transaction.atomic
def update_partner(partner_id: int, values: Values, *, by: User | str, seen: Values | None = None) -> Partner:
    """Change facts of a partner: those named in `values`, with `aliases` and `domains` as whole lists.

    A former name becomes an alias, so that imports meet the same row again.

    Raises ConflictError; DomainError as `create_partner`, and when it would become part of itself.
    """
    if values.get("parent") is not None:
        hold_tree()
    was = _locked(partner_id)

    def check(partner: Partner) -> None:
        if partner.status == Partner.Status.FORMER != was.status:
            raise DomainError(_("Retire it instead, so nothing that is open is lost."))
        _check(partner)

    if "name" in values and names.key(values["name"]) != was.name_key:
        values = {**values, "aliases": [*values.get("aliases", _names_of(was.aliases)), was.name]}
    return change(
        Partner.objects.all(),
        partner_id,
        values,
        by=by,
        action=actions.UPDATE_PARTNER,
        seen=seen,
        check=check,
        related=RELATED,
        partner_id=partner_id,
    ).row


@transaction.atomic
def set_on_many(
    partners: QuerySet[Partner],
    *,
    by: User | str,
    tier: VisitTier | None = None,
    kind: str = "",
    status: str = "",
) -> int:
    """Set the visit tier, the kind or the status of many; how many were changed.

    Each change is in the trail of its partner. Raises DomainError for a status that needs a decision on each.
    """
    if status == Partner.Status.FORMER:
        raise DomainError(
            _("Retire each %(partner)s on its own page, so nothing that is open is lost.")
            % {"partner": words().partner}
        )
    wanted: dict[str, Any] = {
        name: value for name, value in (("tier", tier), ("kind", kind), ("status", status)) if value
    }
    rows, chosen = Partner.objects.all(), list(partners.order_by("pk").values_list("pk", flat=True))
    return sum(
        bool(change(rows, pk, wanted, by=by, action=actions.UPDATE_PARTNER, partner_id=pk)) for pk in chosen
    )


@transaction.atomic
def retire_partner(
    partner_id: int,
    *,
    by: User | str,
    reason: str,
    decision: str = "",
    end_access: bool = True,
    end_assignments: bool = True,
) -> Partner:
    """Mark a partner as former: the office serves it no more, and everything about it stays.

    decision         what becomes of what is still open with it; needed as soon as anything is
    end_access       its people lose the portal today
    end_assignments  nobody looks after it from today

    Raises StillOpenError, with what is open, when no decision was taken; DomainError without a reason.
    """
    partner = _locked(partner_id)
    if partner.status == Partner.Status.FORMER:
        raise DomainError(_("%(name)s is already retired.") % {"name": partner})
    if not reason.strip():
        raise DomainError(_("Say why in a few words. It is kept in the history."))
    still_open = obligations.open_with(partner)
    if still_open and not decision.strip():
        raise DomainError(
            _("Still open: %(what)s. Say what happens to it.")
            % {"what": "; ".join(each.label for each in still_open)}
        )
    was = partner.status
    partner.status = Partner.Status.FORMER
    partner.version += 1
    partner.save(update_fields=["status", "version", "updated_at"])
    if end_access:
        theirs = Membership.objects.not_over(today()).filter(partner=partner)
        end_each(theirs, on=today(), reason=reason, by=by)
    if end_assignments:
        end_all_of(partner, on=today(), reason=reason, by=by)
    record(
        by=by,
        action=actions.RETIRE_PARTNER,
        target=partner,
        before={"status": was},
        after={
            "status": partner.status,
            "reason": reason.strip(),
            "decision": decision.strip(),
            "open": {each.key: each.count for each in still_open},
        },
        partner_id=partner.pk,
    )
    return partner


def search_text_of(aliases: Iterable[str], domains: Iterable[str]) -> str:
    """What the index holds of a partner besides its name and code."""
    return "\n".join([*sorted(aliases), *sorted(domains)])


def domain_of(text: str) -> str:
    """A domain as it is kept: `https://DOR.Franklin.gov/pay` is dor.franklin.gov.

    Raises DomainError when it is none.
    """
    found = re.sub(r"^[a-z][a-z0-9+.-]*://", "", text.strip().casefold())
    found = re.split(r"[/?#:]", found.rpartition("@")[2])[0].strip(".")
    if not _DOMAIN.fullmatch(found) or len(found) > LONGEST_DOMAIN:
        raise DomainError(
            _("“%(text)s” is not an internet domain. Write it like dor.franklin.gov.")
            % {"text": text.strip()[:60]}
        )
    return found


# --- what is refused ---


def _check(partner: Partner) -> None:
    """Tidied, with the key that goes with the name, and right in itself and beside the others."""
    partner.name = names.tidy(partner.name)
    if not partner.name:
        raise DomainError(_("Enter a name."))
    partner.name_key = names.key(partner.name)
    partner.code = names.tidy(partner.code, longest=LONGEST_CODE)
    partner.place = names.tidy(partner.place, longest=100)
    for name in ("fips", "website", "notes"):
        setattr(partner, name, getattr(partner, name).replace("\0", "").strip())
    _check_values(partner)
    _check_unique(partner)
    _check_parent(partner)


def _check_values(partner: Partner) -> None:
    if partner.kind not in Partner.Kind.values:
        raise DomainError(_("There is no kind “%(kind)s”.") % {"kind": str(partner.kind)[:40]}, "kind")
    if partner.status not in Partner.Status.values:
        raise DomainError(
            _("There is no status “%(status)s”.") % {"status": str(partner.status)[:40]}, "status"
        )
    if partner.fips and not _FIPS.fullmatch(partner.fips):
        raise DomainError(
            _("A FIPS code has two to ten digits and nothing else. A county has five, such as 37183."), "fips"
        )
    _check_county(partner)
    for name in ("headcount", "population"):
        number = getattr(partner, name)
        if number is not None and not 0 <= number < 2**31:
            raise DomainError(_("%(number)s cannot be right.") % {"number": f"{number:,}"}, name)
    if partner.budget_cents is not None and not 0 <= partner.budget_cents < MOST_MONEY:
        raise DomainError(_("An annual budget cannot be negative or that large."), "budget_cents")
    if partner.website:
        try:
            URLValidator(schemes=["http", "https"])(partner.website)
        except ValidationError:
            raise DomainError(_("A website address starts with http:// or https://."), "website") from None
        if len(partner.website) > 200:
            raise DomainError(_("A website address can have up to 200 characters."), "website")


def _check_county(partner: Partner) -> None:
    """A county, and the county in which a body lies, are of our state, where that is known."""
    office = current_office()
    own = partner.fips if partner.kind == Partner.Kind.COUNTY else ""
    for name, code in (("fips", own), ("lies_in", partner.lies_in)):
        refuse_far_county(code, name, office)


def refuse_far_county(code: str, field: str, office: Office) -> None:
    """Raises DomainError for a code that is none of a county of the office's state, where that is known."""
    known = county_names(office.state_fips)
    if known and code and code not in known:
        said = {"code": code, "state": office.state_name}
        raise DomainError(_("%(code)s is not the code of a county of %(state)s.") % said, field)


def _check_unique(partner: Partner) -> None:
    others = Partner.objects.standing().exclude(pk=partner.pk)
    if partner.code and (other := others.filter(code__iexact=partner.code).first()):
        raise DomainError(
            _("The code %(code)s belongs to %(name)s.") % {"code": other.code, "name": other}, "code"
        )
    if partner.fips and (other := others.filter(fips=partner.fips).first()):
        raise DomainError(
            _("The FIPS code %(code)s belongs to %(name)s.") % {"code": other.fips, "name": other}, "fips"
        )
    same = others.filter(Q(name_key=partner.name_key) | Q(aliases__name_key=partner.name_key)).distinct()
    for other in same[:20]:
        # Two of one name have keys that differ.
        if not ((partner.code and other.code) or (partner.fips and other.fips)):
            raise DomainError(
                _(
                    "“%(name)s” already exists. If this is another one with the same name, give both a code "
                    "or a FIPS code to tell them apart."
                )
                % {"name": other},
                "name",
            )


def _check_parent(partner: Partner) -> None:
    if partner.parent_id is None:
        return
    parent = Partner.objects.standing().filter(pk=partner.parent_id).first()
    if parent is None:
        raise DomainError(
            _("The %(partner)s it should be part of does not exist.") % {"partner": words().partner}, "parent"
        )
    if partner._state.adding:
        return
    below = WithAllBelow(Partner.objects.filter(pk=partner.pk).values("pk"))
    if Partner.objects.filter(pk=parent.pk, pk__in=below).exists():
        raise DomainError(
            _("%(name)s cannot be part of itself.") % {"name": partner}
            if parent.pk == partner.pk
            else _("%(name)s cannot be part of %(parent)s, because %(parent)s is part of %(name)s.")
            % {"name": partner, "parent": parent},
            "parent",
        )


def _write_aliases(partner: Partner, aliases: Iterable[str]) -> None:
    """Replace them by those given; the name itself is none."""
    wanted = {names.key(tidy): tidy for name in aliases if (tidy := names.tidy(name))}
    wanted.pop(partner.name_key, None)
    partner.aliases.exclude(name__in=wanted.values()).delete()
    known = set(partner.aliases.values_list("name_key", flat=True))
    Alias.objects.bulk_create(
        Alias(partner=partner, name=name, name_key=key) for key, name in wanted.items() if key not in known
    )
    _index(partner)


def _write_domains(partner: Partner, names: Iterable[str]) -> None:
    domains = {domain_of(name) for name in names if name.strip()}
    partner.domains.exclude(name__in=domains).delete()
    known = set(partner.domains.values_list("name", flat=True))
    Domain.objects.bulk_create(Domain(partner=partner, name=name) for name in sorted(domains - known))
    _index(partner)


def _index(partner: Partner) -> None:
    """Keep what the search knows of its other names and domains."""
    partner.search_text = search_text_of(_names_of(partner.aliases), _names_of(partner.domains))
    Partner.objects.filter(pk=partner.pk).update(search_text=partner.search_text)


def _names_of(rows: Any) -> list[str]:
    return sorted(rows.order_by().values_list("name", flat=True))


RELATED = {
    "aliases": Related(lambda partner: _names_of(partner.aliases), _write_aliases),
    "domains": Related(lambda partner: _names_of(partner.domains), _write_domains),
}


def _locked(partner_id: int) -> Partner:
    partner = Partner.objects.select_for_update().filter(pk=partner_id).first()
    if partner is None or partner.merged_into_id is not None:
        raise DomainError(_("This %(partner)s no longer exists.") % {"partner": words().partner})
    return partner
