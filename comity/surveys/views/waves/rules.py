"""How often someone is asked, and what counts as low."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from comity.editing.answering import answer
from comity.people.access import Request, requires
from comity.surveys.capabilities import RUN
from comity.surveys.forms.waves import RulesForm
from comity.surveys.services.rules import current_rules, set_rules


@requires(RUN)
def edit(request: Request) -> HttpResponse:
    form = RulesForm(request.POST or None, instance=current_rules())
    return answer(
        request,
        form,
        lambda: set_rules(form.values, by=request.user, seen=form.seen),
        page="surveys/waves/rules.html",
        told=_("Saved."),
        to="surveys:waves",
    )
