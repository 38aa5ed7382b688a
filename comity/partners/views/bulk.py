"""Acts on many partners at once: what was ticked in the list, or all that it found."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from comity.editing.answering import FormPage
from comity.editing.many import answer_many, typed
from comity.office.services import today
from comity.partners import capabilities, services
from comity.partners.forms.contacts import BulkAssignForm
from comity.partners.forms.partners import SetForm
from comity.partners.tables import partners_table
from comity.partners.views.finding import crumbs
from comity.people.access import Request, requires


@require_POST
@requires(capabilities.ASSIGN)
def assign_many(request: Request) -> HttpResponse:
    form = BulkAssignForm(typed(request), initial={"starts_on": today()})

    def told(done: tuple[int, int]) -> str:
        assigned, left = done
        said = ngettext(
            "%(user)s looks after %(count)s more.", "%(user)s looks after %(count)s more.", assigned
        )
        stay = ngettext("%(count)s did not change.", "%(count)s did not change.", left)
        first = said % {"user": form.cleaned_data["user"], "count": f"{assigned:,}"}
        return f"{first} {stay % {'count': f'{left:,}'}}" if left else first

    return answer_many(
        request,
        form,
        partners_table(request),
        lambda rows: services.assign_many(rows, by=request.user, **form.cleaned_data),
        page=FormPage(_("Assign a contact"), crumbs=crumbs()),
        told=told,
    )


@require_POST
@requires(capabilities.EDIT)
def set_many(request: Request) -> HttpResponse:
    form = SetForm(typed(request))
    return answer_many(
        request,
        form,
        partners_table(request),
        lambda rows: services.set_on_many(rows, by=request.user, **form.cleaned_data),
        page=FormPage(_("Change tier, kind or status"), crumbs=crumbs()),
        told=lambda changed: (
            ngettext("%(count)s changed.", "%(count)s changed.", changed) % {"count": f"{changed:,}"}
        ),
    )
