"""What the permission matrix has to know of this room's URLs. All of them are the office's."""

from __future__ import annotations

from datetime import timedelta

from comity.partners.duplicates.services import PARTNERS, merge
from comity.partners.models import Assignment, Membership, Partner, Person, Position
from comity.partners.views.assigning import undo_url
from comity.testing.cast import Cast
from comity.testing.matrix import Arguments, Subject


def partner_itself(cast: Cast, partner: Partner) -> Arguments:
    return (partner.pk,)


def person_at(cast: Cast, partner: Partner) -> Arguments:
    return (_post(cast, partner).person_id,)


def post_at(cast: Cast, partner: Partner) -> Arguments:
    return (_post(cast, partner).pk,)


def vacant_post_at(cast: Cast, partner: Partner) -> Arguments:
    return (Position.objects.create(partner=partner, title="Clerk", starts_on=cast.today).pk,)


def person_and_partner(cast: Cast, partner: Partner) -> Arguments:
    return partner.pk, _post(cast, partner).person_id


def membership_at(cast: Cast, partner: Partner) -> Arguments:
    found = Membership.objects.filter(partner=partner).first()
    if found is None:
        raise LookupError(f"Nobody of the cast may sign in for {partner}.")
    return (found.pk,)


def assignment_of(cast: Cast, partner: Partner) -> Arguments:
    made = Assignment.objects.create(
        partner=partner,
        user=cast.olu,
        role=Assignment.Role.LIAISON,
        starts_on=cast.today - timedelta(days=9),
        ends_on=cast.today + timedelta(days=90),
    )
    return (made.pk,)


def just_assigned(cast: Cast, partner: Partner) -> Arguments:
    (row,) = assignment_of(cast, partner)
    return (undo_url([row], "/coverage/").rstrip("/").rpartition("/")[2],)


def contact_of(cast: Cast, partner: Partner) -> Arguments:
    return (cast.ana.pk,)


def _post(cast: Cast, partner: Partner) -> Position:
    person = Person.objects.create(name=f"Someone at {partner}")
    return Position.objects.create(partner=partner, person=person, title="Analyst")


def beside_another(cast: Cast, partner: Partner) -> Arguments:
    return partner.pk, Partner.objects.create(name=f"Twin of {partner}", name_key=f"twin of {partner.pk}").pk


def people_side_by_side(cast: Cast, partner: Partner) -> Arguments:
    return _post(cast, partner).person_id, _post(cast, partner).person_id


def merged_with_another(cast: Cast, partner: Partner) -> Arguments:
    twin = Partner.objects.create(name=f"Twin of {partner}", name_key=f"twin of {partner.pk}")
    return (merge(PARTNERS, survivor_id=partner.pk, tombstone_id=twin.pk, theirs={}, by=cast.ada).pk,)


TWO_ABSENT = (999_999_998, 999_999_999)

SUBJECTS = {
    **{
        f"partners:{name}": Subject(partner_itself, office_only=True)
        for name in (
            "facts",
            "edit",
            "retire",
            "people_of",
            "org_chart",
            "add_person_at",
            "cards",
            "add_post",
            "contacts",
            "assign",
        )
    },
    **{
        f"partners:{name}": Subject(person_at, office_only=True)
        for name in ("person", "edit_person", "person_left", "card", "add_post_for")
    },
    **{f"partners:{name}": Subject(post_at, office_only=True) for name in ("edit_post", "end_post")},
    "partners:fill_post": Subject(vacant_post_at, office_only=True),
    "partners:invite": Subject(person_and_partner, absent=(999_999_999, 999_999_999), office_only=True),
    "partners:end_membership": Subject(membership_at, office_only=True),
    "partners:end_assignment": Subject(assignment_of, office_only=True),
    "partners:undo_assign": Subject(just_assigned, absent=("none-of-ours",), office_only=True),
    "partners:contacts_of": Subject(contact_of, office_only=True),
    "partners:hand_over": Subject(contact_of, office_only=True),
    # Duplicates
    **{
        f"partners:{name}_partner": Subject(beside_another, absent=TWO_ABSENT, office_only=True)
        for name in ("compare", "tell_apart")
    },
    **{
        f"partners:{name}_person": Subject(people_side_by_side, absent=TWO_ABSENT, office_only=True)
        for name in ("compare", "tell_apart")
    },
    **{
        f"partners:{name}": Subject(merged_with_another, office_only=True)
        for name in ("merged", "undo_merge")
    },
}
