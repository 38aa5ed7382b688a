"""How the permission matrix gets an initiative, and somebody on the map of a partner."""

from __future__ import annotations

from comity.partners.models import Partner, Person
from comity.stakeholders.capabilities import SENSITIVE
from comity.stakeholders.models import Initiative, Stakeholder
from comity.testing.cast import Cast
from comity.testing.matrix import Arguments, Subject


def somebody_at(partner: Partner, who: str = "Plain", **facts: object) -> Stakeholder:
    person, _made = Person.objects.get_or_create(name=f"{who} canary of {partner.name}")
    known = {"role": Stakeholder.Role.DECIDES, "note": f"Only our office reads this of {partner.name}."}
    found, _made = Stakeholder.objects.get_or_create(
        person=person, partner=partner, initiative=None, defaults={**known, **facts}
    )
    return found


def _somebody(_cast: Cast, partner: Partner) -> Arguments:
    somebody_at(partner, "Other")  # so that there is somebody to influence, whenever the form is asked for
    return (somebody_at(partner).pk,)


def _sensitive(_cast: Cast, partner: Partner) -> Arguments:
    return (somebody_at(partner, "Sensitive", sensitive=True).pk,)


def _initiative(cast: Cast, partner: Partner) -> Arguments:
    facts = {"purpose": "Less paper.", "begun_on": cast.today}
    found, _made = Initiative.objects.get_or_create(name=f"Canary for {partner.name}", defaults=facts)
    found.partners.add(partner)
    return (found.pk,)


def _partner(_cast: Cast, partner: Partner) -> Arguments:
    somebody_at(partner)
    return (partner.pk,)


SUBJECTS = {
    "stakeholders:stakeholder": Subject(_sensitive, office_only=True, seen_with=SENSITIVE),
    **{
        f"stakeholders:{name}": Subject(_somebody, office_only=True)
        for name in ("edit", "move", "plan", "remove")
    },
    **{
        f"stakeholders:{name}": Subject(_initiative, office_only=True)
        for name in ("initiative", "edit_initiative", "add_to_initiative")
    },
    **{
        f"stakeholders:{name}": Subject(_partner, office_only=True)
        for name in ("of_partner", "add_to_partner")
    },
}
