"""The screens of the evidence: one for each kind of record, its fields in the order in which one reads."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from brands.admin.acts import TaggableAdmin, WithdrawableAdmin
from brands.admin.archive import ArchivableAdmin
from brands.admin.base import FactsAdmin, changelist_of, user_of
from brands.admin.hiding import HidesCodes, LeavesOutHidden, hidden_from
from brands.admin.lists import UNTRANSLATED, MissingFilter, TagFilter, UseFilter, by_period, empty, none_of
from brands.codebook import help_texts
from brands.computed import reading_of
from brands.forms import (
    ActionForm,
    NamedCells,
    PromiseField,
    ProofForm,
    ProofRows,
    ReadableFields,
    groups_for,
    promises_for,
)
from brands.models import (
    Action,
    ActionSource,
    Brand,
    BrandProfile,
    Judgement,
    OutcomeFigure,
    Promise,
    Proof,
    Source,
    fold,
)

HIDDEN = gettext_lazy("hidden")
"""In the place of codes, for whoever codes the brand."""


@admin.register(Brand)
class BrandAdmin(TaggableAdmin):
    list_display = ("name", "sector", "country", "what_is_missing", "case_state")
    list_filter = (MissingFilter, "sector", "listed", TagFilter, "entity_type", "in_founding_article")
    shows_state = True
    list_select_related = ("sector",)
    search_fields = ("search_text", "slug")
    autocomplete_fields = ("sector", "tags")
    prepopulated_fields = {"slug": ("name",)}
    fixed_once_made = ("slug",)
    missing = {
        "promise": (_("promise"), none_of(Promise, brand=OuterRef("pk"), withdrawn_at=None)),
        "profile": (_("profile"), none_of(BrandProfile, brand=OuterRef("pk"))),
        "action": (_("act"), none_of(Action, brand=OuterRef("pk"), withdrawn_at=None)),
    }
    fieldsets = (
        (None, {"fields": ("name", "slug", "aliases", "sector", "country", "website")}),
        (_("Which entity"), {"fields": ("entity_type", "parent_group", "perimeter")}),
        (_("In a sentence"), {"fields": (("summary_en", "summary_fr"),)}),
        (_("Visibility"), {"fields": ("listed", "in_founding_article", "tags")}),
        (_("Identifiers"), {"fields": ("lei", "siren", "wikidata"), "classes": ("collapse",)}),
    )

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> Any:
        return super().get_search_results(request, queryset, fold(search_term))

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return {} if obj else super().get_prepopulated_fields(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Showing a brand to everyone is publishing; the right is named, since facts may not import verdicts."""
        fixed = super().get_readonly_fields(request, obj)
        return fixed if user_of(request).has_perm("scoring.publish") else (*fixed, "listed")

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        files = self.files_of(object_id) if object_id.isdecimal() else []
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "files": files})

    def files_of(self, brand_id: str) -> list[dict[str, Any]]:
        """What is on file about the brand, in the order in which one works: how much, where to see it, how to add."""
        models: list[type[Any]] = [BrandProfile, Promise, Action, Judgement, OutcomeFigure]
        return [
            {
                "name": capfirst(model._meta.verbose_name_plural),
                "count": model._default_manager.filter(brand=brand_id).count(),
                "list": f"{changelist_of(model)}?brand__id__exact={brand_id}",
                "add": f"{reverse(f'admin:brands_{model._meta.model_name}_add')}?brand={brand_id}",
                "add_label": gettext("Add: %(name)s") % {"name": model._meta.verbose_name},
            }
            for model in models
        ]


@admin.register(Source)
class SourceAdmin(ArchivableAdmin, TaggableAdmin, WithdrawableAdmin):
    list_display = ("text", "publisher", "published_on", "what_is_missing", "link_word")
    list_filter = (
        *(UseFilter, MissingFilter, "source_type", "link_status", by_period("published_on", _("published"))),
        *("language", TagFilter),
    )
    search_fields = ("title", "publisher", "author", "url", "key")
    actions = ("archive_selected", "tag_selected", "withdraw_selected", "restore_selected")
    autocomplete_fields = ("tags",)
    fixed_once_made = ("key",)
    readonly_fields = ("our_copy", "link_word")
    missing = {
        "date": (_("date"), empty("published_on")),
        "passage": (_("exact passage"), empty("passage")),
        "archive": (_("archived copy"), lambda: Q(archive_url="", archive_type="")),
    }
    fieldsets = (
        (None, {"fields": ("url", "title", ("publisher", "author"), "source_type", ("published_on", "language"))}),
        (_("What it says"), {"fields": ("passage",)}),
        (_("Archived copy"), {"fields": ("our_copy", "archive_url", "link_word")}),
        (_("Reference"), {"fields": ("tags", "key"), "classes": ("collapse",)}),
    )

    @admin.display(description=gettext_lazy("link"), ordering="link_status")
    def link_word(self, source: Source) -> str:
        if not source.link_status or not source.link_checked_at:
            return "–"
        day = date_format(timezone.localtime(source.link_checked_at), "DATE_FORMAT")
        return f"{source.get_link_status_display()} ({day})"

    def save_model(self, request: HttpRequest, obj: Source, form: Any, change: bool) -> None:
        if "url" in form.changed_data:  # what is known about the old address says nothing about the new one
            obj.link_status, obj.link_checked_at = "", None
        super().save_model(request, obj, form, change)


@admin.register(Promise)
class PromiseAdmin(HidesCodes, TaggableAdmin, WithdrawableAdmin):
    list_display = ("text", "brand", "statement_code", "since", "what_is_missing", "case_state")
    list_filter = (
        *(UseFilter, MissingFilter, "kind", "weight", "testable", by_period("since", _("since"))),
        TagFilter,
    )
    list_select_related = ("brand",)
    search_fields = ("quote", "statement_en", "statement_fr", "brand__search_text", "key")
    autocomplete_fields = ("brand", "sources", "tags")
    actions = ("tag_selected", "withdraw_selected", "restore_selected")
    shows_state = True
    kept_for_the_next = ("brand", "sources")
    fixed_once_made = ("brand", "key")
    missing = {
        "source": (_("source"), none_of(Promise.sources.through, promise=OuterRef("pk"))),
        "code": (_("code"), empty("statement_level", "value_type")),
        "date": (_("date"), empty("since")),
        "text": UNTRANSLATED,
    }
    fieldsets = (
        (None, {"fields": ("brand", "sources")}),
        (
            _("What it says"),
            {"fields": ("quote", "quote_language", ("statement_en", "statement_fr"), ("stated_on", "since"))},
        ),
        (_("To whom, and of what kind"), {"fields": ("stakeholders", "kind", "value_type")}),
        (_("Codes"), {"fields": (("statement_level", "specificity"), ("scope", "weight"), "testable")}),
        (_("Reasons"), {"fields": (("rationale_en", "rationale_fr"),)}),
        (_("Reference"), {"fields": ("tags", "key"), "classes": ("collapse",)}),
    )

    open_to_coders = frozenset(
        {"brand", "sources", "quote", "quote_language", "statement_en", "statement_fr", "stated_on", "since"}
        | {"stakeholders", "kind", "tags", "key"}
    )
    asks_no_code = frozenset({"since", "kind__exact"})

    @admin.display(description="ST", ordering="statement_level")
    def statement_code(self, promise: Any) -> str:
        return str(HIDDEN) if promise.codes_hidden else promise.statement_level or "–"


PLACES_AT_MOST = 5


class PartInline(ReadableFields):
    """Parts of a record, on its screen: an empty place for the first one, a button for more.

    The button needs scripts. Without them, a link opens the screen with one empty place more: ``?more=1``.
    """

    model: Any
    offers_places = True

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        first = 0 if obj and self.get_queryset(request).filter(action=obj).exists() else 1  # type: ignore[attr-defined]
        return first + places_asked_for(request)

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        return super().get_formset(request, obj, **{"help_texts": help_texts(self.model), **kwargs})  # type: ignore[misc]


def places_asked_for(request: HttpRequest) -> int:
    asked = request.GET.get("more", "")
    return min(int(asked), PLACES_AT_MOST) if asked.isdecimal() else 0


class SourceLinkInline(PartInline, admin.TabularInline):
    model = ActionSource
    formset = NamedCells
    autocomplete_fields = ("source",)
    fields = ("source", "kind", "independence_group", "locator")
    comes_first = True
    """Source first: one reads what is written before coding it."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[ActionSource]:
        return super().get_queryset(request).select_related("source", "action")

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return len(sources_asked_for(request)) or super().get_extra(request, obj, **kwargs)

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        if "independence_group" in formset.form.base_fields:
            attrs = {"list": "independence-groups", "autocomplete": "off"}
            formset.form.base_fields["independence_group"].widget.attrs.update(attrs)
        return formset


def sources_asked_for(request: HttpRequest) -> list[dict[str, Any]]:
    """The sources, and their groups, with which a new act begins: ``?sources=12:daily,13:``."""
    if request.method != "GET":
        return []
    pairs = [part.partition(":") for part in request.GET.get("sources", "").split(",")][:20]
    on_file = Source.objects.filter(pk__in=[int(pk) for pk, _mark, _group in pairs if pk.isdecimal()]).in_bulk()
    return [
        {"source": int(pk), "independence_group": group}
        for pk, _mark, group in pairs
        if pk.isdecimal() and int(pk) in on_file
    ]


class ProofInline(PartInline, admin.StackedInline):
    model = Proof
    form = ProofForm
    formset = ProofRows
    fields = (
        ("stakeholder", "promise"),
        "yardstick_used",
        ("direction", "depth", "remedy"),
        ("rationale_en", "rationale_fr"),
        ("coding", "settlement"),
    )
    readonly_fields = ("yardstick_used", "coding", "settlement")
    action: Action | None = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Proof]:
        return super().get_queryset(request).select_related("action", "promise")

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Only the promises of the action's own brand are offered."""
        self.action = obj
        formset = super().get_formset(request, obj, **kwargs)
        plain = formset.form.base_fields.get("promise")
        if plain:
            brand_id = request.POST.get("brand", request.GET.get("brand", ""))
            promises = promises_for(obj, brand_id)
            hidden = hidden_from(request)
            field: Any = PromiseField(promises, bare=hidden, label=plain.label, help_text=plain.help_text)
            field.codebook = plain.codebook
            formset.form.base_fields["promise"] = field
        return formset

    @admin.display(description=gettext_lazy("yardstick used"))
    def yardstick_used(self, proof: Proof) -> str:
        """What the judgement really holds the act against, as it is on file."""
        reading = reading_of(self.action) if self.action and proof.pk else None
        return reading.yardsticks.get(proof.pk, "–") if reading else gettext("known once it is saved")


@admin.register(Action)
class ActionAdmin(HidesCodes, TaggableAdmin, WithdrawableAdmin):
    form = ActionForm
    list_display = ("text", "brand", "started", "codes", "what_is_missing", "case_state")
    list_filter = (
        *(UseFilter, MissingFilter, "crisis", by_period("started", _("started")), "kind", "coding", "disputed"),
        TagFilter,
    )
    actions = ("tag_selected", "withdraw_selected", "restore_selected")
    shows_state = True
    kept_for_the_next = ("brand", "crisis")
    change_form_template = "admin/brands/action/change_form.html"
    list_select_related = ("brand", "crisis")
    search_fields = ("statement_en", "statement_fr", "brand__search_text", "key")
    autocomplete_fields = ("brand", "crisis", "duplicate_of", "tags")
    fixed_once_made = ("brand", "key")
    readonly_fields = ("evidence_grade", "coding")
    inlines = (SourceLinkInline, ProofInline)
    missing = {
        "source": (_("source"), none_of(ActionSource, action=OuterRef("pk"))),
        "proof": (_("proof"), none_of(Proof, action=OuterRef("pk"))),
        "code": (_("code"), empty("substance", "reach", "initiative", "generosity")),
        "date": (_("date"), empty("started")),
        "text": UNTRANSLATED,
    }
    fieldsets = (
        (None, {"fields": ("brand", "crisis")}),
        (_("What was observed"), {"fields": (("statement_en", "statement_fr"), ("started", "ended"), "country")}),
        (
            _("Codes"),
            {
                "fields": (
                    ("substance", "reach"),
                    ("initiative", "generosity"),
                    ("appraisal", "disputed"),
                    "evidence_grade",
                    "coding",
                )
            },
        ),
        (
            _("Context"),
            {
                "classes": ("collapse",),
                "fields": (
                    "kind",
                    "categories",
                    "family",
                    "duration",
                    ("amount", "amount_currency"),
                    "in_founding_article",
                ),
            },
        ),
        (_("Reasons"), {"fields": (("rationale_en", "rationale_fr"),)}),
        (_("Reference"), {"fields": ("duplicate_of", "tags", "key"), "classes": ("collapse",)}),
    )

    open_to_coders = frozenset(
        {"brand", "crisis", "statement_en", "statement_fr", "started", "ended", "country", "amount", "amount_currency"}
        | {"in_founding_article", "duplicate_of", "tags", "key"}
    )
    asks_no_code = frozenset({"started", "crisis__id__exact"})

    @admin.display(description="SU RE IN GE")
    def codes(self, action: Any) -> str:
        if action.codes_hidden:
            return str(HIDDEN)
        levels = (action.substance, action.reach, action.initiative, action.generosity)
        return " ".join(level or "–" for level in levels)

    @admin.display(description=gettext_lazy("EV – evidence grade"))
    def evidence_grade(self, action: Action) -> str:
        """Computed from the sources; never typed."""
        reading = reading_of(action)
        if reading is None:
            return gettext("Computed from the sources once it is saved.")
        return format_html("<strong>{}</strong> – {}", reading.evidence, reading.why)

    def kept_values(self, obj: Any) -> dict[str, str]:
        links = [f"{link.source_id}:{link.independence_group}" for link in obj.source_links.all()]
        return {**super().kept_values(obj), "sources": ",".join(links)}

    def get_formset_kwargs(self, request: HttpRequest, obj: Any, inline: Any, prefix: str) -> dict[str, Any]:
        given = super().get_formset_kwargs(request, obj, inline, prefix)
        if isinstance(inline, SourceLinkInline) and (asked := sources_asked_for(request)):
            given["initial"] = asked
        return given

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.of_brand_view)
        return [path("of-brand/", view, name="brands_action_of_brand"), *super().get_urls()]

    def of_brand_view(self, request: HttpRequest) -> HttpResponse:
        """What the form of a new act offers once its brand is chosen."""
        if not self.has_view_or_change_permission(request):
            return JsonResponse({}, status=403)
        brand_id = request.GET.get("brand", "")
        field = PromiseField(promises_for(None, brand_id), bare=hidden_from(request))
        promises = [{"id": promise.pk, "label": field.label_from_instance(promise)} for promise in field.offered]
        return JsonResponse({"promises": promises, "groups": groups_for(brand_id, bare=hidden_from(request))})

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        obj = kwargs.get("obj")
        brand_id = str(obj.brand_id) if obj else request.POST.get("brand", request.GET.get("brand", ""))
        context["groups"] = groups_for(brand_id, bare=hidden_from(request))
        return super().render_change_form(request, context, *args, **kwargs)


@admin.register(BrandProfile)
class BrandProfileAdmin(HidesCodes, FactsAdmin):
    list_display = ("brand", "crisis", "profile_codes", "what_is_missing", "case_state")
    shows_state = True
    kept_for_the_next = ("crisis",)
    list_filter = (MissingFilter, "crisis", "coding")
    list_select_related = ("brand", "crisis")
    search_fields = ("brand__search_text",)
    autocomplete_fields = ("brand", "crisis", "sources")
    fixed_once_made = ("brand", "crisis")
    readonly_fields = ("coding",)
    missing = {
        "source": (_("source"), none_of(BrandProfile.sources.through, brandprofile=OuterRef("pk"))),
        "code": (_("code"), empty("purpose", "values_heritage", "customer_record")),
    }
    fieldsets = (
        (None, {"fields": ("brand", "crisis", "sources")}),
        (_("Codes"), {"fields": (("purpose", "values_heritage"), ("customer_record", "coding"))}),
        (_("Context"), {"fields": ("labels", "not_applicable", "not_applicable_reason")}),
        (_("Reasons"), {"fields": (("rationale_en", "rationale_fr"),)}),
    )

    open_to_coders = frozenset({"brand", "crisis", "sources", "labels", "not_applicable", "not_applicable_reason"})
    asks_no_code = frozenset({"crisis__id__exact"})

    @admin.display(description="PU VH CC")
    def profile_codes(self, profile: Any) -> str:
        if profile.codes_hidden:
            return str(HIDDEN)
        levels = (profile.purpose, profile.values_heritage, profile.customer_record)
        return " ".join(level or "–" for level in levels)


@admin.register(Judgement)
class JudgementAdmin(LeavesOutHidden, WithdrawableAdmin):
    list_display = ("text", "brand", "crisis", "polarity", "archetype", "source")
    kept_for_the_next = ("brand", "crisis", "source")
    list_filter = (UseFilter, "polarity", "archetype", "crisis")
    list_select_related = ("brand", "crisis", "source")
    search_fields = ("label", "brand__search_text", "key")
    autocomplete_fields = ("brand", "crisis", "source")
    fixed_once_made = ("brand", "key")
    fieldsets = (
        (None, {"fields": ("brand", "crisis", "source")}),
        (
            _("What the author says"),
            {"fields": ("label", "polarity", ("description_en", "description_fr"), "archetype")},
        ),
        (_("Reference"), {"fields": ("key",)}),
    )
