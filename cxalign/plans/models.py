"""Response plans: what a team has under way or imagines, sorted, questioned, judged and placed in time.

A plan is private to its team. Nothing of it stands in the trail, which the desk reads: a plan has a log of its own.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brands import codes
from brands.fields import CodeSetField
from brands.models import Brand, Crisis, TextColumn, one_of, validate_plain_text
from cxalign.accounts.models.teamwork import TeamPrivate, TeamPrivateQuerySet
from cxalign.practices.models import Category, Practice

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from cxalign.accounts.models import User

NOW_DAYS = 30
"""Do Now is from the first day of the plan to this one: the article defines it."""
SUGGESTED_NEXT = 90
LONGEST = 3650
SCORES = (1, 2, 3, 4, 5)
GAPS = (-2, -1, 0, 1, 2)


class Horizon(models.TextChoices):
    """Where a card lies on the board; the empty one means that nobody has placed it yet."""

    NOW = "now", "Do Now"
    NEXT = "next", "Do Next"
    LATER = "later", "Do Later"
    ASIDE = "aside", _("Set aside")
    DONE = "done", _("Done")


ACTIVE = (Horizon.NOW, Horizon.NEXT, Horizon.LATER)


class Standing(models.TextChoices):
    IMAGINED = "imagined", _("imagined")
    UNDER_WAY = "under_way", _("under way")


class Origin(models.TextChoices):
    OWN = "own", _("our own")
    PRACTICE = "practice", _("from a practice")
    PEER = "peer", _("seen at a peer")


class Basis(models.TextChoices):
    """How a need is known."""

    SOURCE = "source", _("a source")
    ASSUMPTION = "assumption", _("an assumption")


class Line(models.CharField):
    """A short text on one line, typed by a person."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_length": 200, "blank": True, "default": "", **kwargs})
        if validate_plain_text not in self.validators:
            self.validators = [*self.validators, validate_plain_text]


def between(field: str, low: int, high: int, name: str) -> models.CheckConstraint:
    inside = Q(**{f"{field}__gte": low, f"{field}__lte": high})
    return models.CheckConstraint(condition=Q(**{f"{field}__isnull": True}) | inside, name=name)


class PlanQuerySet(TeamPrivateQuerySet):
    def visible_to(self, user: User | AnonymousUser | None) -> PlanQuerySet:
        """The plans of this person's teams that nobody has deleted. Every screen and the API start here."""
        return super().visible_to(user).filter(deleted_at__isnull=True)  # type: ignore[return-value]

    def deleted_from(self, user: User | AnonymousUser | None) -> PlanQuerySet:
        """Those that were deleted, for whoever could still see them: to bring one back."""
        return super().visible_to(user).filter(deleted_at__isnull=False)  # type: ignore[return-value]


class Plan(TeamPrivate):
    """The response of one organisation, worked out by one team."""

    title = Line(_("title"), max_length=140, blank=False)
    brand = models.ForeignKey(Brand, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("brand"))
    crisis = models.ForeignKey(
        Crisis, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("crisis")
    )
    mission = TextColumn(_("mission"), max_length=600, help_text=_("In the organisation’s own words."))
    starts_on = models.DateField(_("starts on"), default=timezone.localdate)
    next_until = models.PositiveSmallIntegerField(
        _("Do Next ends on day"),
        default=SUGGESTED_NEXT,
        validators=[MinValueValidator(NOW_DAYS + 1), MaxValueValidator(LONGEST)],
    )
    later_until = models.PositiveSmallIntegerField(
        _("Do Later ends on day"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(LONGEST)],
        help_text=_("Left empty, it has no end."),
    )
    review_on = models.DateField(_("next review"), null=True, blank=True)
    revision = models.PositiveIntegerField(default=1, editable=False)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar[Any] = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        ordering = ("-created_at", "-id")
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="plan_is_named"),
            models.CheckConstraint(condition=Q(team__isnull=False), name="plan_has_team"),
            models.CheckConstraint(condition=Q(next_until__gt=NOW_DAYS), name="plan_next_after_now"),
            models.CheckConstraint(
                condition=Q(later_until__isnull=True) | Q(later_until__gt=F("next_until")),
                name="plan_later_after_next",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def known_brand(self) -> Brand | None:
        """Its brand, if the reader whom the gate let in may know of it."""
        return self.brand if getattr(self, "brand_is_known", False) else None


class Scenario(models.Model):
    """One way in which things may go on. The retained ones are what actions are held against."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="scenarios")
    text = Line(_("scenario"), blank=False)
    retained = models.BooleanField(_("retained"), default=True)
    position = models.PositiveSmallIntegerField(default=0)
    revision = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("scenario")
        verbose_name_plural = _("scenarios")
        ordering = ("position", "id")
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="scenario_says_something")]

    def __str__(self) -> str:
        return self.text


class OwnPromise(models.Model):
    """A promise that the team writes down itself, where no published scorecard holds it."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="own_promises")
    text = Line(_("promise"), max_length=400, blank=False)
    stakeholders = CodeSetField(_("made to"), codes=codes.Stakeholder, blank=False)

    class Meta:
        verbose_name = _("promise of a plan")
        verbose_name_plural = _("promises of a plan")
        ordering = ("id",)
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="own_promise_says_something"),
            models.CheckConstraint(condition=~Q(stakeholders=""), name="own_promise_is_to_somebody"),
        ]

    def __str__(self) -> str:
        return self.text


class InUseQuerySet(models.QuerySet[Any]):
    def in_use(self) -> InUseQuerySet:
        """What nobody has deleted."""
        return self.filter(deleted_at__isnull=True)


class Problem(models.Model):
    """What one action, or several together, are an answer to."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="problems")
    what = TextColumn(_("what problem"), max_length=600, blank=False)
    whom = Line(_("for whom"), max_length=300)
    basis = models.CharField(_("how do we know"), max_length=12, choices=Basis.choices, default=Basis.ASSUMPTION)
    evidence = TextColumn(_("evidence of the need"), max_length=600)
    address = models.URLField(_("address of the source"), max_length=1000, blank=True, default="")
    question = TextColumn(_("how might we"), max_length=400)
    revision = models.PositiveIntegerField(default=1, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar[Any] = InUseQuerySet.as_manager()

    class Meta:
        verbose_name = _("problem")
        verbose_name_plural = _("problems")
        ordering = ("id",)
        constraints = [
            models.CheckConstraint(condition=~Q(what=""), name="problem_says_something"),
            one_of("basis", Basis.values, "problem_basis_known"),
            models.CheckConstraint(
                condition=~Q(basis=Basis.SOURCE) | ~Q(evidence="") | ~Q(address=""), name="problem_source_is_named"
            ),
        ]

    def __str__(self) -> str:
        return self.question or self.what


class Item(models.Model):
    """One action of a plan: a line of the inventory, later a card on the board."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="items")
    title = Line(_("title"), blank=False)
    description = TextColumn(_("description"), max_length=2000)
    stakeholders = CodeSetField(_("stakeholders"), codes=codes.Stakeholder)
    standing = models.CharField(_("state"), max_length=10, choices=Standing.choices, default=Standing.IMAGINED)
    origin = models.CharField(_("origin"), max_length=8, choices=Origin.choices, default=Origin.OWN)
    category = models.CharField(_("category"), max_length=20, choices=Category.choices, blank=True, default="")
    problem = models.ForeignKey(
        Problem, models.SET_NULL, null=True, blank=True, related_name="items", verbose_name=_("problem")
    )
    promise_ref = models.CharField(_("promise it touches"), max_length=200, blank=True, default="")
    """The key of a published promise, or ``own-7`` for one that the team wrote down."""
    expected_gap = models.SmallIntegerField(_("expected gap"), null=True, blank=True)
    mission_fit = models.PositiveSmallIntegerField(_("mission fit"), null=True, blank=True)
    need = models.PositiveSmallIntegerField(_("attested need"), null=True, blank=True)
    feasibility = models.PositiveSmallIntegerField(_("feasibility"), null=True, blank=True)
    fits = models.ManyToManyField(
        Scenario, blank=True, related_name="items", verbose_name=_("scenarios in which it makes sense")
    )
    fits_none = models.BooleanField(_("makes sense in none of the scenarios"), default=False)
    horizon = models.CharField(_("column"), max_length=8, choices=Horizon.choices, blank=True, default="")
    aside_reason = TextColumn(_("reason for setting it aside"), max_length=600)
    owner = Line(_("owner"), max_length=80)
    due_on = models.DateField(_("date"), null=True, blank=True)
    waits_for = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="awaited_by", verbose_name=_("waits for")
    )
    dependencies = Line(_("depends on"), max_length=300)
    """What it depends on beside the cards of the plan."""
    proof = Line(_("proof to collect"), max_length=300)
    practice = models.ForeignKey(
        Practice, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("practice it comes from")
    )
    recheck = models.BooleanField(_("to re-check"), default=False)
    """A scenario has changed since somebody judged it."""
    revision = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar[Any] = InUseQuerySet.as_manager()

    class Meta:
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        ordering = ("id",)
        indexes = [models.Index(fields=["plan", "horizon"], name="item_plan_horizon")]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="item_is_named"),
            one_of("standing", Standing.values, "item_standing_known"),
            one_of("origin", Origin.values, "item_origin_known"),
            one_of("category", ["", *Category.values], "item_category_known"),
            one_of("horizon", ["", *Horizon.values], "item_horizon_known"),
            between("mission_fit", 1, 5, "item_mission_fit_1_to_5"),
            between("need", 1, 5, "item_need_1_to_5"),
            between("feasibility", 1, 5, "item_feasibility_1_to_5"),
            between("expected_gap", -2, 2, "item_gap_known"),
            models.CheckConstraint(
                condition=Q(expected_gap__isnull=True) | ~Q(promise_ref=""), name="item_gap_is_to_a_promise"
            ),
            models.CheckConstraint(
                condition=~Q(horizon=Horizon.ASIDE) | ~Q(aside_reason=""), name="item_aside_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ActivityKind(models.TextChoices):
    PLAN_MADE = "plan.made", _("made the plan")
    PLAN_CHANGED = "plan.changed", _("changed the plan")
    PLAN_REVIEWED = "plan.reviewed", _("reviewed the plan")
    PLAN_DELETED = "plan.deleted", _("deleted the plan")
    SCENARIOS_CHANGED = "plan.scenarios", _("changed the scenarios: actions are to be re-checked")
    PROMISES_CHANGED = "plan.promises", _("changed the promises of the plan")
    ITEM_ADDED = "item.added", _("added to the inventory")
    ITEM_CHANGED = "item.changed", _("changed the card")
    ITEM_MOVED = "item.moved", _("moved the card")
    ITEM_ASIDE = "item.aside", _("set the card aside")
    ITEM_DELETED = "item.deleted", _("deleted the card")
    UNDONE = "item.undone", _("undid the last change of")
    PROBLEM_SAVED = "problem.saved", _("stated a problem")
    PROBLEM_DELETED = "problem.deleted", _("deleted a problem")
    SHARED = "plan.shared", _("shared the plan by a link")
    UNSHARED = "plan.unshared", _("revoked a link")
    EXPORTED = "plan.exported", _("exported the plan")


class Activity(models.Model):
    """One line of a plan's log: who did what when, and what it was before."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="activities")
    item = models.ForeignKey(Item, models.CASCADE, null=True, blank=True, related_name="activities")
    problem = models.ForeignKey(Problem, models.CASCADE, null=True, blank=True, related_name="activities")
    kind = models.CharField(max_length=20, choices=ActivityKind.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)
    changes = models.JSONField(default=dict, blank=True)
    """Field → before and after."""
    revision = models.PositiveIntegerField(default=0)
    """The revision that the card or problem had afterwards: undoing is for as long as nobody changed it since."""

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering = ("-id",)
        indexes = [models.Index(fields=["plan", "-id"], name="activity_plan")]
        constraints = [one_of("kind", ActivityKind.values, "activity_kind_known")]

    def __str__(self) -> str:
        return f"{self.kind} {self.plan_id}"

    @property
    def subject(self) -> Item | Problem | None:
        """The card or the problem that the line is about."""
        return self.item or self.problem


def new_token() -> str:
    """What makes an address unguessable: 192 bits."""
    return secrets.token_urlsafe(24)


class ShareQuerySet(models.QuerySet["Share"]):
    def open(self) -> ShareQuerySet:
        now = timezone.now()
        return self.filter(revoked_at__isnull=True, expires_at__gt=now, plan__deleted_at__isnull=True)


class Share(models.Model):
    """An address under which somebody without an account reads one plan, until it ends."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="shares")
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    label = Line(_("for whom"), max_length=80, help_text=_("Only your team sees it."))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(_("ends"))
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = ShareQuerySet.as_manager()

    class Meta:
        verbose_name = _("shared link")
        verbose_name_plural = _("shared links")
        ordering = ("-created_at", "-id")
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="share_ends_later"),
            models.CheckConstraint(condition=~Q(token=""), name="share_has_token"),
        ]

    def __str__(self) -> str:
        return f"{self.plan} – {self.label}"

    @property
    def state(self) -> str:
        if self.revoked_at:
            return "revoked"
        return "open" if self.expires_at > timezone.now() else "ended"
