"""How often someone is asked, and what counts as low."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from comity.people.access import Request, requires
from comity.surveys.capabilities import RUN
from comity.surveys.forms.waves import RulesForm
from comity.surveys.services.audience import current_rules
from comity.surveys.services.rules import set_rules
from comity.ui.components.page import tell


@requires(RUN)
def edit(request: Request) -> HttpResponse:
    form = RulesForm(request.POST or None, instance=current_rules())
    if request.method == "POST" and form.is_valid():
        set_rules(by=request.user, **form.cleaned_data)
        tell(request, _("Saved."))
        return redirect("surveys:waves")
    return render(request, "surveys/waves/rules.html", {"form": form})
