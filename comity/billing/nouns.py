"""What this room says of its nouns: what is issued never changes."""

from __future__ import annotations

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from comity.billing.capabilities import OWN, PORTAL, READ, RUN
from comity.billing.models import Adjustment, Bill, Dispute, Line, PartnerCostCenter, Run
from comity.billing.services import crediting, righting, running, splitting
from comity.editing.final import Final, unchanged
from comity.followups.kinds import Kind
from comity.jobs import LongWork, Recurring
from comity.notifications.kinds import NoticeKind
from comity.nouns import Act, Area, Noun, Place, Search
from comity.rates.periods import Closed, Quantities
from comity.usage.models import Period

ISSUED, CLOSED = "OLD.issued_at IS NOT NULL", "OLD.closed_at IS NOT NULL"
NO_MORE = "An issued bill takes no more lines."
OF_ISSUED = (
    "EXISTS (SELECT 1 FROM billing_bill bill WHERE bill.id = {}.bill_id AND bill.issued_at IS NOT NULL)"
)

NOUNS = (
    Noun(
        Run,
        plural=_("Billing periods"),
        page="billing:run",
        office_only=True,
        places=[
            Place(Area.MONEY, _("Billing periods"), "billing:runs", READ, order=1),
            Place(Area.MONEY, _("Bills"), "billing:bills", READ, order=2),
            Place(Area.MONEY, _("Bills"), "billing:bills", PORTAL, order=2),
        ],
        actions={
            running.RAN: _("ran bills"),
            running.APPROVED: _("approved bills"),
            running.ISSUED: _("issued bills"),
            running.BILL_ISSUED: _("issued a bill"),
            running.DROPPED: _("dropped bills"),
            righting.SET_TERMS: _("set the billing terms"),
        },
        acts=[
            Act(
                _("Run the bills of a month"),
                _("a draft, for somebody else to approve"),
                "billing:new_run",
                RUN,
            )
        ],
        traits=[
            LongWork(running.MAKE_WORK, running.make),
            LongWork(running.TELL_WORK, running.tell, resumes=True),
            NoticeKind(running.BILL_IS_THERE, _("A bill is issued")),
            NoticeKind(running.TO_APPROVE, _("Bills wait to be approved"), office_only=True),
        ],
    ),
    Noun(Bill, plural=_("Bills"), page="billing:bill", search=Search("number", hint=F("partner__name"))),
    Noun(
        Adjustment,
        plural=_("Adjustments"),
        office_only=True,
        places=[Place(Area.MONEY, _("Adjustments"), "billing:adjustments", READ, order=4)],
        actions={
            righting.PROPOSED: _("proposed an adjustment"),
            righting.APPROVED: _("approved an adjustment"),
            righting.DECLINED: _("declined an adjustment"),
        },
        traits=[
            NoticeKind(righting.TO_APPROVE, _("An adjustment waits to be approved"), office_only=True),
            Recurring(
                "billing.credits",
                crediting.propose_credits,
                minutes=60,
                when=lambda: crediting.uncredited().exists(),
                label=_("Propose what missed service levels give back"),
            ),
        ],
    ),
    Noun(Line, plural=_("Bill lines"), page="billing:line"),
    Noun(
        Dispute,
        plural=_("Disputes"),
        actions={
            righting.RAISE: _("disputed a bill line"),
            righting.UPHOLD: _("upheld a dispute"),
            righting.EXPLAIN: _("explained a disputed line"),
        },
        places=[Place(Area.MONEY, _("Disputes"), "billing:disputes", READ, order=3)],
        traits=[
            Kind(
                righting.DISPUTE,
                _("Disputed bill line"),
                Line,
                outcomes=tuple(Dispute.Outcome.choices),
                ending_url=lambda line: f"{reverse('billing:line', args=[line])}#disputes",
                ending_label=_("Decide the dispute"),
            )
        ],
    ),
    Noun(
        PartnerCostCenter,
        plural=_("Cost centers of partners"),
        actions={**splitting.CENTERS.actions, **splitting.SHARES.actions},
        places=[Place(Area.MONEY, _("Cost centers"), "billing:cost_centers", OWN, order=9)],
        acts=[
            Act(_("Say what a cost center bears"), _("a percentage, an account"), "billing:add_share", OWN)
        ],
    ),
    Closed(Period.objects.closed_until, Line.objects.billed_until),
    Quantities(Line.objects.quantities),
    Final(Run, "issued", ISSUED, "An issued bill run cannot be changed."),
    Final(Bill, "issued", ISSUED, "An issued bill cannot be changed."),
    Final(Line, "issued", OF_ISSUED.format("OLD"), "A line of an issued bill cannot be changed."),
    Final(Line, "added", OF_ISSUED.format("NEW"), NO_MORE, ("INSERT",)),
    Final(Line, "moved", f"OLD.bill_id <> NEW.bill_id AND {OF_ISSUED.format('NEW')}", NO_MORE, ("UPDATE",)),
    Final(
        Period,
        "closed",
        f"{CLOSED} AND NOT ({unchanged(Period)})",
        "A closed billing period cannot be changed.",
        ("UPDATE",),
    ),
    Final(Period, "kept", CLOSED, "A closed billing period cannot be deleted.", ("DELETE",)),
)
