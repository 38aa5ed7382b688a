"""Entering, changing and retiring partners."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from comity.audit.services import record
from comity.core.errors import DomainError
from comity.office.models import VisitTier
from comity.office.services import today, words
from comity.partners import actions, names, obligations
from comity.partners.errors import ChangedMeanwhileError, StillOpenError, WrongFactError
from comity.partners.models import Alias, Domain, Membership, Partner
from comity.partners.models.tree import WithAllBelow, hold_tree
from comity.partners.services.values import (
    PARTNER_FACTS,
    PARTNER_LISTS,
    differences,
    partner_values,
    unknown_names,
)
from comity.people.models import User

LONGEST_CODE = 30
LONGEST_DOMAIN = 253
MOST_MONEY = 10**17  # cents; a thousand times the budget of the largest state
_DOMAIN = re.compile(r"(?!-)[^\W_](?:[\w-]{0,61}[^\W_])?(?:\.[^\W_](?:[\w-]{0,61}[^\W_])?)+")
_FIPS = re.compile(r"\d{2,10}")


@transaction.atomic
def create_partner(
    *, by: User | str, aliases: Iterable[str] = (), domains: Iterable[str] = (), **facts: Any
) -> Partner:
    """Enter a partner; it has nobody to call from this day on.

    facts  as in `Partner`: name, code, kind, status, parent, tier, headcount, budget_cents, fips, population, place,
           website, notes

    Raises DomainError when the name is missing or too long, or name, code or FIPS code belong to another.
    """
    _refuse_unknown(facts)
    partner = Partner(**_tidied(facts))
    if not partner.name:
        raise DomainError(_("A name is needed."))
    _check(partner)
    partner.lead_gap_since = today()
    partner.save()
    _write_lists(partner, {"aliases": aliases, "domains": domains})
    record(
        by=by,
        action=actions.CREATE_PARTNER,
        target=partner,
        after={name: value for name, value in partner_values(partner).items() if value not in ("", None, [])},
        partner_id=partner.pk,
    )
    return partner


@transaction.atomic
def update_partner(
    partner_id: int, *, version: int | None, values: Mapping[str, Any], by: User | str
) -> Partner:
    """Change facts of a partner: those named in `values`, with `aliases` and `domains` as whole lists.

    A former name becomes an alias, so that imports meet the same row again.

    version  the one the person saw; None to write over whatever there is

    Raises ChangedMeanwhileError when it was saved since; DomainError as `create_partner`, and when it would become
    part of itself.
    """
    _refuse_unknown(values)
    if values.get("parent") is not None:
        hold_tree()
    partner = _locked(partner_id)
    if version is not None and partner.version != version:
        raise ChangedMeanwhileError
    before = partner_values(partner)
    facts = _tidied({name: value for name, value in values.items() if name in PARTNER_FACTS})
    for name, value in facts.items():
        setattr(partner, name, value)
    if not partner.name:
        raise DomainError(_("A name is needed."))
    if partner.status == Partner.Status.FORMER and before["status"] != Partner.Status.FORMER:
        raise DomainError(_("Retire it instead, so that what is open is not lost."))
    _check(partner)
    lists: dict[str, Iterable[str]] = {name: values[name] for name in PARTNER_LISTS if name in values}
    if names.key(before["name"]) != partner.name_key:
        lists["aliases"] = [*values.get("aliases", before["aliases"]), before["name"]]
    _write_lists(partner, lists)
    was, now = differences(before, partner_values(partner))
    if not now:
        return partner
    partner.version += 1
    partner.save()
    record(by=by, action=actions.UPDATE_PARTNER, target=partner, before=was, after=now, partner_id=partner.pk)
    return partner


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
            _("Retire each %(partner)s by itself, so that what is open with it is not lost.")
            % {"partner": words().partner}
        )
    wanted: dict[str, Any] = {
        name: value for name, value in (("tier", tier), ("kind", kind), ("status", status)) if value
    }
    changed = 0
    chosen = Partner.objects.filter(pk__in=partners.order_by().values("pk"))
    for partner in chosen.select_for_update().order_by("pk"):
        was, now = {}, {}
        for name, value in wanted.items():
            attribute = f"{name}_id" if name == "tier" else name
            new = getattr(value, "pk", value)
            if getattr(partner, attribute) != new:
                was[name], now[name] = getattr(partner, attribute), new
                setattr(partner, attribute, new)
        if not now:
            continue
        changed += 1
        partner.version += 1
        partner.save(update_fields=[*now, "version", "updated_at"])
        record(
            by=by, action=actions.UPDATE_PARTNER, target=partner, before=was, after=now, partner_id=partner.pk
        )
    return changed


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
    from comity.partners.services.assignments import end_all_of
    from comity.partners.services.memberships import end_membership

    partner = _locked(partner_id)
    if partner.status == Partner.Status.FORMER:
        raise DomainError(_("%(name)s was retired already.") % {"name": partner})
    if not reason.strip():
        raise DomainError(_("Say why, in a few words; it is kept in the history."))
    still_open = obligations.open_with(partner)
    if still_open and not decision.strip():
        raise StillOpenError(still_open)
    was = partner.status
    partner.status = Partner.Status.FORMER
    partner.version += 1
    partner.save(update_fields=["status", "version", "updated_at"])
    if end_access:
        for membership in Membership.objects.not_over(today()).filter(partner=partner):
            end_membership(membership.pk, on=today(), reason=reason, by=by)
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
            _("“%(text)s” is not an internet domain; write it as dor.franklin.gov.")
            % {"text": text.strip()[:60]}
        )
    return found


# --- what is refused ---


def _refuse_unknown(values: Mapping[str, Any]) -> None:
    if wrong := unknown_names(values, (*PARTNER_FACTS, *PARTNER_LISTS)):
        raise TypeError(f"A partner has no {', '.join(wrong)}.")


def _tidied(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts as they are kept, with the key that goes with the name."""
    tidied = dict(facts)
    if "name" in tidied:
        tidied["name"] = names.tidy(tidied["name"])
        tidied["name_key"] = names.key(tidied["name"])
    for name, longest in (("code", LONGEST_CODE), ("place", 100)):
        if name in tidied:
            tidied[name] = names.tidy(tidied[name], longest=longest)
    for name in ("fips", "website", "notes"):
        if name in tidied:
            tidied[name] = tidied[name].replace("\0", "").strip()
    return tidied


def _check(partner: Partner) -> None:
    _check_values(partner)
    _check_unique(partner)
    _check_parent(partner)


def _check_values(partner: Partner) -> None:
    if partner.kind not in Partner.Kind.values:
        raise WrongFactError("kind", _("There is no kind “%(kind)s”.") % {"kind": str(partner.kind)[:40]})
    if partner.status not in Partner.Status.values:
        raise WrongFactError(
            "status", _("There is no status “%(status)s”.") % {"status": str(partner.status)[:40]}
        )
    if partner.fips and not _FIPS.fullmatch(partner.fips):
        raise WrongFactError(
            "fips", _("A FIPS code has two to ten digits and nothing else; a county has five (37183).")
        )
    for name in ("headcount", "population"):
        number = getattr(partner, name)
        if number is not None and not 0 <= number < 2**31:
            raise WrongFactError(name, _("%(number)s cannot be right.") % {"number": f"{number:,}"})
    if partner.budget_cents is not None and not 0 <= partner.budget_cents < MOST_MONEY:
        raise WrongFactError("budget_cents", _("A yearly budget cannot be below nothing, nor that large."))
    if partner.website:
        try:
            URLValidator(schemes=["http", "https"])(partner.website)
        except ValidationError:
            raise WrongFactError("website", _("A web site begins with http:// or https://.")) from None
        if len(partner.website) > 200:
            raise WrongFactError("website", _("The address of a web site may have 200 characters."))


def _check_unique(partner: Partner) -> None:
    others = Partner.objects.standing().exclude(pk=partner.pk)
    if partner.code and (other := others.filter(code__iexact=partner.code).first()):
        raise WrongFactError(
            "code", _("The code %(code)s belongs to %(name)s.") % {"code": other.code, "name": other}
        )
    if partner.fips and (other := others.filter(fips=partner.fips).first()):
        raise WrongFactError(
            "fips", _("The FIPS code %(code)s belongs to %(name)s.") % {"code": other.fips, "name": other}
        )
    same = others.filter(Q(name_key=partner.name_key) | Q(aliases__name_key=partner.name_key)).distinct()
    for other in same[:20]:
        if not _told_apart(partner, other):
            raise WrongFactError(
                "name",
                _(
                    "There is already “%(name)s”. If this is another one of the same name, give both a code or a "
                    "FIPS code, so that they can be told apart."
                )
                % {"name": other},
            )


def _told_apart(one: Partner, other: Partner) -> bool:
    """Whether two of one name have keys that differ."""
    return bool((one.code and other.code) or (one.fips and other.fips))


def _check_parent(partner: Partner) -> None:
    if partner.parent_id is None:
        return
    parent = Partner.objects.standing().filter(pk=partner.parent_id).first()
    if parent is None:
        raise WrongFactError(
            "parent", _("The %(partner)s it should be part of does not exist.") % {"partner": words().partner}
        )
    if partner._state.adding:
        return
    below = WithAllBelow(Partner.objects.filter(pk=partner.pk).values("pk"))
    if Partner.objects.filter(pk=parent.pk, pk__in=below).exists():
        raise WrongFactError(
            "parent",
            _("%(name)s cannot be part of itself.") % {"name": partner}
            if parent.pk == partner.pk
            else _("%(name)s cannot be part of %(parent)s, because %(parent)s is part of %(name)s.")
            % {"name": partner, "parent": parent},
        )


def _write_lists(partner: Partner, lists: Mapping[str, Iterable[str]]) -> None:
    """Replace aliases and domains by those given, and keep what the index holds of them."""
    if "aliases" in lists:
        wanted = {names.key(tidy): tidy for name in lists["aliases"] if (tidy := names.tidy(name))}
        wanted.pop(partner.name_key, None)
        kept = set()
        for alias in partner.aliases.all():
            if wanted.get(alias.name_key) == alias.name:
                kept.add(alias.name_key)
            else:
                alias.delete()
        Alias.objects.bulk_create(
            Alias(partner=partner, name=name, name_key=key) for key, name in wanted.items() if key not in kept
        )
    if "domains" in lists:
        domains = {domain_of(name) for name in lists["domains"] if name.strip()}
        partner.domains.exclude(name__in=domains).delete()
        known = set(partner.domains.values_list("name", flat=True))
        Domain.objects.bulk_create(Domain(partner=partner, name=name) for name in sorted(domains - known))
    if lists:
        text = search_text_of(
            partner.aliases.values_list("name", flat=True), partner.domains.values_list("name", flat=True)
        )
        if text != partner.search_text:
            partner.search_text = text
            Partner.objects.filter(pk=partner.pk).update(search_text=text)


def _locked(partner_id: int) -> Partner:
    partner = Partner.objects.select_for_update().filter(pk=partner_id).first()
    if partner is None or partner.merged_into_id is not None:
        raise DomainError(_("This %(partner)s is no longer there.") % {"partner": words().partner})
    return partner
