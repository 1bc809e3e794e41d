"""Double coding: rounds, the coders' seats, what each of them chose, what was settled, and the measured agreement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from brands.models import Action, AppendOnlyError, BrandProfile, Crisis, Promise, TextColumn
from scoring.engine.dossier import MeasuredCode
from scoring.models.cases import Assessment

if TYPE_CHECKING:
    from brands.models import Brand

SEATS = (1, 2)
SHORTEST_RATIONALE = 20


class WrittenOnceQuerySet(models.QuerySet):
    def update(self, **kwargs: Any) -> int:
        raise AppendOnlyError("this is written once")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise AppendOnlyError("this is written once")


class WrittenOnce(models.Model):
    """A line that is added and never changed; the database refuses as well."""

    objects: ClassVar[Any] = WrittenOnceQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError("this is written once")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise AppendOnlyError("this is written once")


class CodingRound(models.Model):
    """Two people code the same items, each without sight of the other."""

    crisis = models.ForeignKey(Crisis, models.PROTECT, related_name="coding_rounds", verbose_name=_("crisis"))
    name = models.CharField(_("name"), max_length=120)
    origin = models.SlugField(_("origin"), max_length=80, blank=True, default="")
    """Where a round came from that was not coded here, such as ``catalogue``; empty for our own."""
    seed = models.PositiveIntegerField(_("seed"), default=0)
    """What the order of the items is drawn from, with the seat, so that it differs for each coder and stays."""
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("opened by")
    )
    opened_at = models.DateTimeField(_("opened at"), auto_now_add=True)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_reason = TextColumn(_("why it was closed"), max_length=600)

    class Meta:
        verbose_name = _("coding round")
        verbose_name_plural = _("coding rounds")
        ordering = ("-opened_at", "-id")
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="coding_round_is_named"),
            models.UniqueConstraint(
                fields=["crisis", "origin"], condition=~Q(origin=""), name="coding_round_origin_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CoderSeat(models.Model):
    """One of the two places of a round: a person, or the pseudonym under which a coding came to us.

    A pseudonym is a name and no account, so nobody can sign in as one.
    """

    round = models.ForeignKey(CodingRound, models.CASCADE, related_name="seats", verbose_name=_("round"))
    number = models.PositiveSmallIntegerField(_("seat"))
    coder = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="coder_seats",
        verbose_name=_("coder"),
    )
    pseudonym = models.CharField(_("pseudonym"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("seat of a coder")
        verbose_name_plural = _("seats of coders")
        ordering = ("round", "number")
        constraints = [
            models.CheckConstraint(condition=Q(number__in=SEATS), name="coder_seat_number_known"),
            models.UniqueConstraint(fields=["round", "number"], name="coder_seat_once"),
            models.UniqueConstraint(fields=["round", "coder"], name="coder_has_one_seat"),
            models.CheckConstraint(
                condition=Q(coder__isnull=False, pseudonym="") | (Q(coder__isnull=True) & ~Q(pseudonym="")),
                name="coder_seat_person_or_pseudonym",
            ),
        ]

    def __str__(self) -> str:
        return str(self.coder) if self.coder else _("Coder %(n)s") % {"n": self.pseudonym}


class ItemState(models.TextChoices):
    CODING = "coding", _("being coded")
    CONVERGING = "converging", _("one step apart: the coders compare")
    ADJUDICATION = "adjudication", _("to adjudicate")
    SETTLED = "settled", _("settled")
    LAPSED = "lapsed", _("edited since, to be coded in a new round")
    CLOSED = "closed", _("closed without result")


LIVE = (ItemState.CODING, ItemState.CONVERGING, ItemState.ADJUDICATION)
"""States in which somebody still has to do something."""
SUBJECTS = ("action", "promise", "profile")


def _of_the_same_record() -> Q:
    """For a query within one of items."""
    same = Q()
    for subject in SUBJECTS:
        same |= Q(**{subject: OuterRef(subject)})
    return same


class CodingItemQuerySet(models.QuerySet["CodingItem"]):
    def live(self) -> CodingItemQuerySet:
        return self.filter(state__in=LIVE)

    def with_subject(self) -> CodingItemQuerySet:
        return self.select_related(
            "round__crisis", "case__brand", "case__crisis", "action__brand", "promise__brand", "profile__brand"
        )

    def to_code_again(self) -> CodingItemQuerySet:
        """What was edited after two people had coded it, and is in no round now."""
        in_use = Q(action__withdrawn_at=None, promise__withdrawn_at=None)
        busy = Exists(CodingItem.objects.live().filter(_of_the_same_record()))
        return self.filter(in_use, state=ItemState.LAPSED).exclude(busy).not_superseded()

    def not_superseded(self) -> CodingItemQuerySet:
        """Without those whose record a later round of our own has settled: from then on its result counts, theirs not.

        A catalogue that is loaded afterwards supersedes nothing: it is older than what was coded here.
        """
        later = CodingItem.objects.filter(_of_the_same_record(), pk__gt=OuterRef("pk"), round__origin="")
        return self.exclude(Exists(later.filter(steps__kind__in=(StepKind.AGREED, StepKind.ADJUDICATED))))


class CodingItem(models.Model):
    """One record that two people code: an action with its sources and proofs, a promise, or a profile."""

    round = models.ForeignKey(CodingRound, models.CASCADE, related_name="items", verbose_name=_("round"))
    case = models.ForeignKey(Assessment, models.PROTECT, related_name="coding_items", verbose_name=_("case"))
    action = models.ForeignKey(Action, models.PROTECT, null=True, blank=True, related_name="coding_items")
    promise = models.ForeignKey(Promise, models.PROTECT, null=True, blank=True, related_name="coding_items")
    profile = models.ForeignKey(BrandProfile, models.PROTECT, null=True, blank=True, related_name="coding_items")
    state = models.CharField(_("state"), max_length=12, choices=ItemState.choices, default=ItemState.CODING)
    text_digest = models.CharField(max_length=64)
    """Of what the coders read: texts, dates, sources."""
    codes_digest = models.CharField(max_length=64, blank=True, default="")
    """Of the codes on file once it was settled; a later hand shows as a difference."""
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("settled by")
    )
    settled_as = models.CharField(_("settled as"), max_length=12, blank=True, default="")
    """``agreed`` or ``adjudicated``."""
    changed_at = models.DateTimeField(_("changed at"), auto_now=True)

    objects = CodingItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("item to code")
        verbose_name_plural = _("items to code")
        ordering = ("round", "id")
        indexes = [models.Index(fields=["case", "state"], name="coding_item_case_state")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ItemState.values), name="coding_item_state_known"),
            models.CheckConstraint(
                condition=Q(action__isnull=False, promise__isnull=True, profile__isnull=True)
                | Q(action__isnull=True, promise__isnull=False, profile__isnull=True)
                | Q(action__isnull=True, promise__isnull=True, profile__isnull=False),
                name="coding_item_has_one_subject",
            ),
            *(
                models.UniqueConstraint(
                    fields=[subject], condition=Q(state__in=LIVE), name=f"coding_item_{subject}_live_once"
                )
                for subject in SUBJECTS
            ),
            *(
                models.UniqueConstraint(fields=["round", subject], name=f"coding_item_{subject}_once_a_round")
                for subject in SUBJECTS
            ),
        ]

    def __str__(self) -> str:
        """What the record says, in the reader's language where it is written in it."""
        subject = self.subject
        french = getattr(subject, "statement_fr", "") if (get_language() or "").startswith("fr") else ""
        return str(getattr(subject, "quote", "") or french or subject)

    @property
    def kind(self) -> str:
        return next(name for name in SUBJECTS if getattr(self, f"{name}_id"))

    @property
    def subject(self) -> Any:
        return getattr(self, self.kind)

    @property
    def brand(self) -> Brand:
        return self.case.brand

    @property
    def is_live(self) -> bool:
        return self.state in LIVE


class ItemCoding(models.Model):
    """What one coder chose for one item. A draft until it is handed in."""

    item = models.ForeignKey(CodingItem, models.CASCADE, related_name="codings", verbose_name=_("item"))
    seat = models.ForeignKey(CoderSeat, models.PROTECT, related_name="codings", verbose_name=_("seat"))
    codes = models.JSONField(_("codes"), default=dict, blank=True)
    """Name of a code → what was chosen; see ``scoring.coding.sheets``."""
    blind_codes = models.JSONField(_("codes as first handed in"), null=True, blank=True)
    """Chosen without sight of the other coder: agreement is measured on these alone."""
    rationale = TextColumn(_("rationale"), max_length=3000)
    submitted_at = models.DateTimeField(_("handed in"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("compared"), null=True, blank=True)
    """When the coder, having seen the other's rationale, said what their codes are now."""
    revision = models.PositiveIntegerField(_("revision"), default=0)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        verbose_name = _("coding of an item")
        verbose_name_plural = _("codings of items")
        ordering = ("item", "seat")
        constraints = [
            models.UniqueConstraint(fields=["item", "seat"], name="item_coded_once_a_seat"),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True) | Q(blind_codes__isnull=False), name="handed_in_with_codes"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} – {self.seat}"


class StepKind(models.TextChoices):
    HANDED_IN = "handed_in", _("handed in")
    COMPARED = "compared", _("compared")
    AGREED = "agreed", _("agreed")
    ADJUDICATED = "adjudicated", _("adjudicated")
    REOPENED = "reopened", _("reopened")
    LAPSED = "lapsed", _("lapsed")
    CLOSED = "closed", _("closed")


class CodingStep(WrittenOnce):
    """One line of the log of an item: who did what, from which codes to which."""

    item = models.ForeignKey(CodingItem, models.PROTECT, related_name="steps", verbose_name=_("item"))
    kind = models.CharField(_("what"), max_length=12, choices=StepKind.choices)
    seat = models.ForeignKey(CoderSeat, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("seat"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    changes = models.JSONField(_("changes"), default=dict, blank=True)
    """Name of a code → before and after."""
    note = TextColumn(_("note"), max_length=3000)
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("step of a coding")
        verbose_name_plural = _("steps of codings")
        ordering = ("item", "id")
        constraints = [models.CheckConstraint(condition=Q(kind__in=StepKind.values), name="coding_step_kind_known")]

    def __str__(self) -> str:
        return f"{self.item} – {self.kind}"


class CodeDecision(WrittenOnce):
    """What an adjudicator decided on one code, and why."""

    item = models.ForeignKey(CodingItem, models.PROTECT, related_name="decisions", verbose_name=_("item"))
    code = models.CharField(_("code"), max_length=200)
    value = models.CharField(_("decided"), max_length=300, blank=True)
    reason = TextColumn(_("reason"), max_length=1000)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("decision on a code")
        verbose_name_plural = _("decisions on codes")
        ordering = ("item", "id")
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="code_decision_has_reason")]

    def __str__(self) -> str:
        return f"{self.item} – {self.code}"


class MeasurementQuerySet(WrittenOnceQuerySet):
    def in_force(self) -> Measurement | None:
        """The measurement adopted last."""
        latest: Any = self.order_by("-id").first()
        return latest


class Measurement(WrittenOnce):
    """Agreement between coders as an editor adopted it: from then on it sets the noise of what one coder read alone."""

    scope = models.CharField(_("measured on"), max_length=200)
    figures = models.JSONField(_("figures"))
    """Code → n, percent, alpha, low, high. Codes with too few pairs are not in it."""
    reason = TextColumn(_("reason"), max_length=1000)
    adopted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("adopted by")
    )
    adopted_at = models.DateTimeField(_("adopted at"), auto_now_add=True)

    objects: ClassVar[Any] = MeasurementQuerySet.as_manager()

    class Meta:
        verbose_name = _("measurement of agreement")
        verbose_name_plural = _("measurements of agreement")
        ordering = ("-id",)
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="measurement_has_reason")]

    def __str__(self) -> str:
        return f"{self.scope} – {self.adopted_at:%Y-%m-%d}"

    @property
    def reliability(self) -> tuple[tuple[MeasuredCode, float], ...]:
        """What of it enters a dossier: alpha of each code that the method knows a noise for."""
        return tuple((code, self.figures[code]["alpha"]) for code in MeasuredCode if code in self.figures)
