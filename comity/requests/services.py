"""Writing request forms; asking by them; and what is done with a request then: approved, worked on, answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any, NamedTuple

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Min
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from comity.access import Capability
from comity.core.billing.plans import Plan
from comity.core.billing.plans import rate as reckon
from comity.core.errors import DomainError
from comity.editing.changing import change, create, remove
from comity.editing.keeping import Keeping
from comity.editing.values import Values
from comity.files.services import attach
from comity.followups.services import raise_follow_up
from comity.notifications.services import notify, settle
from comity.nouns import Words
from comity.office.services import calendar, today
from comity.partners.models import Membership, Partner
from comity.partners.models.tree import WithAllAbove
from comity.people.models import User
from comity.rates.models import RateVersion
from comity.rates.services.prices import held_for
from comity.requests.capabilities import APPROVE, PORTAL, WORK
from comity.requests.fields import MOST_STEPS, Field, Kind, check, plain, read_fields
from comity.requests.models import Form, ServiceRequest, Stage, Threshold
from comity.services.models import Offering
from comity.tickets.models import SETTLED, State
from comity.tickets.services import open_ticket, set_state

WRITE, PUBLISH, DISCARD = "requests.write", "requests.publish", "requests.discard"
ASK, BEGIN, WITHDRAW = "requests.ask", "requests.begin", "requests.withdraw"
BACK, STEP, DECLINE, ANSWER = "requests.back", "requests.step", "requests.decline", "requests.answer"
TO_APPROVE, TOLD = "requests.to_approve", "requests.told"  # kinds of notice
TELL_ENDED = "requests.tell_ended"
NOT_AS_PROMISED = "request"  # the kind of follow-up
IS_DONE = _l("“%(what)s” is done. Did it come as promised?")
THRESHOLDS = Keeping(Threshold, _l("an approval threshold"))

# --- writing a form: always a draft, which begins as the form in force ---


def latest(offering: Offering) -> Form:
    """The draft; where there is none the form in force, or an empty one."""
    forms = Form.objects.filter(offering=offering)
    return forms.filter(published_at=None).first() or forms.in_force().first() or Form(offering=offering)


@transaction.atomic
def write(offering: Offering, values: Values, *, by: User, seen: Values | None = None) -> Form:
    """Write into the draft, or begin one. Raises ConflictError, DomainError."""
    found = latest(offering)
    if found.pk and not found.published_at:
        drafts = Form.objects.filter(published_at=None)
        return change(drafts, found.pk, values, by=by, action=WRITE, seen=seen, check=_check).row
    begun = {name: getattr(found, name) for name in ("asks", "steps", "quantity", "item")}
    facts = {**begun, **values, "offering": offering, "number": found.number + bool(found.pk)}
    return create(Form, facts, by=by, action=WRITE, check=_check)


@transaction.atomic
def put(offering: Offering, field: Field, *, by: User) -> Form:
    """Change the field of this key, or add one at the end where it has none yet. Raises DomainError."""
    found = {each.key: each for each in _fields(offering)}
    key = field.key or f"f{max((int(key[1:]) for key in found), default=0) + 1}"
    found[key] = replace(field, key=key)
    return write(offering, {"asks": list(map(plain, found.values()))}, by=by)


@transaction.atomic
def arrange(offering: Offering, way: str, key: str, *, by: User) -> Form:
    """Move a field one place "up" or "down", or "remove" it. Raises DomainError."""
    found = _fields(offering)
    place = next((place for place, each in enumerate(found) if each.key == key), None)
    if place is None or way not in ("up", "down", "remove"):
        raise DomainError(_("This no longer exists."))
    field = found.pop(place)
    if way != "remove":
        found.insert(max(place - 1, 0) if way == "up" else place + 1, field)
    return write(offering, {"asks": list(map(plain, found))}, by=by)


def publish(offering: Offering, *, by: User) -> Form:
    """Put the draft in force: everybody is asked by it from now on, and it never changes again. Raises DomainError."""
    draft, drafts = latest(offering), Form.objects.filter(published_at=None)
    if not (draft.steps or draft.item):
        raise DomainError(_("Say first what your office does with a request: at least one step."))
    return change(drafts, draft.pk, {"published_at": timezone.now()}, by=by, action=PUBLISH).row


@transaction.atomic
def discard(offering: Offering, *, by: User) -> None:
    """Throw the draft away; the form in force, if there is one, stays as it is. Raises DomainError."""
    draft = latest(offering)
    if not draft.pk or draft.published_at:
        raise DomainError(_("This no longer exists."))
    remove(draft, by=by, action=DISCARD)


def _fields(offering: Offering) -> list[Field]:
    """Two who write at once wait for each other."""
    Offering.objects.select_for_update().get(pk=offering.pk)
    return latest(offering).fields


def _check(form: Form) -> None:
    """Raises DomainError for fields and steps that mean nothing."""
    fields = read_fields(form.asks)
    check(fields)
    if form.quantity and form.quantity not in {each.key for each in fields if each.kind == Kind.NUMBER}:
        raise DomainError(_("The estimate comes from a number that the form asks for."), "quantity")
    right = [days.isascii() and days.isdigit() and len(days) < 4 and en for days, en, _es in form.steps]
    if len(right) > MOST_STEPS or not all(right):
        sentence = _("Write at most %(most)s steps, each with its working days: 3 | Set it up.")
        raise DomainError(sentence % {"most": MOST_STEPS}, "steps")


# --- asking ---


def estimate(form: Form, partner: Partner, answers: Values) -> tuple[int | None, RateVersion | None]:
    """Cents a month, of the number that the form's owner named, by the rate in force today; None where nobody can tell."""
    said = answers.get(form.quantity)
    rate = held_for(form.offering, partner, today()) if form.quantity else None
    if said is None or rate is None or not isinstance(rate.terms, Plan):
        return None, rate
    return reckon(rate.terms, {"": Decimal(said)}).cents, rate


def approvers(partner: Partner) -> Any:
    """Those who answer for a partner, or for one that it is part of."""
    own = Membership.objects.answering_for(partner, APPROVE).values("user")
    return User.objects.active().filter(pk__in=own)


@transaction.atomic
def ask(found: ServiceRequest, partner: Partner, answers: Values, *, by: User) -> ServiceRequest:
    """Ask for something, or once more for what was sent back. Raises DomainError.

    found    what was sent back; else a new one, of which only the form is known
    answers  of the fields that are asked, as they are kept; of a file the upload
    """
    cents, rate = estimate(found.form, partner, answers)
    files = {key: said for key, said in answers.items() if isinstance(said, UploadedFile)}
    facts: Values = {"cents": cents, "rate": rate, "asked_by": by, "asked_at": timezone.now()}
    facts["answers"] = {key: said for key, said in answers.items() if key not in files}
    if not found.pk:
        made = create(ServiceRequest, {"form": found.form, "partner": partner, **facts}, by=by, action=ASK)
    else:
        _locked(found.pk, by, Stage.BACK)
        made = _change(found, ASK, by, **facts, decision=Stage.WAITING, words="", decided_by=None)
    for key, upload in files.items():
        kept = attach(made, upload, by=by)
        made.answers = {**made.answers, key: {"key": kept.pk, "words": kept.name}}
        made.save(update_fields=["answers"])
    # The lowest of those of the partner and of all that it is part of.
    whole = WithAllAbove(Partner.objects.filter(pk=partner.pk).values("pk"))
    above = Threshold.objects.filter(partner__in=whole).aggregate(least=Min("above_cents"))["least"]
    if above is None or (cents is not None and cents <= above):
        return _begin(made, by)
    able = approvers(partner).exclude(pk=by.pk)
    if not able:
        sentence = _("Someone else at %(name)s has to approve this, and nobody can.")
        raise DomainError(sentence % {"name": partner})
    _tell(made, able, TO_APPROVE, _l("%(name)s asks for “%(what)s”. It waits for your approval."))
    return made


def _begin(found: ServiceRequest, by: User) -> ServiceRequest:
    """From now on it is a ticket, with a promised day; where the ITSM tool works on it, it is ordered there."""
    form, offering = found.form, found.form.offering
    promised = calendar().add_days(today(), form.days) if form.steps else None
    with translation.override(settings.LANGUAGE_CODE):  # it is the office that reads it
        variables = {field.name or field.key: words for field, words, _url in found.told}
        description = "\n".join(f"{field.label}: {words}" for field, words, _url in found.told)
    said: Values = {"title": offering.full_name, "description": description}
    said["order"] = {"item": form.item, "variables": variables} if form.item else None
    whose: Values = {"partner": found.partner, "asked_by": found.asked_by, "offering": offering}
    ticket = open_ticket(**said, **whose, promised_on=promised, by=by)
    approved = {"decision": Stage.APPROVED, "decided_by": by if by != found.asked_by else None}
    begun: ServiceRequest = _change(found, BEGIN, by, **approved, promised_on=promised, ticket=ticket)
    _tell(begun, [offering.service.owner], TOLD, _l("%(partner)s asks for “%(what)s”."))
    return begun


# --- what is done with a request ---


def _approve(found: ServiceRequest, words: str, by: User) -> None:
    _tell(_begin(found, by), [found.asked_by], TOLD, _l("“%(what)s” is approved."))


def _send_back(found: ServiceRequest, words: str, by: User) -> None:
    sent = _change(found, BACK, by, decision=Stage.BACK, words=words, decided_by=by)
    _tell(sent, [found.asked_by], TOLD, _l("“%(what)s” was sent back: %(words)s"))


def _withdraw(found: ServiceRequest, words: str, by: User) -> None:
    _change(found, WITHDRAW, by, decision=Stage.WITHDRAWN, words="", decided_by=None)


def _step_on(found: ServiceRequest, words: str, by: User) -> None:
    """Begin the next step; after the last one it is done, and whoever asked is asked whether it came as promised."""
    done = found.step >= len(found.form.steps)
    if done or found.ticket.state != "in_progress":
        set_state(found.ticket, "resolved" if done else "in_progress", by=by)
    ended = _change(found, STEP, by, step=found.step + 1)
    if done:
        _tell(ended, [found.asked_by], TOLD, IS_DONE)


def _decline(found: ServiceRequest, words: str, by: User) -> None:
    set_state(found.ticket, "cancelled", by=by)
    declined = _change(found, DECLINE, by, words=words)
    _tell(declined, [found.asked_by], TOLD, _l("“%(what)s” was declined: %(words)s"))


def _came(found: ServiceRequest, words: str, by: User) -> None:
    _change(found, ANSWER, by, came=True)


def _did_not_come(found: ServiceRequest, words: str, by: User) -> None:
    """A no is heard as any worry is."""
    owner = found.form.offering.service.owner
    with translation.override(settings.LANGUAGE_CODE):  # it is the office that reads it
        title = _("“%(what)s” did not come as promised") % {"what": found}
    heard: Values = {"title": title, "said": words, "source_id": str(found.pk), "source_label": str(found)}
    heard |= {"raised_by": by, "owner": owner if owner.is_active else None}
    raise_follow_up(kind=NOT_AS_PROMISED, partner=found.partner, by=by, **heard)
    _change(found, ANSWER, by, came=False)


class Act(NamedTuple):
    """Something done with a request: in which stages, by whom, how, and what to say where words are missing."""

    stages: tuple[Stage, ...]
    to: Capability
    do: Callable[[ServiceRequest, str, User], None]
    needs: Words = ""


UNDER_WAY = (Stage.APPROVED, Stage.WORK)
ACTS = {
    "approve": Act((Stage.WAITING,), APPROVE, _approve),
    "back": Act((Stage.WAITING,), APPROVE, _send_back, _l("Say why you send it back.")),
    "withdraw": Act((Stage.WAITING, Stage.BACK), PORTAL, _withdraw),
    "next": Act(UNDER_WAY, WORK, _step_on),
    "decline": Act(UNDER_WAY, WORK, _decline, _l("Say why you decline it.")),
    "yes": Act((Stage.DONE,), PORTAL, _came),
    "no": Act((Stage.DONE,), PORTAL, _did_not_come, _l("Say what was not as promised.")),
}


def refusal(found: ServiceRequest, act: str, user: User) -> str:
    """Why somebody cannot do this now, as a sentence; "" where they can."""
    known = ACTS.get(act)
    if known is None or found.stage not in known.stages or (known.to is PORTAL and found.came is not None):
        return _("This has changed since you opened it. Read it again.")
    if known.to is APPROVE and found.asked_by == user:
        return _("You asked for this, so somebody else has to approve it.")
    if act == "withdraw" and found.asked_by != user:
        return _("Only the one who asked can withdraw it.")
    if not user.can(known.to) or (known.to is APPROVE and user not in approvers(found.partner)):
        return _("This is not yours to do.")
    if known.to is WORK and found.form.item:
        return _("This was ordered in the ITSM tool, which says how far it is.")
    return ""


@transaction.atomic
def act_on(request_id: int, act: str, *, words: str, by: User) -> None:
    """Do one of ACTS. Raises DomainError."""
    found, words = _locked(request_id, by), words.replace("\0", "").strip()
    if refused := refusal(found, act, by) or (not words and str(ACTS[act].needs)):
        raise DomainError(refused)
    settle(found, kind=TO_APPROVE)
    ACTS[act].do(found, words, by)


def _locked(request_id: int, by: User, *stages: Stage) -> Any:
    rows = ServiceRequest.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=request_id)
    found = rows.select_related("form__offering__service__owner", "partner", "asked_by", "ticket").first()
    if found is None or (stages and found.stage not in stages):
        raise DomainError(_("This has changed since you opened it. Read it again."))
    return found


def _change(found: ServiceRequest, action: str, by: User, **values: Any) -> Any:
    return change(ServiceRequest.objects.visible_to(by), found.pk, values, by=by, action=action).row


def ended_elsewhere() -> Any:
    """What was ordered in the ITSM tool and has ended there, and nobody was told yet."""
    ended = ServiceRequest.objects.filter(ticket__state__in=SETTLED, step=0).exclude(form__item="")
    return ended.select_related("form__offering", "asked_by", "partner", "ticket")


def tell_ended_elsewhere() -> None:
    """Tell whoever asked; of what is worked here they are told as it happens."""
    for found in ended_elsewhere():
        with transaction.atomic():
            words = _l("“%(what)s” was canceled.") if found.ticket.state == State.CANCELLED else IS_DONE
            if ended_elsewhere().filter(pk=found.pk).update(step=len(found.form.steps) + 1):
                _tell(found, [found.asked_by], TOLD, words)


def _tell(found: ServiceRequest, users: Any, kind: str, words: Words) -> None:
    said = {"what": found, "words": found.words, "name": found.asked_by, "partner": found.partner}
    notify(users, kind=kind, text=lambda: str(words) % said, url=found.get_absolute_url(), about=found)
