"""Somebody closes a wave: from now on nothing can be answered, and the work of counting begins."""

from __future__ import annotations

from django.db import models, transaction
from django.utils.translation import gettext as _

from comity import jobs
from comity.audit import services as audit
from comity.audit.services import Actor
from comity.core.errors import DomainError
from comity.jobs.models import Work
from comity.surveys.models import Wave

CLOSE = "surveys.close_wave"  # in the trail
CLOSING = "surveys.close"  # the work in the background


@transaction.atomic
def close_wave(wave_id: int, *, by: Actor, owner: models.Model | str | None = None) -> Work:
    """Let nothing more be answered, and begin to count; the work that does it.

    owner  who may watch the work; whoever closes it, unless said otherwise

    Answers that are being kept at this moment are waited for. Raises DomainError unless the wave is open.
    """
    wave = Wave.objects.select_for_update(of=("self",)).get(pk=wave_id)
    refuse_unless_open(wave)
    before, wave.state = wave.state, Wave.State.CLOSING
    wave.save(update_fields=["state"])
    audit.record(by=by, action=CLOSE, target=wave, before={"state": before}, after={"state": wave.state})
    return go_on_closing(wave, by=owner or by)


def refuse_unless_open(wave: Wave) -> None:
    """Raises DomainError, saying how it is."""
    if wave.state == Wave.State.CLOSED:
        raise DomainError(_("This wave is already closed."))
    if wave.state == Wave.State.CLOSING:
        raise DomainError(_("This wave is being closed, and its answers are being counted."))
    if not wave.is_open:
        raise DomainError(_("This wave was never opened, so it cannot be closed."))


def go_on_closing(wave: Wave, *, by: Actor) -> Work:
    """Let the worker count a wave that is being closed."""
    return jobs.start(
        CLOSING,
        {"wave_id": wave.pk},
        label=_("Closing “%(wave)s”") % {"wave": wave},
        by=by if isinstance(by, (str, models.Model)) else str(by),
        url=wave.get_absolute_url(),
    )
