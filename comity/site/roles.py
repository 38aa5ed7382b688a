"""Which role may do what: the one place where it is said."""

from __future__ import annotations

from collections.abc import Iterable

from comity.access import Capability
from comity.adoption import capabilities as adoption
from comity.applications import capabilities as applications
from comity.audit import capabilities as audit
from comity.billing import capabilities as billing
from comity.briefing import capabilities as briefing
from comity.business import capabilities as business
from comity.charter import capabilities as charter
from comity.councils import capabilities as councils
from comity.followups import capabilities as followups
from comity.health import capabilities as health
from comity.imports import capabilities as imports
from comity.inbox import capabilities as inbox
from comity.itsm import capabilities as itsm
from comity.jobs import capabilities as jobs
from comity.levels import capabilities as levels
from comity.meetings import capabilities as meetings
from comity.office import capabilities as office
from comity.outages import capabilities as outages
from comity.outbox import capabilities as outbox
from comity.partners import capabilities as partners
from comity.patterns import capabilities as patterns
from comity.people import capabilities as people
from comity.people.roles import OFFICE_ROLES, PARTNER_ROLES, Role
from comity.rates import capabilities as rates
from comity.requests import capabilities as requests
from comity.services import capabilities as services
from comity.site import capabilities as site
from comity.stakeholders import capabilities as stakeholders
from comity.surveys import capabilities as surveys
from comity.tickets import capabilities as tickets
from comity.usage import capabilities as usage

CAPABILITIES: dict[str, set[Capability]] = {role.value: set() for role in Role}


def _may(roles: Iterable[Role], *capabilities: Capability) -> None:
    for role in roles:
        CAPABILITIES[role.value].update(capabilities)


# Follow-ups: anyone in the office writes down what they heard and works on it; some steer many at once.
_may(OFFICE_ROLES, followups.READ, followups.RAISE, followups.WORK)
_may([Role.ADMINISTRATOR, Role.CIO, Role.CCO, Role.RELATIONSHIP_MANAGER], followups.MANAGE)
_may(PARTNER_ROLES, followups.PORTAL)

# Meetings: anyone in the office plans visits and writes down whom they met; some say who comes along for which part of it.
_may(OFFICE_ROLES, meetings.READ, meetings.LOG)
_may([Role.ADMINISTRATOR, Role.CIO, Role.CCO], meetings.NAME_OFFICERS)
_may(PARTNER_ROLES, meetings.PORTAL)

# Who may sign in, and the office's own settings: administrators alone.
_may([Role.ADMINISTRATOR], people.MANAGE, office.MANAGE)

# The machinery: who sees that mail leaves and long work ends, and mends what did not.
_may([Role.ADMINISTRATOR, Role.CCO], outbox.VIEW_OUTBOX, outbox.TEND_OUTBOX)
_may([Role.ADMINISTRATOR], jobs.VIEW_WORK, audit.VIEW_TRAIL)

# Partners: the whole office looks them up; those who keep the relations enter and change; some say who looks after whom.
_may(OFFICE_ROLES, partners.VIEW, partners.VIEW_PEOPLE)
_may(
    [Role.ADMINISTRATOR, Role.CCO, Role.RELATIONSHIP_MANAGER],
    partners.EDIT,
    partners.EDIT_PEOPLE,
    partners.GRANT_ACCESS,
)
_may([Role.ADMINISTRATOR, Role.CIO, Role.CCO], partners.ASSIGN)

# Pages over many rooms: everyone in the office has a day; those who answer for the whole see the whole.
_may(OFFICE_ROLES, briefing.SEE_OFFICE_PAGES)
_may([Role.ADMINISTRATOR, Role.CIO, Role.CCO], briefing.SEE_COVERAGE, briefing.SEE_OVERVIEW)
_may([Role.CIO, Role.CCO], briefing.ANSWER_FOR_OFFICE)
_may([Role.RELATIONSHIP_MANAGER], briefing.SEE_COVERAGE)
_may(PARTNER_ROLES, briefing.SEE_PORTAL)

# Stakeholders: the whole office reads how people stand; those who keep the relations rate them, and with those who answer
# for the office see what is sensitive.
_may(OFFICE_ROLES, stakeholders.READ)
_may([Role.ADMINISTRATOR, Role.CCO, Role.RELATIONSHIP_MANAGER], stakeholders.EDIT)
_may([Role.ADMINISTRATOR, Role.CIO, Role.CCO, Role.RELATIONSHIP_MANAGER], stakeholders.SENSITIVE)

# Partners' business: both sides write it down, the whole office and of a partner's people those who answer for it.
_may(OFFICE_ROLES, business.READ, business.UNDERSTAND)
_may(PARTNER_ROLES, business.PORTAL)
_may([*OFFICE_ROLES, Role.PARTNER_EXECUTIVE, Role.PARTNER_IT_LEAD], business.WRITE)

# Surveys: the whole office reads what was answered; the chief customer officer asks, and is the survey office.
_may(OFFICE_ROLES, surveys.READ)
_may([Role.ADMINISTRATOR, Role.CCO], surveys.RUN)
_may([Role.CCO], surveys.SEE_CONFIDENTIAL)
_may(PARTNER_ROLES, surveys.PORTAL)

# Health: the whole office reads scores; those who keep the relations act on them, the CCO says what counts. Of a partner, those
# who speak for it say how mature the relationship is.
_may(OFFICE_ROLES, health.READ)
_may([Role.ADMINISTRATOR, Role.CIO, Role.CCO, Role.RELATIONSHIP_MANAGER], health.WORK)
_may([Role.ADMINISTRATOR, Role.CCO], health.SET)
_may([Role.PARTNER_EXECUTIVE, Role.PARTNER_IT_LEAD], health.PORTAL)

# Patterns: the whole office reads what several have; those who keep the relations, and the CIO, judge and act. Of a partner,
# those who speak for it agree to be named.
_may(OFFICE_ROLES, patterns.READ)
_may([Role.ADMINISTRATOR, Role.CIO, Role.CCO, Role.RELATIONSHIP_MANAGER], patterns.WORK)
_may([Role.PARTNER_EXECUTIVE, Role.PARTNER_IT_LEAD], patterns.SHARE)

# Services: the whole office looks them up; those who own or price them, and who answer for the catalogue, keep it.
_may(OFFICE_ROLES, services.READ)
_may([Role.ADMINISTRATOR, Role.CCO, Role.SERVICE_OWNER, Role.FINANCE_ANALYST], services.EDIT)
_may(PARTNER_ROLES, services.PORTAL)

# Tickets: the whole office reads them; those who own services, keep the relations or run the tools say whose they are.
_may(OFFICE_ROLES, tickets.READ)
_may([Role.ADMINISTRATOR, Role.CCO, Role.RELATIONSHIP_MANAGER, Role.SERVICE_OWNER], tickets.WORK)
_may(PARTNER_ROLES, tickets.PORTAL)

# Who uses which service: the whole office reads it; those who keep the relations or own a service take the steps. Of a
# partner, those who speak for it ask.
_may(OFFICE_ROLES, adoption.READ)
_may([Role.ADMINISTRATOR, Role.CCO, Role.RELATIONSHIP_MANAGER, Role.SERVICE_OWNER], adoption.WORK)
_may([Role.ADMINISTRATOR, Role.CCO, Role.SERVICE_OWNER], adoption.SET)
_may(PARTNER_ROLES, adoption.PORTAL)
_may([Role.PARTNER_EXECUTIVE, Role.PARTNER_IT_LEAD], adoption.ASK)
# Service levels: the whole office reads them, those who own services say what is promised, those who answer for them close months.
_may(OFFICE_ROLES, levels.READ)
_may([Role.ADMINISTRATOR, Role.CCO, Role.SERVICE_OWNER], levels.SET)
_may([Role.ADMINISTRATOR, Role.CIO, Role.CCO], levels.CLOSE)
_may(PARTNER_ROLES, levels.PORTAL)

# What partners work with and what it stands on: read by the office, kept by some; both sides confirm and correct.
_may(OFFICE_ROLES, applications.READ)
_may([Role.ADMINISTRATOR, Role.CIO, Role.CCO, Role.SERVICE_OWNER], applications.EDIT)
_may([*OFFICE_ROLES, Role.PARTNER_EXECUTIVE, Role.PARTNER_IT_LEAD], applications.CORRECT)
_may(PARTNER_ROLES, applications.PORTAL)

# Outages: the whole office reads them, those who answer for services and partners record them; partners read their own.
_may(OFFICE_ROLES, outages.READ)
_may([Role.ADMINISTRATOR, Role.CIO, Role.CCO, Role.RELATIONSHIP_MANAGER, Role.SERVICE_OWNER], outages.RECORD)
_may(PARTNER_ROLES, outages.PORTAL)

# Requests: the whole office reads them, those who answer for services work on them and write their forms. Everybody at a
# partner asks; those who answer for its money approve.
_may(OFFICE_ROLES, requests.READ)
_may([Role.ADMINISTRATOR, Role.CCO, Role.RELATIONSHIP_MANAGER, Role.SERVICE_OWNER], requests.WORK)
_may([Role.ADMINISTRATOR, Role.CCO, Role.SERVICE_OWNER], requests.BUILD)
_may(PARTNER_ROLES, requests.PORTAL)
_may([Role.PARTNER_EXECUTIVE, Role.PARTNER_FINANCE], requests.APPROVE)

# Mail to partners' own addresses: the whole office reads it; those who keep the relations say where the rest belongs.
_may(OFFICE_ROLES, inbox.READ)
_may([Role.ADMINISTRATOR, Role.CCO, Role.RELATIONSHIP_MANAGER], inbox.FILE)

# The charter of the chief customer officer: written by whoever has the role, endorsed by the CIO, read by everybody.
_may(OFFICE_ROLES, charter.READ)
_may([Role.CCO], charter.WRITE)
_may([Role.CIO], charter.ENDORSE)
_may(PARTNER_ROLES, charter.PORTAL)

# ServiceNow: whoever runs the installation connects it.
_may([Role.ADMINISTRATOR], itsm.CONNECT)

# Councils: the whole office reads them; those who keep the relations run them. The CIO decides, and says why where that is not
# what a council voted.
_may(OFFICE_ROLES, councils.READ)
_may([Role.ADMINISTRATOR, Role.CCO, Role.RELATIONSHIP_MANAGER], councils.RUN)
_may([Role.CIO, Role.CCO], councils.DECIDE)
_may(PARTNER_ROLES, councils.PORTAL)

# Costs and rates: the whole office reads them, those who know the money keep them, and somebody else approves each rate.
_may(OFFICE_ROLES, rates.READ)
_may([Role.ADMINISTRATOR, Role.FINANCE_ANALYST], rates.EDIT)
_may([Role.ADMINISTRATOR, Role.CIO, Role.CCO, Role.FINANCE_ANALYST], rates.APPROVE)
_may(PARTNER_ROLES, rates.PORTAL)

# Usage: the whole office sees what came in, and those who know the money bring it and mend it; partners read it under a bill.
_may(OFFICE_ROLES, usage.READ)
_may([Role.ADMINISTRATOR, Role.FINANCE_ANALYST], usage.LOAD)

# Bills: the whole office reads them; the administrator and the finance analyst make them. Those who answer for the office
# approve, too: never what they ran themselves.
_may(OFFICE_ROLES, billing.READ)
_may([Role.ADMINISTRATOR, Role.FINANCE_ANALYST], billing.RUN, billing.ISSUE)
_may([Role.ADMINISTRATOR, Role.CIO, Role.CCO, Role.FINANCE_ANALYST], billing.APPROVE)
_may([Role.ADMINISTRATOR, Role.CCO, Role.SERVICE_OWNER, Role.FINANCE_ANALYST], billing.DECIDE)
_may(PARTNER_ROLES, billing.PORTAL)
_may([Role.PARTNER_EXECUTIVE, Role.PARTNER_IT_LEAD, Role.PARTNER_FINANCE], billing.OWN)

# Those who keep a list bring lists in (each list asks in turn for its own capability), and so have a page that leads there.
LIST_KEEPERS = [
    Role.ADMINISTRATOR,
    Role.CCO,
    Role.RELATIONSHIP_MANAGER,
    Role.SERVICE_OWNER,
    Role.FINANCE_ANALYST,
]
_may(LIST_KEEPERS, imports.IMPORT)
# The page that leads to what is done rarely: those whom it leads anywhere (a test holds it to the page).
_may(LIST_KEEPERS, site.MANAGE)
