"""The nouns of this room: request forms, requests, and from which cost on a partner approves."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from comity.editing.final import Final
from comity.files.services import Owner
from comity.followups.kinds import Kind, all_said
from comity.jobs import Recurring
from comity.notifications.kinds import NoticeKind
from comity.nouns import Area, Noun, Place
from comity.partners.samples import Sample
from comity.requests import samples, services
from comity.requests.capabilities import PORTAL, READ
from comity.requests.forms import OUR_PERSON
from comity.requests.models import Form, ServiceRequest, Threshold

NOUNS = (
    Noun(
        Form,
        plural=_("Request forms"),
        office_only=True,
        actions={
            services.WRITE: _("wrote a request form"),
            services.PUBLISH: _("put a form in force"),
            services.DISCARD: _("discarded the draft of a form"),
        },
        traits=[Final(Form, "published", "OLD.published_at IS NOT NULL", "A form in force cannot change.")],
    ),
    Noun(
        ServiceRequest,
        plural=_("Requests"),
        page="requests:request",
        actions={
            services.ASK: _("asked for something"),
            services.BEGIN: _("let a request begin"),
            services.BACK: _("sent a request back"),
            services.WITHDRAW: _("withdrew a request"),
            services.STEP: _("took a request a step on"),
            services.DECLINE: _("declined a request"),
            services.ANSWER: _("said whether it came as promised"),
        },
        places=[
            Place(Area.SERVICES, _("Requests"), "requests:list", READ, order=3),
            Place(Area.SERVICES, _("Requests"), "requests:portal", PORTAL, order=2),
        ],
        traits=[
            OUR_PERSON,
            Owner("requests.ServiceRequest", may_add=lambda _user, _pk: False),
            Kind(services.NOT_AS_PROMISED, _("A request"), ServiceRequest, problem=all_said),
            Recurring(
                services.TELL_ENDED,
                services.tell_ended_elsewhere,
                minutes=15,
                when=lambda: services.ended_elsewhere().exists(),
                label=_("Tell of requests that ended in the ITSM tool"),
            ),
            NoticeKind(services.TO_APPROVE, _("A request waits for my approval"), addressed=True),
            NoticeKind(services.TOLD, _("News of a request"), addressed=True),
            *(Sample(days, make) for days, make in samples.STORY),
        ],
    ),
    Noun(Threshold, plural=_("Approval thresholds"), actions=services.THRESHOLDS.actions),
)
