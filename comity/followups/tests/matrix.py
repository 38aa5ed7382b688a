"""How the permission matrix gets a follow-up of a partner."""

from __future__ import annotations

from comity.followups import services
from comity.followups.models import FollowUp, HelpedLink
from comity.partners.models import Partner
from comity.people import tokens
from comity.people.models import User
from comity.testing.cast import Cast
from comity.testing.matrix import Arguments, PersonalSubject, Subject


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


def _compliment(cast: Cast, partner: Partner) -> Arguments:
    said = services.raise_follow_up(kind="compliment", partner=partner, title="Thank you", by=cast.olu)
    return (said.pk,)


def _raised_by(cast: Cast, user: User) -> Arguments:
    membership = user.memberships.select_related("partner").first()
    partner = membership.partner if membership else cast.parks
    raised = services.raise_follow_up(
        kind="concern", partner=partner, title=f"Canary of {partner.name}", by=cast.olu, raised_by=user
    )
    return (raised.pk,)


def _link(cast: Cast, partner: Partner) -> Arguments:
    told = follow_up(cast, partner)
    services.finish(told.pk, words="Mended.", by=cast.ana)
    services.tell(told.pk, how="phone", to="Them", words="Mended.", by=cast.ana)
    raw, token_hash = tokens.new_token()
    HelpedLink.objects.filter(follow_up=told).update(token_hash=token_hash)
    return (raw,)


SUBJECTS: dict[str, Subject | PersonalSubject] = (
    {
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
        )
    }
    | {"followups:praise": Subject(_compliment, office_only=True)}
    | {
        # Only whoever raised it, not others of the same partner.
        f"followups:{name}": PersonalSubject(_raised_by)
        for name in ("portal_withdraw", "portal_reopen", "portal_answer")
    }
    | {
        "followups:helped": Subject(_link, absent=("no-such-link",)),
    }
)
