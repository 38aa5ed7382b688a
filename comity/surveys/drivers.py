"""What a rating can be about, where it may drive satisfaction, and what each is called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

# The first seven are those of the standard survey: of the federal A-11 questions, and value for what is paid.
DRIVERS = {
    "trust": _("Trust"),
    "need": _("Need met"),
    "ease": _("Ease"),
    "time": _("Time it takes"),
    "clarity": _("Clarity"),
    "staff": _("Helpful people"),
    "value": _("Value for money"),
    "listening": _("Being listened to"),
    "knowledge": _("Knowing the partner’s work"),
    "information": _("Being kept informed"),
    "reliability": _("Reliability"),
}

# Who should come along where a low rating is about it; customer relations always come.
OFFICERS = {
    "trust": ("risk",),
    "need": ("solutions",),
    "ease": ("services", "solutions"),
    "time": ("services", "procurement"),
    "clarity": ("services",),
    "staff": ("services",),
    "value": ("procurement", "services"),
    "knowledge": ("solutions",),
    "reliability": ("services", "risk"),
}


def driver_words(driver: str) -> str:
    """What a driver is called; one that came with an import is called as it was there."""
    return str(DRIVERS.get(driver) or driver.replace("-", " ").replace("_", " ").capitalize())
