"""How the permission matrix gets a follow-up of a partner."""

from __future__ import annotations

from comity.followups import services
from comity.followups.models import FollowUp, HelpedLink
from comity.partners.models import Partner
from comity.people import tokens
from comity.testing.cast import Cast
from comity.testing.matrix import Arguments, Subject


def follow_up(cast: Cast, partner: Partner) -> FollowUp:
    """A follow-up its partner may see, raised by one of its own users."""
    membership = partner.memberships.select_related("user").first()
    return services.raise_follow_up(
        kind="concern",
        partner=partner,
        title=f"Canary of {partner.name}",
        said=f"Only {partner.name} and our office may read this.",
        by=cast.olu,
        raised_by=membership.user if membership else None,
    )


def _one(cast: Cast, partner: Partner) -> Arguments:
    return (follow_up(cast, partner).pk,)


def _link(cast: Cast, partner: Partner) -> Arguments:
    told = follow_up(cast, partner)
    services.finish(told.pk, words="Mended.", by=cast.ana)
    services.tell(told.pk, how="phone", to="Them", words="Mended.", by=cast.ana)
    raw, token_hash = tokens.new_token()
    HelpedLink.objects.filter(follow_up=told).update(token_hash=token_hash)
    return (raw,)


SUBJECTS = {
    f"followups:{name}": Subject(_one)
    for name in (
        "detail",
        "own",
        "hand_over",
        "move_due",
        "finish",
        "tell",
        "withdraw",
        "reopen",
        "edit",
        "undo",
        "comment",
        "mentionable",
        "portal_detail",
        "portal_comment",
        "portal_withdraw",
        "portal_reopen",
        "portal_answer",
    )
} | {
    "followups:helped": Subject(_link, absent=("no-such-link",)),
}
