"""The forms of a plan. Text is kept as typed; each form carries the revision that it started from."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brands import codes
from brands.models import Brand, Crisis, fold, validate_plain_text
from cxalign.accounts.models import Team, User
from cxalign.pages import words
from cxalign.pages.finding import closest
from cxalign.plans.models import LONGEST, NOW_DAYS, SCORES, Basis, Item, Origin, Plan, Problem, Standing
from cxalign.plans.reading import PlanView
from cxalign.plans.telling import gap_choices
from cxalign.practices.models import Category
from cxalign.templatetags.cxalign import with_english_terms
from scoring.visibility import visible_brands

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
DAYS_READ = ["%Y-%m-%d", "%d/%m/%Y"]
LONGEST_SHARE = 365
MOST_NAMES = 500
"""More brands than that are not written into a page to choose from."""

marked: Any = lazy(with_english_terms, SafeString)
"""A text of a form in which the names of the horizons are English."""


def text(label: Any, longest: int, *, rows: int = 0, required: bool = False, **options: Any) -> forms.CharField:
    if rows:
        options["widget"] = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(
        label=label, max_length=longest, required=required, strip=not rows, validators=[validate_plain_text], **options
    )


def day(label: Any, **options: Any) -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=DAY, input_formats=DAYS_READ, **options)


def stakeholders() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=gettext_lazy("For whom"), required=False, choices=group_choices, widget=forms.CheckboxSelectMultiple
    )


def group_choices() -> list[tuple[str, str]]:
    return [(code, words.word(code, "stakeholder")) for code in codes.Stakeholder.values]


def category_choices(none: Any) -> list[tuple[str, str]]:
    return [("", str(none)), *((code, str(label).capitalize()) for code, label in Category.choices)]


def score(label: Any, scale: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        required=False,
        coerce=int,
        empty_value=None,
        choices=lambda: [("", _("not judged")), *((value, str(value)) for value in SCORES)],
        help_text=scale,
    )


class Revised(forms.Form):
    revision = forms.IntegerField(widget=forms.HiddenInput)

    @property
    def seen(self) -> int:
        return int(self.cleaned_data["revision"])

    def fields_given(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "revision"}


# --- The plan itself --------------------------------------------------------------------------------------------------


class PlanForm(forms.Form):
    """What a plan is about, and its horizons."""

    title = text(gettext_lazy("Title"), 140, required=True)
    brand = text(
        gettext_lazy("Brand"),
        200,
        help_text=gettext_lazy(
            "Its name as it stands in the list of brands: its published promises then stand in the plan. "
            "Left empty, you write the promises yourselves."
        ),
    )
    crisis = forms.ModelChoiceField(Crisis.objects.none(), label=gettext_lazy("Crisis"), required=False)
    mission = text(gettext_lazy("Mission"), 600, rows=3, help_text=gettext_lazy("In the organisation’s own words."))
    starts_on = forms.DateField(label=gettext_lazy("Starts on"), widget=DAY, input_formats=DAYS_READ)
    next_until = forms.IntegerField(
        label=marked(gettext_lazy("Do Next ends on day")),
        min_value=NOW_DAYS + 1,
        max_value=LONGEST,
        help_text=marked(gettext_lazy("Do Now is from day 0 to day 30, as the article has it. We suggest 90 here.")),
    )
    later_until = forms.IntegerField(
        label=marked(gettext_lazy("Do Later ends on day")),
        required=False,
        min_value=NOW_DAYS + 2,
        max_value=LONGEST,
        help_text=gettext_lazy("Left empty, it has no end."),
    )
    review_on = day(gettext_lazy("Next review"))

    def __init__(self, by: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        crisis: Any = self.fields["crisis"]
        crisis.queryset, crisis.empty_label = Crisis.objects.all(), _("the latest with a verdict")
        self.fields["brand"].widget.attrs["list"] = "brands"

    @property
    def brand_names(self) -> list[str]:
        """What is offered while a name is typed; nothing where that would be too much for a page."""
        names = self._names()[: MOST_NAMES + 1]
        return list(names) if len(names) <= MOST_NAMES else []

    def _names(self) -> Any:
        return visible_brands(self.by).order_by("sort_key", "pk").values_list("name", flat=True)

    def clean_brand(self) -> Any:
        name = self.cleaned_data["brand"].strip()
        if not name:
            return None
        wanted = fold(name)
        near = visible_brands(self.by).filter(search_text__contains=wanted)[:50]
        found = [one for one in near if wanted in (fold(one.name), one.slug, *map(fold, one.alias_list))]
        if not found:
            raise ValidationError(self._not_found(name))
        return found[0]

    def _not_found(self, name: str) -> str:
        if near := closest(name, self._names()):
            told = _("No brand here is called “%(name)s”. Close to it: %(near)s.")
            return told % {"name": name, "near": ", ".join(near)}
        return _("No brand here is called “%(name)s”: leave it empty.") % {"name": name}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        last, before = given.get("later_until"), given.get("next_until")
        if last and before and last <= before:
            self.add_error("later_until", marked(_("Do Later has to end after Do Next.")))
        return given


class NewPlanForm(PlanForm):
    team = forms.ModelChoiceField(Team.objects.none(), label=gettext_lazy("Team"), empty_label=None)
    content = forms.ChoiceField(
        label=gettext_lazy("Begin with"),
        widget=forms.RadioSelect,
        choices=[
            ("blank", gettext_lazy("a blank plan")),
            ("sample", gettext_lazy("a sample: an invented hotel group, to see how it works")),
        ],
    )
    field_order = ("content", "title", "team")

    def __init__(self, by: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(by, *args, **kwargs)
        team: Any = self.fields["team"]
        team.queryset = by.teams.all()
        self.fields["title"].required = False

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if given.get("content") == "blank" and not given.get("title"):
            self.add_error("title", _("Give the plan a title."))
        return given


class SettingsForm(Revised, PlanForm):
    unknown_brand: Brand | None = None
    """A brand that this reader may not know of: a team-mate may. Left alone, it stays."""

    @classmethod
    def of(cls, by: User, plan: Plan, data: Any = None) -> SettingsForm:
        names = ("title", "crisis", "mission", "starts_on", "next_until", "later_until", "review_on", "revision")
        initial = {name: getattr(plan, name) for name in names}
        form = cls(by, data, initial={**initial, "brand": plan.known_brand.name if plan.known_brand else ""})
        form.unknown_brand = None if plan.known_brand else plan.brand
        return form

    def clean_brand(self) -> Any:
        return super().clean_brand() or self.unknown_brand


# --- Items ------------------------------------------------------------------------------------------------------------


class QuickForm(forms.Form):
    """A title and Enter; the rest for who has it at hand."""

    title = text(gettext_lazy("One more action"), 200, required=True)
    standing = forms.ChoiceField(
        label=gettext_lazy("State"), choices=Standing.choices, required=False, initial=Standing.IMAGINED
    )
    description = text(gettext_lazy("Description"), 2000, rows=2)
    stakeholders = stakeholders()
    origin = forms.ChoiceField(label=gettext_lazy("Origin"), choices=Origin.choices, required=False, initial=Origin.OWN)

    def clean_stakeholders(self) -> tuple[str, ...]:
        return tuple(self.cleaned_data["stakeholders"])


class PasteForm(forms.Form):
    lines = text(
        gettext_lazy("A list, one action a line"),
        20_000,
        rows=6,
        required=True,
        help_text=gettext_lazy("Bullets and numbers at the beginning of a line are left out."),
    )


class SortForm(Revised):
    """Category and groups of one action."""

    category = forms.ChoiceField(
        label=gettext_lazy("Category"), widget=forms.RadioSelect, choices=lambda: category_choices("")[1:]
    )
    stakeholders = stakeholders()


class JudgeForm(Revised):
    """The three judgements, and the scenarios in which the action makes sense."""

    mission_fit = score(gettext_lazy("Mission fit"), gettext_lazy("From 1, against it, to 5, carries it"))
    need = score(gettext_lazy("Attested need"), gettext_lazy("From 1, none shown, to 5, great and shown"))
    feasibility = score(gettext_lazy("Feasibility"), gettext_lazy("From 1, hardly, to 5, at once"))
    fits = forms.MultipleChoiceField(
        label=gettext_lazy("Makes sense in"), required=False, widget=forms.CheckboxSelectMultiple
    )
    fits_none = forms.BooleanField(label=gettext_lazy("none of these scenarios"), required=False)

    def __init__(self, view: PlanView, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scenarios = {str(scenario.pk): scenario for scenario in view.retained}
        fits: Any = self.fields["fits"]
        fits.choices = [(number, scenario.text) for number, scenario in self.scenarios.items()]
        if not self.scenarios:
            del self.fields["fits"], self.fields["fits_none"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("fits") and given.get("fits_none"):
            self.add_error("fits_none", _("An action cannot make sense in some scenarios and in none."))
        return given

    def chosen_scenarios(self) -> list[Any]:
        return [self.scenarios[number] for number in self.cleaned_data.get("fits", ())]

    def fields_given(self) -> dict[str, Any]:
        given = super().fields_given()
        for name in ("fits", "waits_for"):
            given.pop(name, None)
        return given


class ItemForm(JudgeForm):
    """Everything about one card but its column, which has buttons of its own."""

    title = text(gettext_lazy("Title"), 200, required=True)
    description = text(gettext_lazy("Description"), 2000, rows=3)
    category = forms.ChoiceField(
        label=gettext_lazy("Category"), required=False, choices=lambda: category_choices(_("not sorted yet"))
    )
    stakeholders = stakeholders()
    standing = forms.ChoiceField(label=gettext_lazy("State"), choices=Standing.choices)
    origin = forms.ChoiceField(label=gettext_lazy("Origin"), choices=Origin.choices)
    problem = forms.ModelChoiceField(Problem.objects.none(), label=gettext_lazy("Problem"), required=False)
    promise_ref = forms.ChoiceField(label=gettext_lazy("Promise it touches"), required=False)
    expected_gap = forms.TypedChoiceField(
        label=gettext_lazy("What it does to that promise"), required=False, coerce=int, empty_value=None
    )
    owner = text(gettext_lazy("Owner"), 80)
    due_on = day(gettext_lazy("Date"))
    waits_for = forms.ModelMultipleChoiceField(
        Item.objects.none(),
        label=gettext_lazy("Waits for"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Actions of this plan that come before it."),
    )
    dependencies = text(
        gettext_lazy("Depends on"), 300, help_text=gettext_lazy("Beside the actions of this plan: somebody, a budget…")
    )
    proof = text(gettext_lazy("Proof to collect"), 300)
    field_order = (
        *("title", "description", "category", "stakeholders", "standing", "origin", "problem"),
        *("promise_ref", "expected_gap", "mission_fit", "need", "feasibility", "fits", "fits_none"),
        *("owner", "due_on", "waits_for", "dependencies", "proof"),
    )

    def __init__(self, view: PlanView, item: Item, *args: Any, **kwargs: Any) -> None:
        super().__init__(view, *args, **kwargs)
        fields: Any = self.fields
        fields["waits_for"].queryset = view.plan.items.in_use().exclude(pk=item.pk)
        fields["waits_for"].label_from_instance = lambda one: one.title
        if len(view.items) < 2:
            del fields["waits_for"]
        fields["problem"].queryset = view.plan.problems.in_use()
        fields["problem"].empty_label = _("none stated yet")
        fields["promise_ref"].choices = [
            ("", _("no promise")),
            *((promise.ref, f"{promise.number}. {promise.here[:120]}") for promise in view.promises),
        ]
        fields["expected_gap"].choices = [("", _("not said")), *gap_choices()]
        fields["owner"].widget.attrs["list"] = "owners"

    @classmethod
    def of(cls, view: PlanView, item: Item, data: Any = None) -> ItemForm:
        initial = {name: getattr(item, name) for name in cls.base_fields if name not in ("fits", "waits_for")}
        initial |= {"fits": [str(one.pk) for one in item.fits.all()], "waits_for": list(item.waits_for.in_use())}
        return cls(view, item, data, initial=initial)

    @property
    def parts(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields by what they are about, as the page shows them."""
        names = {
            _("What it is"): ("title", "description", "category", "stakeholders", "standing", "origin"),
            _("What it answers to"): ("problem", "promise_ref", "expected_gap"),
            _("How it is judged"): ("mission_fit", "need", "feasibility", "fits", "fits_none"),
            _("Who, when, with what"): ("owner", "due_on", "waits_for", "dependencies", "proof"),
        }
        return [(told, [self[name] for name in fields if name in self.fields]) for told, fields in names.items()]

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if given.get("expected_gap") is not None and not given.get("promise_ref"):
            self.add_error("promise_ref", _("Choose the promise that this is about."))
        return given

    def fields_given(self) -> dict[str, Any]:
        given = super().fields_given()
        return {**given, "stakeholders": tuple(given["stakeholders"])}


class ProblemForm(Revised):
    """What problem, for whom, how do we know; and the question that it opens."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    items = forms.ModelMultipleChoiceField(
        Item.objects.none(),
        label=gettext_lazy("Actions that answer to it"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    what = text(gettext_lazy("What problem?"), 600, rows=2, required=True)
    whom = text(gettext_lazy("For whom?"), 300)
    basis = forms.ChoiceField(
        label=gettext_lazy("How do we know?"),
        widget=forms.RadioSelect,
        choices=[
            (Basis.ASSUMPTION, gettext_lazy("It is an assumption")),
            (Basis.SOURCE, gettext_lazy("A source shows it")),
        ],
        initial=Basis.ASSUMPTION,
    )
    evidence = text(gettext_lazy("What shows it"), 600, rows=2)
    address = forms.CharField(
        label=gettext_lazy("Address of the source"),
        max_length=1000,
        required=False,
        validators=[URLValidator(schemes=["http", "https"])],
        widget=forms.URLInput,
    )
    question = text(
        gettext_lazy("How might we…?"), 400, rows=2, help_text=gettext_lazy("The question that the problem opens.")
    )

    def __init__(self, plan: Plan, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        items: Any = self.fields["items"]
        items.queryset = plan.items.in_use()
        items.label_from_instance = lambda item: item.title

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("basis") == Basis.SOURCE and not (given.get("evidence") or given.get("address")):
            self.add_error("evidence", _("Name the source, or say that it is an assumption."))
        return given

    def fields_given(self) -> dict[str, Any]:
        given = super().fields_given()
        given.pop("items")
        return given


class ShareForm(forms.Form):
    label = text(gettext_lazy("For whom"), 80, required=True, help_text=gettext_lazy("Only your team sees it."))
    ends_on = forms.DateField(label=gettext_lazy("Works until"), widget=DAY, input_formats=DAYS_READ)

    def clean_ends_on(self) -> date:
        chosen: date = self.cleaned_data["ends_on"]
        today = timezone.localdate()
        if not today <= chosen <= today + timedelta(days=LONGEST_SHARE):
            raise ValidationError(_("Choose a day between today and one year from now."))
        return chosen

    def ends_at(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.cleaned_data["ends_on"], time(23, 59, 59)))


class ReviewForm(forms.Form):
    review_on = day(gettext_lazy("Next review"))
