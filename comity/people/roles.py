"""The roles people hold, by the names their offices use."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    ADMINISTRATOR = "administrator", _("Administrator")
    CIO = "cio", _("Chief information officer")
    CCO = "cco", _("Chief customer officer")
    RELATIONSHIP_MANAGER = "relationship_manager", _("Relationship manager")
    SERVICE_OWNER = "service_owner", _("Service owner")
    FINANCE_ANALYST = "finance_analyst", _("Finance analyst")
    OFFICE_STAFF = "office_staff", _("Office staff")
    PARTNER_EXECUTIVE = "partner_executive", _("Executive")
    PARTNER_IT_LEAD = "partner_it_lead", _("IT lead")
    PARTNER_FINANCE = "partner_finance", _("Finance")
    PARTNER_MEMBER = "partner_member", _("Member")


OFFICE_ROLES = (
    Role.ADMINISTRATOR,
    Role.CIO,
    Role.CCO,
    Role.RELATIONSHIP_MANAGER,
    Role.SERVICE_OWNER,
    Role.FINANCE_ANALYST,
    Role.OFFICE_STAFF,
)
PARTNER_ROLES = (
    Role.PARTNER_EXECUTIVE,
    Role.PARTNER_IT_LEAD,
    Role.PARTNER_FINANCE,
    Role.PARTNER_MEMBER,
)
