"""What is said of ratings given again: of many together, and of one follow-up."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.core.surveys import Effect
from comity.followups.additions import Line
from comity.followups.models import FollowUp
from comity.people.models import User
from comity.surveys.capabilities import READ
from comity.surveys.models import Again
from comity.surveys.services.low_ratings import LOW_RATING
from comity.surveys.services.rerating.asking import waiting_for
from comity.ui.components.days import day


def effect_sentences(effect: Effect | None) -> tuple[str, str] | None:
    """ "12 rated again: 8 higher, 3 the same, 1 lower." and "On average 3.4 of 5 after 1.9: …"; None where nobody did."""
    if effect is None or effect.before is None or effect.after is None or effect.difference is None:
        return None
    counted = ngettext(
        "%(n)s rated again: %(better)s higher, %(same)s the same, %(worse)s lower.",
        "%(n)s rated again: %(better)s higher, %(same)s the same, %(worse)s lower.",
        effect.n,
    ) % {"n": effect.n, "better": effect.better, "same": effect.same, "worse": effect.worse}
    said = {
        "before": f"{effect.before:.1f}",
        "after": f"{effect.after:.1f}",
        "difference": f"{effect.difference:+.1f}",
    }
    if effect.ci is None:
        few = _("On average %(after)s of 5 after %(before)s. Too few people to say more.") % said
        return counted, few
    said |= {"low": f"{effect.ci.low:+.1f}", "high": f"{effect.ci.high:+.1f}"}
    clear = {
        "better": _("That is clearly higher."),
        "worse": _("That is clearly lower."),
    }.get(str(effect.verdict), _("No clear change."))
    moved = _(
        "On average %(after)s of 5 after %(before)s: %(difference)s, with 95%% confidence %(low)s to %(high)s."
    )
    return counted, f"{moved % said} {clear}"


def again_lines(follow_up: FollowUp, user: User) -> Iterator[Line]:
    """On a low rating's page: that its author is asked again, and what they say now."""
    if follow_up.kind != LOW_RATING or not user.can(READ):
        return
    rows = list(Again.objects.visible_to(user).filter(follow_up=follow_up).order_by("-round"))
    if not any(row.round == follow_up.reopened for row in rows):
        due = waiting_for(follow_up)
        if due is not None:
            yield Line(_("Asked again"), _("automatically, from %(day)s") % {"day": day(due)})
    for row in rows:
        url = reverse("surveys:response", args=[row.response_id])
        if row.after is not None:
            said = _("%(before)s of 5 then, %(after)s of 5 on %(day)s") % {
                "before": row.before,
                "after": row.after,
                "day": day(row.answered_on),
            }
            yield Line(_("Rated again"), said, url)
        else:
            yield Line(_("Asked again"), _("on %(day)s, no answer yet") % {"day": day(row.sent_on)}, url)
