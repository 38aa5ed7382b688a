"""The nouns of this room: sources of usage, their files, accounts and meters, and what was set aside."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from comity.imports.model_lists import Fact, kept_noun
from comity.imports.parsing import Lookup
from comity.jobs.registry import LongWork
from comity.nouns import Act, Area, Noun, Place, Words
from comity.partners.importing.fields import PARTNER
from comity.services.models import Offering
from comity.usage.capabilities import LOAD, READ
from comity.usage.models import Account, Batch, Meter, Period, SetAside, Source
from comity.usage.services import loading, mending

SOURCE = Fact("source", names=Lookup(Source.objects.all, by=("name", "label")))
OFFERING = Lookup(Offering.objects.all, by=("code", "name"))


def _place(words: Words, url_name: str, hint: Words = "") -> Place:
    """A list beside that of files."""
    return Place(Area.MONEY, words, url_name, READ, hint, under="usage:list")


NOUNS = (
    Noun(
        Source,
        plural=_("Sources of usage"),
        page="usage:source",
        office_only=True,
        actions={
            **loading.SOURCES.actions,
            loading.MAPPED: _("said which columns usage has"),
            mending.TRY_AGAIN: _("tried usage again that was set aside"),
            mending.LEAVE_OUT: _("left usage out that was set aside"),
        },
        places=[_place(_("Sources"), "usage:sources", _("where usage comes from"))],
        acts=[Act(_("Add a source of usage"), _("name, layout"), "usage:add_source", LOAD)],
    ),
    Noun(
        Batch,
        plural=_("Usage"),
        page="usage:batch",
        office_only=True,
        actions={loading.LOADED: _("loaded usage"), loading.DISCARDED: _("discarded a file of usage")},
        places=[
            Place(Area.MONEY, _("Usage"), "usage:list", READ, order=5),
            _place(_("Usage by month"), "usage:months"),
        ],
        acts=[Act(_("Load usage"), _("source, file"), "usage:add", LOAD)],
        traits=[
            LongWork(loading.LOOK_WORK, loading.look),
            LongWork(loading.LOAD_WORK, loading.do_load),
            LongWork(mending.MEND_WORK, mending.do_mend),
        ],
    ),
    Noun(Period, office_only=True),
    Noun(
        SetAside,
        plural=_("Rows set aside"),
        office_only=True,
        places=[_place(_("Rows set aside"), "usage:set_aside")],
    ),
    # What names of a source mean: told one by one where rows were set aside, or brought in as a list.
    kept_noun(
        mending.NAMES[Account],
        _("Accounts"),
        "usage-accounts",
        to=LOAD,
        key=["source", "name"],
        fields=[SOURCE, Fact("name", ["account", "account number"]), Fact("partner", names=PARTNER)],
        place=_place(_("Accounts"), "usage:accounts"),
        page="usage:account",
    ),
    kept_noun(
        mending.NAMES[Meter],
        _("Meters"),
        "usage-meters",
        to=LOAD,
        key=["source", "name"],
        fields=[SOURCE, Fact("name", ["meter"]), Fact("offering", ["meter code"], names=OFFERING)],
        place=_place(_("Meters"), "usage:meters"),
        page="usage:meter",
    ),
)
