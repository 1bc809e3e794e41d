"""The facts: brands, what they promised, what they were observed doing, and where each fact comes from."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from brands import codes
from brands.fields import CodeSetField, PartialDateField
from brands.models.base import (
    LEVELS,
    Fact,
    LevelField,
    TextColumn,
    check_address_is_free,
    fold,
    one_of,
    validate_plain_text,
)
from brands.models.tags import Tag


def in_page_language(en: str, fr: str) -> str:
    """The text in the language of the page, or in the other one where it is missing."""
    return (fr or en) if (get_language() or "").startswith("fr") else (en or fr)


class NamedInBothLanguages(models.Model):
    """Reference data with a name in each language; it shows itself under the reader's."""

    name_en = models.CharField(_("name in English"), max_length=80)
    name_fr = models.CharField(_("name in French"), max_length=80)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name_fr if (get_language() or "").startswith("fr") else self.name_en


class Sector(NamedInBothLanguages):
    slug = models.SlugField(_("slug"), unique=True)

    class Meta:
        verbose_name = _("sector")
        verbose_name_plural = _("sectors")
        ordering = ("slug",)


class Crisis(NamedInBothLanguages):
    slug = models.SlugField(_("slug"), unique=True)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    revision = models.PositiveIntegerField(_("revision"), default=1, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        verbose_name = _("crisis")
        verbose_name_plural = _("crises")
        ordering = ("-starts_on", "slug")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="crisis_ends_after_start",
            )
        ]

    def clean(self) -> None:
        super().clean()
        check_address_is_free(self, "slug")


class CrisisPhase(models.Model):
    """A dated stretch of a crisis, shaded on timelines."""

    crisis = models.ForeignKey(Crisis, models.CASCADE, related_name="phases", verbose_name=_("crisis"))
    name_en = models.CharField(_("name in English"), max_length=120)
    name_fr = models.CharField(_("name in French"), max_length=120)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))

    class Meta:
        verbose_name = _("phase of a crisis")
        verbose_name_plural = _("phases of a crisis")
        ordering = ("starts_on", "id")
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=models.F("starts_on")), name="phase_ends_after_start"),
            models.UniqueConstraint(fields=["crisis", "starts_on", "name_en"], name="phase_once"),
        ]

    def __str__(self) -> str:
        return self.name_en


class Brand(models.Model):
    """The entity that takes the decisions; a parent's acts are not inherited."""

    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=120, validators=[validate_plain_text])
    aliases = TextColumn(_("other names"), max_length=1000, help_text=_("One a line."))
    entity_type = models.CharField(
        _("kind of entity"), max_length=12, choices=codes.EntityType.choices, default=codes.EntityType.BRAND
    )
    parent_group = models.CharField(_("owner group"), max_length=120, blank=True, validators=[validate_plain_text])
    perimeter = TextColumn(_("perimeter"), help_text=_("Which entity decides, and what is left out."))
    sector = models.ForeignKey(Sector, models.PROTECT, related_name="brands", verbose_name=_("sector"))
    country = models.CharField(
        _("country"), max_length=2, help_text=_("Two letters, ISO 3166-1; ZZ for several countries.")
    )
    website = models.URLField(_("website"), blank=True)
    summary_en = TextColumn(_("summary in English"), max_length=1000)
    summary_fr = TextColumn(_("summary in French"), max_length=1000)
    lei = models.CharField("LEI", max_length=20, blank=True)
    siren = models.CharField("SIREN", max_length=9, blank=True)
    wikidata = models.CharField("Wikidata", max_length=16, blank=True)
    in_founding_article = models.BooleanField(_("named in a founding article"), default=False)
    listed = models.BooleanField(
        _("listed"),
        default=False,
        help_text=_(
            "Shows the brand’s identity to everyone even before a verdict is published; its facts stay private."
        ),
    )
    tags = models.ManyToManyField(Tag, blank=True, verbose_name=_("tags"))
    search_text = models.TextField(editable=False, default="", blank=True)
    sort_key = models.CharField(max_length=160, editable=False, default="", blank=True, db_index=True)
    facts_revision = models.PositiveIntegerField(editable=False, default=0)
    """Raised with every change to the brand's facts: whoever scores compares it with what was scored last."""
    revision = models.PositiveIntegerField(_("revision"), default=1, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        verbose_name = _("brand")
        verbose_name_plural = _("brands")
        ordering = ("sort_key", "id")
        constraints = [
            one_of("entity_type", codes.EntityType.values, "brand_entity_type_known"),
            models.CheckConstraint(condition=~Q(slug="") & ~Q(name=""), name="brand_is_named"),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        check_address_is_free(self, "slug")

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.derive()
        super().save(*args, **kwargs)

    def derive(self) -> None:
        """Work out what searching and sorting read. A gate that saves many brands at once calls it itself."""
        self.search_text = fold("\n".join([self.name, *self.alias_list, self.parent_group]))
        self.sort_key = fold(self.name)

    @property
    def alias_list(self) -> list[str]:
        return [line.strip() for line in self.aliases.splitlines() if line.strip()]


class LinkStatus(models.TextChoices):
    """What the last visit to a source's address found."""

    OK = "ok", _("answers")
    MOVED = "moved", _("moved to another address")
    DEAD = "dead", _("gone")
    UNREACHABLE = "unreachable", _("could not be reached")


class Source(Fact):
    """The document that a fact rests on."""

    url = models.URLField(_("address"), max_length=1000, blank=True)
    title = models.CharField(_("title"), max_length=400, validators=[validate_plain_text])
    publisher = models.CharField(_("publisher"), max_length=200, blank=True, validators=[validate_plain_text])
    author = models.CharField(_("author"), max_length=200, blank=True, validators=[validate_plain_text])
    published_on = PartialDateField(_("published on"), blank=True, default="")
    source_type = models.CharField(_("type"), max_length=12, choices=codes.SourceType.choices)
    language = models.CharField(_("language"), max_length=8, blank=True, help_text=_("Two letters, such as fr or en."))
    passage = TextColumn(_("exact passage"), help_text=_("The words that carry the fact, as published."))
    archive_url = models.URLField(
        _("archived copy elsewhere"),
        max_length=1000,
        blank=True,
        help_text=_(
            "A copy that somebody else keeps, such as the Wayback Machine. Ours is made with “Archive a copy”."
        ),
    )
    archived_at = models.DateTimeField(_("archived at"), null=True, blank=True)
    archive_sha256 = models.CharField(_("SHA-256 of the archived copy"), max_length=64, blank=True)
    archive_type = models.CharField(
        _("type of the archived copy"), max_length=40, blank=True, default="", db_default="", editable=False
    )
    archive_size = models.PositiveIntegerField(_("size of the archived copy"), null=True, blank=True, editable=False)
    archive_address = models.URLField(
        _("address the copy was taken from"), max_length=2000, blank=True, default="", db_default="", editable=False
    )
    link_status = models.CharField(
        _("state of the link"),
        max_length=12,
        choices=LinkStatus.choices,
        blank=True,
        default="",
        db_default="",
        editable=False,
    )
    link_checked_at = models.DateTimeField(_("link checked"), null=True, blank=True, editable=False)
    tags = models.ManyToManyField(Tag, blank=True, verbose_name=_("tags"))

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ("key",)
        constraints = [
            one_of("source_type", codes.SourceType.values, "source_type_known"),
            one_of("link_status", ["", *LinkStatus.values], "source_link_status_known"),
            models.UniqueConstraint(
                fields=["url"], condition=~Q(url="") & Q(withdrawn_at__isnull=True), name="source_address_once"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def key_text(self) -> str:
        return f"{self.publisher} {self.title}"

    @property
    def own_copy(self) -> str:
        """The SHA-256 of the copy that we keep ourselves. Only our own copies have a type: the digest of one that
        somebody else keeps proves nothing that we could show, and is never published."""
        return self.archive_sha256 if self.archive_type else ""


class Promise(Fact):
    """What the brand published that it stands for, or will do."""

    brand = models.ForeignKey(Brand, models.PROTECT, related_name="promises", verbose_name=_("brand"))
    kind = models.CharField(_("kind"), max_length=20, choices=codes.PromiseKind.choices)
    statement_en = TextColumn(_("statement in English"), max_length=600, help_text=_("Our words, without judgement."))
    statement_fr = TextColumn(_("statement in French"), max_length=600)
    quote = TextColumn(_("quotation"), max_length=600, help_text=_("The brand’s own words, in their own language."))
    quote_language = models.CharField(_("language of the quotation"), max_length=8, blank=True)
    stakeholders = CodeSetField(_("addressed to"), codes=codes.Stakeholder, blank=False)
    stated_on = PartialDateField(_("stated on"), blank=True, default="")
    since = PartialDateField(
        _("since"),
        blank=True,
        default="",
        help_text=_("Left empty, the promise is taken to predate the crisis, and flagged."),
    )
    statement_level = LevelField(_("ST – statement level"), choices=codes.Statement.choices)
    value_type = models.CharField(_("value type"), max_length=12, choices=codes.ValueType.choices, blank=True)
    specificity = LevelField(_("specificity"), choices=codes.Specificity.choices)
    scope = LevelField(_("scope"), choices=codes.Scope.choices)
    weight = models.CharField(_("weight"), max_length=12, choices=codes.Weight.choices, default=codes.Weight.CENTRAL)
    testable = models.BooleanField(
        _("testable"),
        default=True,
        help_text=_(
            "Yes if an act could be shown to keep or break it: a beneficiary and something given can be named."
        ),
    )
    rationale_en = TextColumn(_("reason in English"))
    rationale_fr = TextColumn(_("reason in French"))
    sources = models.ManyToManyField(Source, related_name="promises", blank=True, verbose_name=_("sources"))
    tags = models.ManyToManyField(Tag, blank=True, verbose_name=_("tags"))

    class Meta:
        verbose_name = _("promise")
        verbose_name_plural = _("promises")
        ordering = ("brand", "key")
        constraints = [
            one_of("statement_level", LEVELS, "promise_statement_level_known"),
            one_of("kind", codes.PromiseKind.values, "promise_kind_known"),
            one_of("weight", codes.Weight.values, "promise_weight_known"),
            one_of("value_type", ["", *codes.ValueType.values], "promise_value_type_known"),
            models.CheckConstraint(condition=~Q(stakeholders=""), name="promise_addresses_somebody"),
            models.CheckConstraint(condition=~(Q(statement_en="") & Q(statement_fr="")), name="promise_says_something"),
        ]

    def __str__(self) -> str:
        return self.quote or in_page_language(self.statement_en, self.statement_fr)

    def clean(self) -> None:
        super().clean()
        if self._state.adding and self.key == codes.DUTY:
            message = _("“duty” stands for the duty of care: choose another key.")
            raise ValidationError({"key": message}, code="reserved_key")

    def key_text(self) -> str:
        return f"{self.brand.slug} {(self.quote or self.statement_en or self.statement_fr)[:60]}"


class Action(Fact):
    """What the brand was observed doing because of the crisis. One action is one claim."""

    brand = models.ForeignKey(Brand, models.PROTECT, related_name="actions", verbose_name=_("brand"))
    crisis = models.ForeignKey(Crisis, models.PROTECT, related_name="actions", verbose_name=_("crisis"))
    statement_en = TextColumn(
        _("what it did, in English"),
        max_length=600,
        help_text=_("A verb in the past tense first: “Refunded bookings…”."),
    )
    statement_fr = TextColumn(
        _("what it did, in French"), max_length=600, help_text=_("A verb first: « A remboursé les réservations… ».")
    )
    started = PartialDateField(_("started"), blank=True, default="")
    ended = PartialDateField(_("ended"), blank=True, default="")
    country = models.CharField(_("country"), max_length=2, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2, null=True, blank=True)
    amount_currency = models.CharField(_("currency"), max_length=3, blank=True)
    substance = LevelField(_("SU – substance"), choices=codes.Substance.choices)
    reach = LevelField(_("RE – reach"), choices=codes.Reach.choices)
    initiative = LevelField(_("IN – initiative"), choices=codes.Initiative.choices)
    generosity = LevelField(_("GE – generosity"), choices=codes.Generosity.choices)
    appraisal = models.BooleanField(
        _("appraisal"),
        default=False,
        help_text=_("The source gives an overall judgement without describing any act."),
    )
    disputed = models.BooleanField(_("disputed"), default=False, help_text=_("A denial is documented."))
    kind = models.CharField(_("kind"), max_length=24, choices=codes.ActionKind.choices, blank=True)
    categories = CodeSetField(_("categories"), codes=codes.Category)
    family = models.CharField(_("practice family"), max_length=3, choices=codes.Family.choices, blank=True)
    duration = LevelField(_("duration"), choices=codes.Duration.choices)
    duplicate_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="duplicates", verbose_name=_("duplicate of")
    )
    in_founding_article = models.BooleanField(_("told by a founding article"), default=False)
    rationale_en = TextColumn(_("reason in English"))
    rationale_fr = TextColumn(_("reason in French"))
    coding = models.CharField(_("coding"), max_length=12, choices=codes.Coding.choices, default=codes.Coding.SINGLE)
    sources = models.ManyToManyField(
        Source, through="ActionSource", related_name="actions", blank=True, verbose_name=_("sources")
    )
    tags = models.ManyToManyField(Tag, blank=True, verbose_name=_("tags"))

    class Meta:
        verbose_name = _("act")
        verbose_name_plural = _("acts")
        ordering = ("brand", "started", "key")
        indexes = [models.Index(fields=["brand", "crisis"], name="action_brand_crisis")]
        constraints = [
            one_of("substance", LEVELS, "action_substance_known"),
            one_of("reach", LEVELS, "action_reach_known"),
            one_of("initiative", LEVELS, "action_initiative_known"),
            one_of("generosity", LEVELS, "action_generosity_known"),
            one_of("duration", LEVELS, "action_duration_known"),
            one_of("kind", ["", *codes.ActionKind.values], "action_kind_known"),
            one_of("family", ["", *codes.Family.values], "action_family_known"),
            one_of("coding", codes.Coding.values, "action_coding_known"),
            models.CheckConstraint(condition=~(Q(statement_en="") & Q(statement_fr="")), name="action_says_something"),
            models.CheckConstraint(
                condition=Q(duplicate_of__isnull=True) | ~Q(duplicate_of=models.F("id")),
                name="action_not_its_own_duplicate",
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0), name="action_amount_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return in_page_language(self.statement_en, self.statement_fr)

    def key_text(self) -> str:
        return f"{self.brand.slug} {(self.statement_en or self.statement_fr)[:60]}"

    def clean(self) -> None:
        super().clean()
        if self.started and self.ended and self.ended < self.started[: len(self.ended)]:
            raise ValidationError({"ended": _("It ends before it starts: check both dates.")}, code="ends_before_start")
        if self.duplicate_of_id and self.duplicate_of_id == self.pk:
            raise ValidationError({"duplicate_of": _("An act cannot be its own duplicate.")}, code="own_duplicate")
        if self.duplicate_of and self.duplicate_of.brand_id != self.brand_id:
            raise ValidationError({"duplicate_of": _("A duplicate belongs to the same brand.")}, code="other_brand")

    @property
    def is_double_coded(self) -> bool:
        return self.coding != codes.Coding.SINGLE


class ActionSource(models.Model):
    """A source behind an action: what it is relative to this claim, and with whom it speaks in one voice."""

    action = models.ForeignKey(Action, models.PROTECT, related_name="source_links", verbose_name=_("action"))
    source = models.ForeignKey(Source, models.PROTECT, related_name="action_links", verbose_name=_("source"))
    kind = models.CharField(_("kind, relative to the claim"), max_length=16, choices=codes.SourceKind.choices)
    independence_group = models.SlugField(
        _("independence group"),
        max_length=80,
        help_text=_(
            "Sources that repeat one another share a group; a relayed press release has the brand as its group."
        ),
    )
    locator = models.CharField(_("page or clause"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("source of an act")
        verbose_name_plural = _("sources of an act")
        ordering = ("action", "id")
        constraints = [
            one_of("kind", codes.SourceKind.values, "action_source_kind_known"),
            models.UniqueConstraint(fields=["action", "source"], name="action_source_once"),
            models.CheckConstraint(condition=~Q(independence_group=""), name="action_source_has_group"),
        ]

    def __str__(self) -> str:
        return f"{self.source} ({self.get_kind_display()})"

    @property
    def key(self) -> str:
        """The name under which the log knows it: an action rests on a source once."""
        return f"{self.action.key}:{self.source.key}"


class Proof(models.Model):
    """One action read against one yardstick, for one stakeholder group.

    It lives with the facts because it is coded like them and entered on the same screen; what follows from it does not.
    """

    action = models.ForeignKey(Action, models.PROTECT, related_name="proofs", verbose_name=_("action"))
    stakeholder = models.CharField(_("stakeholder group"), max_length=12, choices=codes.Stakeholder.choices)
    promise = models.ForeignKey(
        Promise,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="proofs",
        verbose_name=_("promise"),
        help_text=_("The promise that the act is read against. Left empty: the duty of care."),
    )
    direction = models.CharField(_("direction"), max_length=5, choices=codes.Direction.choices)
    depth = LevelField(_("depth"), choices=codes.Depth.choices)
    remedy = models.CharField(
        _("remedy"),
        max_length=1,
        choices=codes.Remedy.choices,
        default=codes.Remedy.NONE,
        help_text=_("Harms only: a repair to the same people for the same harm, with a source of its own."),
    )
    rationale_en = TextColumn(_("reason in English"))
    rationale_fr = TextColumn(_("reason in French"))
    coding = models.CharField(_("coding"), max_length=12, choices=codes.Coding.choices, default=codes.Coding.SINGLE)
    settlement = TextColumn(_("reason of the settlement"), max_length=1000)

    class Meta:
        verbose_name = _("proof")
        verbose_name_plural = _("proofs")
        ordering = ("action", "stakeholder", "direction")
        constraints = [
            models.UniqueConstraint(fields=["action", "stakeholder", "direction"], name="proof_once"),
            one_of("stakeholder", codes.Stakeholder.values, "proof_stakeholder_known"),
            one_of("direction", codes.Direction.values, "proof_direction_known"),
            one_of("coding", codes.Coding.values, "proof_coding_known"),
            models.CheckConstraint(
                condition=Q(direction="helps", depth__in=["", "0", "1", "2", "u"])
                | Q(direction="harms", depth__in=["", "1", "2", "3", "u"]),
                name="proof_depth_fits_direction",
            ),
            models.CheckConstraint(
                condition=Q(remedy="0") | Q(direction="harms", remedy__in=["1", "2"]), name="proof_remedy_only_for_harm"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_stakeholder_display()} – {self.get_direction_display()} – {self.action}"

    @property
    def key(self) -> str:
        """The public identifier: an action has one proof a group and direction."""
        return f"{self.action.key}:{self.stakeholder}:{self.direction}"

    def clean(self) -> None:
        super().clean()
        if self.direction == "helps" and self.depth == "3":
            raise ValidationError({"depth": _("Depth 3 is for harm only: help goes from 0 to 2.")}, code="depth")
        if self.direction == "harms" and self.depth == "0":
            raise ValidationError({"depth": _("Depth 0 is for help only: harm goes from 1 to 3.")}, code="depth")
        if self.direction == "helps" and self.remedy not in ("", "0"):
            raise ValidationError({"remedy": _("Only a harm can be remedied: choose 0.")}, code="remedy")
        promise = self.promise
        if promise and promise.brand_id != self.action.brand_id:
            raise ValidationError({"promise": _("This promise was made by another brand.")}, code="other_brand")
        if promise and self.stakeholder not in promise.stakeholders:
            raise ValidationError(
                {"promise": _("This promise does not address that group: leave it empty for the duty of care.")},
                code="group_not_addressed",
            )


class BrandProfile(models.Model):
    """What was on file about the brand from before the crisis."""

    brand = models.ForeignKey(Brand, models.PROTECT, related_name="profiles", verbose_name=_("brand"))
    crisis = models.ForeignKey(Crisis, models.PROTECT, related_name="profiles", verbose_name=_("crisis"))
    purpose = LevelField(_("PU – purpose"), choices=codes.Purpose.choices)
    values_heritage = LevelField(_("VH – values heritage"), choices=codes.ValuesHeritage.choices)
    customer_record = LevelField(_("CC – customer record"), choices=codes.CustomerRecord.choices)
    labels = TextColumn(
        _("labels held"), max_length=600, help_text=_("One a line. A label proves nothing; it is context.")
    )
    not_applicable = CodeSetField(_("groups that do not apply"), codes=codes.Stakeholder)
    not_applicable_reason = TextColumn(_("why they do not apply"), max_length=600)
    rationale_en = TextColumn(_("reason in English"))
    rationale_fr = TextColumn(_("reason in French"))
    coding = models.CharField(_("coding"), max_length=12, choices=codes.Coding.choices, default=codes.Coding.SINGLE)
    sources = models.ManyToManyField(Source, related_name="profiles", blank=True, verbose_name=_("sources"))
    revision = models.PositiveIntegerField(_("revision"), default=1, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        verbose_name = _("brand profile")
        verbose_name_plural = _("brand profiles")
        ordering = ("brand", "crisis")
        constraints = [
            models.UniqueConstraint(fields=["brand", "crisis"], name="profile_once"),
            one_of("purpose", LEVELS, "profile_purpose_known"),
            one_of("values_heritage", LEVELS, "profile_values_heritage_known"),
            one_of("customer_record", LEVELS, "profile_customer_record_known"),
            one_of("coding", codes.Coding.values, "profile_coding_known"),
            models.CheckConstraint(
                condition=Q(not_applicable="") | ~Q(not_applicable_reason=""), name="profile_not_applicable_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.brand} – {self.crisis}"

    def clean(self) -> None:
        super().clean()
        if self.not_applicable and not self.not_applicable_reason:
            raise ValidationError(
                {"not_applicable_reason": _("Write why these groups do not apply.")}, code="reason_missing"
            )

    @property
    def label_list(self) -> list[str]:
        return [line.strip() for line in self.labels.splitlines() if line.strip()]


class Judgement(Fact):
    """Somebody else's published verdict on the brand: an opinion of its author, shown beside ours."""

    brand = models.ForeignKey(Brand, models.PROTECT, related_name="judgements", verbose_name=_("brand"))
    crisis = models.ForeignKey(Crisis, models.PROTECT, related_name="judgements", verbose_name=_("crisis"))
    label = models.CharField(_("label"), max_length=120, validators=[validate_plain_text])
    polarity = models.CharField(_("polarity"), max_length=8, choices=codes.Polarity.choices)
    description_en = TextColumn(_("description in English"), max_length=1000)
    description_fr = TextColumn(_("description in French"), max_length=1000)
    source = models.ForeignKey(Source, models.PROTECT, related_name="judgements", verbose_name=_("source"))
    archetype = models.CharField(
        _("archetype it clearly implies"), max_length=20, choices=codes.ImpliedArchetype.choices, blank=True
    )

    class Meta:
        verbose_name = _("others’ judgement")
        verbose_name_plural = _("others’ judgements")
        ordering = ("brand", "key")
        constraints = [
            one_of("polarity", codes.Polarity.values, "judgement_polarity_known"),
            one_of("archetype", ["", *codes.ImpliedArchetype.values], "judgement_archetype_known"),
        ]

    def __str__(self) -> str:
        return self.label

    def key_text(self) -> str:
        return f"{self.brand.slug} {self.label}"
