"""The list of everyone who signs in, and how someone is invited to it."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef
from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comity.editing.answering import answer
from comity.people import services
from comity.people.access import Request, requires
from comity.people.capabilities import MANAGE
from comity.people.forms import InviteForm
from comity.people.models import User
from comity.people.roles import OFFICE_ROLES
from comity.ui.components.signs import tag
from comity.ui.tables import Choice, Column, Search, Table


@requires(MANAGE)
@require_safe
def people(request: Request) -> HttpResponseBase:
    """Everyone who signs in, may come, or once did."""
    return _table(request).respond(
        "people/list.html", {"counts": User.objects.visible_to(request.user).counted_by_state()}
    )


def _table(request: Request) -> Table:
    factor = Authenticator.objects.filter(
        user=OuterRef("pk"), type__in=[Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    )
    rows = (
        User.objects.visible_to(request.user).annotate(has_factor=Exists(factor)).prefetch_related("grants")
    )
    return Table(
        request,
        rows,
        name="people",
        columns=[
            Column("name", link=lambda user: reverse("people:person", args=[user.pk])),
            Column("email", wide=True),
            Column("kind", _("Belongs to"), csv="side", wide=True),
            Column(
                "roles",
                _("Roles"),
                value=lambda user: ", ".join(str(grant.get_role_display()) for grant in user.grants.all()),
                csv_value=lambda user: " ".join(sorted(grant.role for grant in user.grants.all())),
            ),
            Column("last_login", _("Last sign-in"), whole=True, wide=True),
            Column("has_factor", _("Second factor"), wide=True),
            Column("state", _("State"), value=_state, csv_value=lambda user: user.state),
        ],
        filters=[
            Search("q", _("Name or email"), lambda rows, text: rows.named(text)),
            Choice("side", _("Belongs to"), User.Kind.choices, "kind"),
            Choice("role", _("Role"), [(role.value, role.label) for role in OFFICE_ROLES], "grants__role"),
            Choice("state", _("State"), User.State.choices, lambda rows, state: rows.in_state(state)),
            Choice(
                "factor",
                _("Second factor"),
                [("yes", _("Yes")), ("no", _("No"))],
                lambda rows, value: rows.filter(has_factor=value == "yes"),
            ),
        ],
        default_sort="name",
        export_name="people",
        empty=_("Nobody can sign in yet."),
    )


def _state(user: User) -> object:
    kinds = {User.State.ACTIVE: "good", User.State.INVITED: "warn", User.State.DEACTIVATED: "none"}
    return tag(user.state.label, kind=kinds[user.state])


@requires(MANAGE)
def invite(request: Request) -> HttpResponse:
    """Invite someone into the office."""
    form = InviteForm(request.POST or None)
    return answer(
        request,
        form,
        lambda: services.invite(by=request.user, **form.cleaned_data),
        page="people/invite.html",
        told=lambda user: _("The invitation to %(email)s is on its way.") % {"email": user.email},
        to=lambda user: reverse("people:person", args=[user.pk]),
    )
