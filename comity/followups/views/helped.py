"""The page behind the link in the mail: did it help? Opening it changes nothing; mail scanners open links too."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from comity.followups import services
from comity.followups.forms.acts import HelpedForm
from comity.followups.models import Helped, HelpedLink
from comity.people import tokens
from comity.people.access import public

SCOPE = "helped"


@never_cache
@public("Whoever raised something answers from the mail, without a sign-in; the link stands for them.")
def helped(request: HttpRequest, token: str) -> HttpResponse:
    """Say whether it helped. Dead links of every kind get one and the same answer."""
    links = HelpedLink.objects.usable(timezone.now()).select_related(
        "follow_up__partner", "follow_up__told_by", "follow_up__raised_by_user", "follow_up__raised_by_person"
    )
    link = tokens.find(request, SCOPE, links, token)
    if link is None:
        return tokens.refuse(request, SCOPE)
    with translation.override(link.language):
        follow_up = link.follow_up
        initial = {"answer": follow_up.helped, "words": follow_up.helped_words}
        form = HelpedForm(request.POST or None, initial=initial)
        if request.method == "POST" and form.is_valid():
            if services.answer_by_link(link, **form.cleaned_data) is None:
                return tokens.refuse(request, SCOPE)
            said = {"language": link.language, "answer": form.cleaned_data["answer"]}
            return redirect(f"{reverse('followups:thanks')}?{urlencode(said)}")
        context = {"form": form, "follow_up": follow_up, "answered": link.answered_at}
        status = 422 if request.method == "POST" else 200
        return render(request, "followups/helped.html", context, status=status)


@require_safe
@public("Thanks for an answer; it says nothing of anybody.")
def thanks(request: HttpRequest) -> HttpResponse:
    language = request.GET.get("language", "")
    with translation.override(language if language in dict(settings.LANGUAGES) else get_language()):
        return render(request, "followups/thanks.html", {"again": request.GET.get("answer") == Helped.NO})
