"""Survey responses as a list that can be imported."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from comity.imports.models import Import
from comity.imports.profiles import Profile
from comity.surveys.capabilities import SEE_CONFIDENTIAL
from comity.surveys.importing.about import AboutForm
from comity.surveys.importing.asking import FIXED, asking_of, fields_of
from comity.surveys.importing.responses import ResponseRows
from comity.surveys.models import Wave


def _told(batch: Import) -> Profile:
    asking = asking_of(batch)
    return replace(
        RESPONSES,
        fields=fields_of(batch, asking),
        handler=partial(ResponseRows, batch),
        check=asking.check,
    )


def _page(batch: Import) -> str:
    wave = Wave.objects.filter(key=batch.about["wave"]).first()
    return wave.get_absolute_url() if wave else ""


# Whoever looks at a file reads who said what, whatever was promised to them: so it is the survey office's alone.
RESPONSES = Profile(
    key="responses",
    label=_("Survey responses"),
    to=SEE_CONFIDENTIAL,
    fields=FIXED,
    handler=partial(ResponseRows, Import()),
    link=lambda row: reverse("surveys:response", args=[row.target_id]),
    about=AboutForm,
    told=_told,
    whole=True,
    page=_page,
)
