"""What to do after a list was applied: who looks after what is new, and what may be there twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import Model, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.imports.models import Import
from comity.imports.profiles import Step
from comity.jobs.models import Work
from comity.office.services import words
from comity.partners.duplicates import finding
from comity.partners.models import DuplicateKind, LikelyPair, Partner, Person


def after_partners(batch: Import) -> Sequence[Step]:
    alone = Partner.objects.without_lead().filter(import_id=batch.pk).count()
    steps = list(_may_be_twice(batch, DuplicateKind.PARTNER, Partner))
    if alone:
        says = ngettext(
            "%(n)s new %(partner)s has no lead contact.",
            "%(n)s new %(partners)s have no lead contact.",
            alone,
        ) % {"n": f"{alone:,}", "partner": words().partner, "partners": words().partners}
        steps.insert(0, Step(says, _("Assign contacts"), f"{reverse('partners:list')}?without_lead=1"))
    return steps


def after_people(batch: Import) -> Sequence[Step]:
    return list(_may_be_twice(batch, DuplicateKind.PERSON, Person))


def _may_be_twice(batch: Import, kind: DuplicateKind, model: type[Model]) -> Iterator[Step]:
    if Work.objects.unfinished().filter(task=finding.WORK).exists():
        yield Step(_("We are still looking for likely duplicates."), "", "")
        return
    made = model._base_manager.filter(import_id=batch.pk).values("pk")
    pairs = LikelyPair.objects.filter(Q(first_id__in=made) | Q(second_id__in=made), kind=kind).count()
    if pairs:
        says = ngettext("%(n)s pair may be the same.", "%(n)s pairs may be the same.", pairs) % {
            "n": f"{pairs:,}"
        }
        yield Step(says, _("Look at them"), f"{reverse('partners:duplicates')}?kind={kind.value}")
