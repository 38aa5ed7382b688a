"""What frames every page, from below: the places the header and footer lead to, and the choice of theme.

`ui` knows no room. It asks for places by the names of their URLs; a place that is not there is not shown.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

THEME_COOKIE = "theme"
THEMES = ("light", "dark")

# The names of the URLs the base pages lead to; `settings.UI_PLACES` may name others.
PLACES = {
    "home": "home",
    "find": "find",
    "stay": "stay",
    "sign_in": "account_login",
    "sign_out": "account_logout",
    "notices": "notifications:list",
    "notice_settings": "notifications:preferences",
    "calendar": "meetings:calendar",
    "theme": "ui:theme",
    "language": "ui:language",
    "help": "help",
    "keys": "people:edit-me",
}


# Small modules that do not know each other; each begins by itself. Signed-in pages have more than bare ones.
BARE_SCRIPTS = ("forms", "drafts", "combo", "confirm")
PAGE_SCRIPTS = (*BARE_SCRIPTS, "theme", "menus", "palette", "keys", "bulk", "filters", "idle", "swaps")


def theme_of(request: HttpRequest) -> str:
    """The theme this browser chose, or "" to follow the system."""
    chosen = request.COOKIES.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else ""


def context(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `theme`, `places` (addresses by name), `idle_seconds`, what the scripts need."""
    return {
        "theme": theme_of(request),
        "places": places(),
        "idle_seconds": 60 * getattr(settings, "IDLE_MINUTES", 0),
        "script_words": script_words(),
        "page_scripts": _addresses(PAGE_SCRIPTS),
        "bare_scripts": _addresses(BARE_SCRIPTS),
    }


@cache
def _addresses(scripts: tuple[str, ...]) -> list[str]:
    """Where these scripts are; that changes with what is installed only."""
    return [static(f"ui/{name}.js") for name in scripts]


def script_words() -> dict[str, str]:
    """What the scripts say, in the language of the page; # is filled in by them."""
    return {
        "beside": _("Which of these: #?"),
        "choices": _("Choices"),
        "chosen": _("# selected"),
        "chosenAll": _("All # selected"),
        "draft": _("You started this on # and did not send it."),
        "draftForget": _("Discard it"),
        "draftPut": _("Restore it"),
        "failed": _("The search did not respond. Try again."),
        "filled": _("# is filled in."),
        "found": _("# found"),
        "here": _("On this page"),
        "minutes": _("# minutes"),
        "no": _("No, go back"),
        "nothing": _("Nothing found for “#”"),
        "offline": _(
            "You are offline. What you wrote is kept in this browser. Send it once you are connected."
        ),
        "recent": _("Recently opened"),
        "reload": _("Reload the page"),
        "seconds": _("# seconds"),
        "swapFailed": _("That did not work. Nothing was changed."),
        "yes": _("Yes"),
    }


def places() -> dict[str, str]:
    """The addresses of the places that there are."""
    named = {**PLACES, **getattr(settings, "UI_PLACES", {})}
    return {place: url for place, name in named.items() if (url := _address(name))}


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
