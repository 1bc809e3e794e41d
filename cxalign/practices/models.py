"""What was done elsewhere, told so that somebody else can think about it: recorded, not recommended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from brands import codes
from brands.fields import CodeSetField, PartialDateField
from brands.models import Brand, Fact, FactQuerySet, Sector, Source, TextColumn, fold, one_of, validate_plain_text
from scoring.models import may_read_drafts

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from cxalign.accounts.models import User

PUBLISH = "practices.publish_practice"
SUMMARY_WORDS = 30

FAMILIES: list[tuple[str, Any]] = [choice for choice in codes.Family.choices if choice[0] != codes.Family.F99]
"""The eleven of the founding article: a practice without a family is no practice yet."""


class Category(models.TextChoices):
    """What a practice, or an action of a plan, is mainly about."""

    SAFETY = "safety", _("safety")
    CARE = "care", _("care")
    ASSISTANCE = "assistance", _("assistance")
    INFORMATION = "information", _("information")
    CONTINUITY = "continuity", _("continuity")
    SOLIDARITY = "economic_solidarity", _("economic solidarity")
    GOVERNANCE = "governance", _("governance")


CATEGORY_OF_ACT: dict[str, Category] = {
    codes.Category.SAFETY: Category.SAFETY,
    codes.Category.CARE: Category.CARE,
    codes.Category.ASSISTANCE: Category.ASSISTANCE,
    codes.Category.INFORMATION: Category.INFORMATION,
    codes.Category.CONTINUITY: Category.CONTINUITY,
    codes.Category.ACCESS: Category.ASSISTANCE,
    codes.Category.FINANCIAL_RELIEF: Category.SOLIDARITY,
    codes.Category.SOLIDARITY: Category.SOLIDARITY,
    codes.Category.WORK_CONDITIONS: Category.CARE,
    codes.Category.GOVERNANCE: Category.GOVERNANCE,
    codes.Category.NEW_OFFER: Category.CONTINUITY,
}
"""Acts are coded with a finer list: where each of its categories stands in this one."""


class EvidenceLevel(models.TextChoices):
    """What we know beyond somebody's account of it."""

    REPORTED = "reported", _("reported: somebody tells of it, nobody has checked it yet")
    CORROBORATED = "corroborated", _("corroborated: a second, independent source confirms that it was done")
    OUTCOME = "outcome_documented", _("outcome documented: a source shows what it led to")


class TimeBand(models.TextChoices):
    DAYS = "days", _("days")
    WEEKS = "weeks", _("weeks")
    MONTHS = "months", _("months")


class EffortBand(models.TextChoices):
    LOW = "low", _("low: existing people and means")
    MEDIUM = "medium", _("medium: a small team, a modest budget")
    HIGH = "high", _("high: several teams or a large budget")


def validate_short_summary(value: str) -> None:
    if len(value.split()) > SUMMARY_WORDS:
        raise ValidationError(
            _("Write %(limit)d words at most: these are %(count)d."),
            code="too_many_words",
            params={"limit": SUMMARY_WORDS, "count": len(value.split())},
        )


class PracticeQuerySet(FactQuerySet):
    def published(self) -> PracticeQuerySet:
        return self.filter(is_published=True, withdrawn_at__isnull=True)

    def visible_to(self, user: User | AnonymousUser | None) -> PracticeQuerySet:
        """Published ones; drafts too for those who work on them. Every face starts here."""
        return self.in_use() if may_read_drafts(user) else self.published()  # type: ignore[return-value]


class Practice(Fact):
    """One practice: what was done somewhere, as far as it is known."""

    title_en = models.CharField(
        _("title in English"),
        max_length=140,
        blank=True,
        default="",
        validators=[validate_plain_text],
        help_text=_("A verb first: “Open a shop without customers”."),
    )
    title_fr = models.CharField(
        _("title in French"),
        max_length=140,
        blank=True,
        default="",
        validators=[validate_plain_text],
        help_text=_("A verb first: « Ouvrir un magasin sans clients »."),
    )
    summary_en = TextColumn(
        _("summary in English"),
        max_length=400,
        validators=[validate_short_summary],
        help_text=_("What it does, in 30 words at most."),
    )
    summary_fr = TextColumn(_("summary in French"), max_length=400, validators=[validate_short_summary])
    family = models.CharField(_("family"), max_length=3, choices=FAMILIES)
    category = models.CharField(_("category"), max_length=20, choices=Category.choices)
    stakeholders = CodeSetField(_("for whom, as groups"), codes=codes.Stakeholder, blank=False)
    sector = models.ForeignKey(
        Sector, models.PROTECT, null=True, blank=True, related_name="practices", verbose_name=_("sector")
    )
    country = models.CharField(
        _("country"),
        max_length=2,
        blank=True,
        validators=[RegexValidator(r"^[A-Z]{2}$", _("Two capital letters, such as FR."))],
        help_text=_("Two letters, ISO 3166-1; ZZ for several countries."),
    )
    problem_en = TextColumn(_("problem in English"), max_length=400, help_text=_("“How might we…?”"))
    problem_fr = TextColumn(_("problem in French"), max_length=400, help_text=_("« Comment pourrions-nous… ? »"))
    done_en = TextColumn(_("what was done, in English"), max_length=2000)
    done_fr = TextColumn(_("what was done, in French"), max_length=2000)
    for_whom_en = TextColumn(_("for whom, in English"), max_length=600)
    for_whom_fr = TextColumn(_("for whom, in French"), max_length=600)
    with_whom_en = TextColumn(_("with whom, in English"), max_length=600)
    with_whom_fr = TextColumn(_("with whom, in French"), max_length=600)
    time_band = models.CharField(_("time"), max_length=8, choices=TimeBand.choices, blank=True, default="")
    effort_band = models.CharField(_("effort"), max_length=8, choices=EffortBand.choices, blank=True, default="")
    conditions_en = TextColumn(_("conditions for transfer, in English"), max_length=1500)
    conditions_fr = TextColumn(_("conditions for transfer, in French"), max_length=1500)
    pitfalls_en = TextColumn(_("pitfalls, in English"), max_length=1500)
    pitfalls_fr = TextColumn(_("pitfalls, in French"), max_length=1500)
    again_en = TextColumn(_("if it were to be done again, in English"), max_length=1500)
    again_fr = TextColumn(_("if it were to be done again, in French"), max_length=1500)
    outcome_en = TextColumn(_("outcome, in English"), max_length=1500)
    outcome_fr = TextColumn(_("outcome, in French"), max_length=1500)
    outcome_known_en = TextColumn(_("how the outcome is known, in English"), max_length=600)
    outcome_known_fr = TextColumn(_("how the outcome is known, in French"), max_length=600)
    promise_en = TextColumn(_("promise it serves, in English"), max_length=600)
    promise_fr = TextColumn(_("promise it serves, in French"), max_length=600)
    evidence_level = models.CharField(
        _("evidence level"), max_length=20, choices=EvidenceLevel.choices, default=EvidenceLevel.REPORTED
    )
    attributed_to = models.CharField(
        _("told by"), max_length=160, blank=True, default="", validators=[validate_plain_text],
        help_text=_("Who tells of it: author and article, shown on the page as long as it is only reported."),
    )  # fmt: skip
    started = PartialDateField(_("date"), blank=True, default="")
    seen_at = models.ManyToManyField(Brand, blank=True, related_name="practices", verbose_name=_("seen at"))
    sources = models.ManyToManyField(Source, blank=True, related_name="practices", verbose_name=_("sources"))
    is_published = models.BooleanField(
        _("published"),
        default=False,
        help_text=_("Everybody may read it. Only those who publish verdicts may change a published practice."),
    )
    search_text = models.TextField(editable=False, default="", blank=True)

    objects: ClassVar[Any] = PracticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("practice")
        verbose_name_plural = _("practices")
        ordering = ("family", "key")
        permissions = [("publish_practice", _("Can publish practices"))]
        indexes = [models.Index(fields=["family", "key"], name="practice_family_key")]
        constraints = [
            one_of("family", [code for code, _label in FAMILIES], "practice_family_known"),
            one_of("category", Category.values, "practice_category_known"),
            one_of("evidence_level", EvidenceLevel.values, "practice_evidence_known"),
            one_of("time_band", ["", *TimeBand.values], "practice_time_known"),
            one_of("effort_band", ["", *EffortBand.values], "practice_effort_known"),
            models.CheckConstraint(condition=~Q(title_en="") | ~Q(title_fr=""), name="practice_is_named"),
            models.CheckConstraint(condition=~Q(stakeholders=""), name="practice_is_for_somebody"),
            models.CheckConstraint(
                condition=Q(is_published=False)
                | (~Q(title_en="") & ~Q(title_fr="") & ~Q(summary_en="") & ~Q(summary_fr="")),
                name="practice_published_in_both",
            ),
            models.CheckConstraint(
                condition=~Q(evidence_level=EvidenceLevel.OUTCOME) | ~Q(outcome_en="") | ~Q(outcome_fr=""),
                name="practice_outcome_is_told",
            ),
        ]

    def __str__(self) -> str:
        french = (get_language() or "").startswith("fr")
        return (self.title_fr or self.title_en) if french else (self.title_en or self.title_fr)

    def key_text(self) -> str:
        return self.title_en or self.title_fr

    def derive(self) -> None:
        """What is worked out from the rest; imports write many at once, past ``save``."""
        self.search_text = fold("\n".join((self.title_en, self.title_fr, self.summary_en, self.summary_fr)))

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.derive()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "search_text"}
        super().save(*args, **kwargs)

    @property
    def state(self) -> str:
        if self.is_withdrawn:
            return "withdrawn"
        return "published" if self.is_published else "draft"
