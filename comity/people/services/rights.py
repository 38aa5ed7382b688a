"""What someone may do, and who supervises them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from comity.audit import services as audit
from comity.core.errors import DomainError
from comity.editing.changing import what_differs
from comity.editing.values import Related, Values, plain_values
from comity.people.models import RoleGrant, User
from comity.people.roles import OFFICE_ROLES, Role
from comity.people.services.profile import TOLD, update_profile

SET_ROLES = "people.set_roles"
SET_SUPERVISOR = "people.set_supervisor"


@transaction.atomic
def set_roles(user: User, roles: Iterable[str], *, by: User | str) -> None:
    """Give one of the office's people exactly these roles.

    Raises DomainError for roles that are not the office's, and if no administrator would be left or someone would take
    that role from themselves.
    """
    wanted = set(roles)
    if not user.is_office or not wanted <= {role.value for role in OFFICE_ROLES}:
        raise DomainError(_("This person cannot have these roles."))
    held = set(RoleGrant.objects.filter(user=user).values_list("role", flat=True))
    if Role.ADMINISTRATOR in held - wanted:
        refuse_to_lose_administrator(user, by=by)
    if held == wanted:
        return
    RoleGrant.objects.filter(user=user, role__in=held - wanted).delete()
    RoleGrant.objects.bulk_create(RoleGrant(user=user, role=role) for role in sorted(wanted - held))
    user.forget_rights()
    audit.record(
        by=by, action=SET_ROLES, target=user, before={"roles": sorted(held)}, after={"roles": sorted(wanted)}
    )


def refuse_to_lose_administrator(user: User, *, by: User | str) -> None:
    """Raise DomainError if `user` is the last administrator, or the very person who asks.

    Two administrators who remove each other at the same moment wait for one another here; the second is refused.
    """
    administrators = User.objects.select_for_update().active().with_role(Role.ADMINISTRATOR)
    others = [someone for someone in administrators if someone.pk != user.pk and someone.has_joined]
    if user == by:
        raise DomainError(_("You cannot remove your own access. Ask another administrator."))
    if not others:
        raise DomainError(
            _("%(name)s is the last administrator. Make someone else an administrator first.")
            % {"name": user}
        )


@transaction.atomic
def set_supervisor(user: User, supervisor: User | None, *, by: User | str) -> None:
    """Say who supervises someone: whoever hears of what is late. Raises DomainError for a circle."""
    if supervisor == user.supervisor:
        return
    if supervisor is not None and not (supervisor.is_active and supervisor.is_office):
        raise DomainError(_("%(name)s cannot supervise anyone.") % {"name": supervisor})
    above, seen = supervisor, {user.pk}
    while above is not None:
        if above.pk in seen:
            raise DomainError(
                _("Choose someone else: %(name)s would end up as their own supervisor.") % {"name": user}
            )
        seen.add(above.pk)
        above = above.supervisor
    before = user.supervisor
    user.supervisor = supervisor
    user.save(update_fields=["supervisor"])
    audit.record(
        by=by,
        action=SET_SUPERVISOR,
        target=user,
        before={"supervisor": str(before or "")},
        after={"supervisor": str(supervisor or "")},
    )


@transaction.atomic
def edit_person(user_id: int, values: Values, *, by: User, seen: Values | None = None) -> User:
    """Change what is written about someone together: name, title, phone, and for the office's people roles and supervisor.

    Raises ConflictError, DomainError.
    """
    user = User.objects.select_for_update(of=("self",)).get(pk=user_id)
    wanted = what_differs(user, values, plain_values(user, values, ROLES), seen)
    update_profile(user, by=by, **{name: value for name, value in wanted.items() if name in TOLD})
    if "roles" in wanted:
        set_roles(user, wanted["roles"], by=by)
    if "supervisor" in wanted:
        set_supervisor(user, wanted["supervisor"], by=by)
    return user


ROLES = {"roles": Related(lambda user: sorted(user.roles))}
