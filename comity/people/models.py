"""People who sign in: the office's own and those of its partners."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Aggregate, Count, F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from comity.access import Capability, capabilities_of
from comity.nouns import Trait, all_of
from comity.people.roles import OFFICE_ROLES, Role
from comity.search.sorting import SortKey, named

GRANTED = "granted"  # where `with_roles` puts them


@dataclass(frozen=True)
class PartnerRoles(Trait):
    """The roles a user holds at its partners today."""

    of: Callable[[User], Iterable[str]]


def partner_roles_of(user: User) -> set[str]:
    """The roles a partner's user holds at any of its partners today."""
    return {role for roles in all_of(PartnerRoles) for role in roles.of(user)}


class Joined(Aggregate):
    """Texts joined with commas."""

    function = "GROUP_CONCAT"
    output_field = models.TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        return self.as_sql(compiler, connection, template="STRING_AGG(%(expressions)s, ',')", **more)


class UserQuerySet(models.QuerySet["User"]):
    def active(self) -> UserQuerySet:
        """People who may sign in."""
        return self.filter(is_active=True)

    def office(self) -> UserQuerySet:
        """The office's own people."""
        return self.filter(kind=User.Kind.OFFICE)

    def with_role(self, *roles: Role) -> UserQuerySet:
        """Office people who hold one of these roles."""
        return self.filter(pk__in=RoleGrant.objects.filter(role__in=roles).values("user"))

    def who_can(self, capability: Capability) -> UserQuerySet:
        """Office people who may sign in and of whose roles one holds this capability."""
        able = (role for role in OFFICE_ROLES if capability in capabilities_of([role]))
        return self.active().with_role(*able)

    def named(self, text: str) -> UserQuerySet:
        """Those in whose name or address each of the words stands."""
        return self.filter(named(text, "sort_name", also=["email"])) if text.strip() else self

    def in_state(self, state: str) -> UserQuerySet:
        """Those in one of User.State."""
        if state == User.State.DEACTIVATED:
            return self.filter(is_active=False)
        return self.filter(is_active=True, joined_at__isnull=state == User.State.INVITED)

    def counted_by_state(self) -> dict[str, int]:
        """How many there are in each state; one query."""
        return self.aggregate(
            active=Count("pk", filter=Q(is_active=True, joined_at__isnull=False)),
            invited=Count("pk", filter=Q(is_active=True, joined_at__isnull=True)),
            deactivated=Count("pk", filter=Q(is_active=False)),
        )

    def with_roles(self) -> UserQuerySet:
        """With the granted roles at hand in the same query, as every page needs them."""
        joined = (
            RoleGrant.objects.filter(user=OuterRef("pk"))
            .order_by()
            .values("user")
            .annotate(all=Joined("role"))
        )
        return self.annotate(granted=Subquery(joined.values("all")))

    def visible_to(self, user: User) -> UserQuerySet:
        """The office sees everyone; a partner's user sees the office's people and itself."""
        if user.is_office:
            return self
        return self.filter(Q(kind=User.Kind.OFFICE, is_active=True) | Q(pk=user.pk))


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        if password is not None:
            fields.setdefault("joined_at", timezone.now())
        user = User(email=as_stored(email), **fields)
        user.set_password(password)
        user.save()
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=as_stored(username or ""))


def as_stored(email: str) -> str:
    """An e-mail address as it is kept and compared: without space around it, in lower case."""
    return email.strip().lower()


class User(AbstractBaseUser):
    """Someone with a sign-in. Contact records of a partner's people are `partners.Person`."""

    class Kind(models.TextChoices):
        OFFICE = "office", _("Our office")
        PARTNER = "partner", _("Outside our office")

    class State(models.TextChoices):
        ACTIVE = "active", _("Active")
        INVITED = "invited", _("Invited")
        DEACTIVATED = "deactivated", _("Deactivated")

    email = models.EmailField(_("email"), unique=True)
    name = models.CharField(_("name"), max_length=200)
    sort_name = SortKey()
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.OFFICE)
    title = models.CharField(_("job title"), max_length=200, blank=True)
    phone = models.CharField(_("phone"), max_length=50, blank=True)
    photo = models.ImageField(_("photo"), upload_to="photos", blank=True)
    language = models.CharField(_("language"), max_length=5, default="en")
    time_zone = models.CharField(
        _("time zone"),
        max_length=50,
        blank=True,
        help_text=_("Leave empty to use the office’s."),
    )
    single_keys = models.BooleanField(_("single-key shortcuts"), default=True)  # such as ? and J (WCAG 2.1.4)
    supervisor = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="reports",
        verbose_name=_("supervisor"),
    )
    is_active = models.BooleanField(default=True)
    invited_at = models.DateTimeField(null=True, editable=False)
    joined_at = models.DateTimeField(null=True, editable=False)
    deactivated_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    session_generation = models.PositiveIntegerField(default=0, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager.from_queryset(UserQuerySet)()

    class Meta:
        ordering = ["sort_name", "pk"]
        indexes = [models.Index(fields=["kind", "is_active", "sort_name"])]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_office(self) -> bool:
        return self.kind == self.Kind.OFFICE

    @cached_property
    def roles(self) -> frozenset[str]:
        """The roles held today: granted ones for the office's people, memberships for partners' users."""
        if self.is_office:
            if GRANTED in self.__dict__:
                return frozenset((self.__dict__[GRANTED] or "").split(",")) - {""}
            return frozenset(grant.role for grant in self.grants.all())
        return frozenset(partner_roles_of(self))

    @property
    def role_labels(self) -> list[str]:
        """The roles as people read them, in the order of `Role`."""
        return [str(role.label) for role in Role if role.value in self.roles]

    @cached_property
    def capabilities(self) -> frozenset[Capability]:
        return capabilities_of(self.roles)

    def can(self, capability: Capability) -> bool:
        """Whether one of this person's roles holds the capability."""
        return self.is_active and capability in self.capabilities

    @property
    def is_administrator(self) -> bool:
        return Role.ADMINISTRATOR in self.roles

    def forget_rights(self) -> None:
        """Look roles and capabilities up anew when next asked, because they have changed."""
        for kept in ("roles", "capabilities", GRANTED):
            self.__dict__.pop(kept, None)
        getattr(self, "_prefetched_objects_cache", {}).pop("grants", None)

    @property
    def state(self) -> State:
        if not self.is_active:
            return self.State.DEACTIVATED
        return self.State.ACTIVE if self.has_joined else self.State.INVITED

    @property
    def photo_url(self) -> str:
        """Where the photo is, or "". The address changes with the picture, so that browsers may keep it."""
        if not self.photo:
            return ""
        return f"{reverse('people:photo', args=[self.pk])}?v={PurePosixPath(str(self.photo.name)).stem}"

    @property
    def has_joined(self) -> bool:
        """Whether this person has ever set a password, and so taken up the invitation."""
        return self.joined_at is not None

    def zone(self, default: str) -> ZoneInfo:
        """The time zone this person reads times in; `default` is the office's."""
        return ZoneInfo(self.time_zone or default)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        # A session carries this and ends when it changes: with the password, and with `session_generation`,
        # which ends every session at once, on every machine, whether or not anyone lists them.
        return salted_hmac(
            "comity.people.models.User.get_session_auth_hash",
            f"{self.session_generation}:{self.password}",
            secret=secret,
            algorithm="sha256",
        ).hexdigest()


class RoleGrant(models.Model):
    """One of the office's people holds one role."""

    user = models.ForeignKey(User, models.CASCADE, related_name="grants")
    role = models.CharField(max_length=30, choices=[(role.value, role.label) for role in OFFICE_ROLES])

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "role"], name="role_granted_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> InvitationQuerySet:
        """Those whose link still works."""
        return self.filter(
            used_at=None, withdrawn_at=None, expires_at__gt=timezone.now(), user__is_active=True
        )


class Invitation(models.Model):
    """A link by which someone sets a first password. Only a hash of its token is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="invitations")
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"Invitation for {self.user}"


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def on(self, day: date) -> AbsenceQuerySet:
        """Absences that cover a day."""
        return self.filter(starts_on__lte=day, until_on__gte=day)

    def not_over(self, day: date) -> AbsenceQuerySet:
        """Absences that last until a day or longer, the next one first, with whoever stands in."""
        return self.filter(until_on__gte=day).select_related("stand_in").order_by("starts_on")


class Absence(models.Model):
    """Someone is away from a day until a day (both included); a stand-in looks after what they own."""

    user = models.ForeignKey(User, models.CASCADE, related_name="absences")
    stand_in = models.ForeignKey(User, models.PROTECT, related_name="stands_in_for")
    starts_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"))

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        ordering = ["-until_on"]
        constraints = [
            models.CheckConstraint(
                name="absence_ends_after_it_starts",
                condition=Q(until_on__gte=F("starts_on")),
            ),
            models.CheckConstraint(name="absence_has_another_stand_in", condition=~Q(user=F("stand_in"))),
        ]

    def __str__(self) -> str:
        return f"{self.user} away until {self.until_on}"


class AttemptCount(models.Model):
    """How often something guessable was tried of late, by whom (hashed). See `throttle`."""

    key = models.CharField(max_length=64, unique=True)
    count = models.PositiveIntegerField(default=0)
    counted_from = models.DateTimeField()
    forget_after = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.count} since {self.counted_from:%H:%M}"


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, user: User) -> SavedViewQuerySet:
        """One's own, and those colleagues of the same side share."""
        return self.filter(
            Q(owner=user) | Q(shared=True, owner__kind=User.Kind.OFFICE, owner__is_active=True)
            if user.is_office
            else Q(owner=user)
        )


class SavedView(models.Model):
    """A list's filters and order under a name."""

    owner = models.ForeignKey(User, models.CASCADE, related_name="saved_views")
    list_name = models.CharField(max_length=60)
    name = models.CharField(_("name"), max_length=100)
    query = models.TextField()
    shared = models.BooleanField(_("share with colleagues"), default=False)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "list_name", "name"], name="saved_view_named_once")
        ]

    def __str__(self) -> str:
        return self.name
