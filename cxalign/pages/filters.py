"""The filters of the brand list and the landscape: what can be asked, what was asked, and what of it made no sense.

Everything stands in the query string, so that a filtered list can be shared. A value that does not exist is told to
the reader and left out; it is never an error and never silently obeyed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brands.codes import Stakeholder
from brands.models import Brand, Crisis, fold
from cxalign.pages import words
from cxalign.pages.frame import PICKED
from cxalign.templatetags.cxalign import page_language
from scoring.landscapes import crises_on_view
from scoring.models import OutcomeChoice, RobustnessChoice
from scoring.scorecards import country_name

BRAND = "brand"
"""Names a brand by its slug, as often as there are brands asked for: a set that somebody put together."""
MOST_BRANDS = 100
CHIPS_OF_BRANDS = 6
PASSING = ("q", "since", "page", PICKED, BRAND)
"""What every list understands beside its filters."""
QUERY_LENGTH = 80
SHOWN_LENGTH = 40
UNJUDGED = ("not_assessed", "under_review")
OUTCOMES = (
    OutcomeChoice.BROKEN_PROMISE,
    OutcomeChoice.ALIGNED,
    OutcomeChoice.EXCEEDS_PROMISE,
    OutcomeChoice.DNA_PROACTIVE,
    OutcomeChoice.INSUFFICIENT_EVIDENCE,
    OutcomeChoice.NO_PROMISE,
)
SIGNALS = {
    "purpose_washing": ~Q(snapshot__washing=""),
    "harm_alert": Q(snapshot__harm_alert=True),
    "divergent_stakeholders": Q(snapshot__divergent=True),
}


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Filter:
    """One group of choices: several may be chosen at once, and then any of them fits."""

    name: str
    label: str
    options: list[Option]

    @property
    def chosen(self) -> list[Option]:
        return [option for option in self.options if option.chosen]


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on, and the address of the list without it."""

    label: str
    value: str
    without: str


@dataclass
class Asked:
    """What the query string asks for."""

    query: str = ""
    since: date | None = None
    filters: list[Filter] = field(default_factory=list)
    chips: list[Chip] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    brands: list[str] = field(default_factory=list)
    """The slugs of a set of brands; empty if every brand may answer."""

    def values(self, name: str) -> list[str]:
        return [option.value for one in self.filters if one.name == name for option in one.chosen]

    @property
    def outcomes(self) -> list[str]:
        return [value for value in self.values("outcome") if value not in UNJUDGED]

    @property
    def unjudged(self) -> list[str]:
        return [value for value in self.values("outcome") if value in UNJUDGED]

    def about_verdicts(self) -> Q:
        """What a verdict in force has to be like; empty if nothing is asked of it."""
        condition = Q()
        if crises := self.values("crisis"):
            condition &= Q(assessment__crisis__slug__in=crises)
        if self.outcomes:
            condition &= Q(snapshot__outcome__in=self.outcomes)
        if robustness := self.values("robustness"):
            condition &= Q(snapshot__robustness__in=robustness)
        condition &= _any_of(Q(snapshot__groups_documented__contains=f"|{one}|") for one in self.values("stakeholder"))
        condition &= _any_of(SIGNALS[signal] for signal in self.values("signal"))
        if self.since:
            condition &= Q(published_at__date__gte=self.since)
        return condition


def _any_of(conditions: Iterable[Q]) -> Q:
    either = Q()
    for condition in conditions:
        either |= condition
    return either


Choosable = Mapping[str, tuple[str, Mapping[str, str]]]
"""Filter → its name on screen and its choices."""


def asked(
    parameters: QueryDict, can_be: Choosable, also: Iterable[str] = (), *, among: QuerySet[Brand] | None = None
) -> Asked:
    """Read the query string against what can be chosen. ``also`` names parameters of the page that are no filters;
    ``among`` are the brands that the reader may know of, for an address that names some of them."""
    found = Asked(query=parameters.get("q", "").replace("\x00", "").strip()[:QUERY_LENGTH])
    for name, (label, choices) in can_be.items():
        chosen = parameters.getlist(name)
        found.filters.append(
            Filter(name, label, [Option(code, text, code in chosen) for code, text in choices.items()])
        )
        found.complaints += [unknown_value(label, value) for value in chosen if value and value not in choices]
    found.since = _since(parameters, found.complaints)
    known = {*can_be, *PASSING, *also}
    found.complaints += [_unknown_filter(name) for name in parameters if name not in known]
    names = names_of(parameters.getlist(BRAND), among, found.complaints)
    found.brands = list(names)
    found.chips = [*chips(found, parameters), *brand_chips(names, parameters)]
    return found


def names_of(wanted: list[str], among: QuerySet[Brand] | None, complaints: list[str]) -> dict[str, str]:
    """Slug → name of each brand that the address names; a complaint for what is none."""
    slugs = list(dict.fromkeys(slug for slug in wanted if slug))
    if len(slugs) > MOST_BRANDS:
        complaints.append(
            _("An address names %(most)d brands at most: the others were left out.") % {"most": MOST_BRANDS}
        )
        slugs = slugs[:MOST_BRANDS]
    if not slugs or among is None:
        return {}
    known = dict(among.filter(slug__in=[one.replace("\x00", "") for one in slugs]).values_list("slug", "name"))
    complaints += [unknown_value(_("Brand"), slug) for slug in slugs if slug not in known]
    return {slug: known[slug] for slug in slugs if slug in known}


def brand_chips(names: Mapping[str, str], parameters: QueryDict) -> list[Chip]:
    """A chip for each brand of a small set, one for all of a large one."""
    if len(names) > CHIPS_OF_BRANDS:
        value = ngettext("%(count)d brand", "%(count)d brands", len(names)) % {"count": len(names)}
        return [Chip(_("Set"), value, without(parameters, BRAND))]
    return [Chip(_("Brand"), name, without(parameters, BRAND, slug)) for slug, name in names.items()]


def choosable_names() -> tuple[str, ...]:
    return ("crisis", "outcome", "robustness", "sector", "country", "stakeholder", "signal")


def choosable(brands: QuerySet[Brand]) -> dict[str, tuple[str, Mapping[str, str]]]:
    """What the list of these brands can be filtered by. Sectors and countries are those of the brands one may see."""
    places = brands.order_by().values_list("sector__slug", f"sector__name_{page_language()}", "country").distinct()
    sectors = {slug: name for slug, name, _country in places}
    countries = {code: country_name(code)[page_language()] for _slug, _name, code in places}
    name = f"name_{page_language()}"
    return {
        "crisis": (_("Crisis"), _crises(name)),
        "outcome": (_("Verdict"), {code: words.word(code, "outcome") for code in OUTCOMES} | unjudged_words()),
        "robustness": (_("Robustness"), {code: str(label) for code, label in RobustnessChoice.choices}),
        "sector": (_("Sector"), _by_label(sectors)),
        "country": (_("Country"), _by_label(countries)),
        "stakeholder": (_("Stakeholder"), {code: words.word(code, "stakeholder") for code in Stakeholder.values}),
        "signal": (_("Signal"), {code: words.word(code, "signal") for code in SIGNALS}),
    }


def _crises(name: str) -> dict[str, str]:
    """A crisis that is only being prepared is not named; before the first verdict, the product's own one is."""
    return dict(crises_on_view().values_list("slug", name)) or dict(Crisis.objects.values_list("slug", name))


def unjudged_words() -> dict[str, str]:
    return {"not_assessed": _("Not yet assessed"), "under_review": _("Assessment under way")}


def _by_label(choices: Mapping[str, str]) -> dict[str, str]:
    return dict(sorted(choices.items(), key=lambda choice: fold(choice[1])))


def _since(parameters: QueryDict, complaints: list[str]) -> date | None:
    text = parameters.get("since", "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        complaints.append(
            _("“%(value)s” is not a date such as 2020-04-13: this filter was left out.") % {"value": _short(text)}
        )
        return None


def unknown_value(label: str, value: str) -> str:
    return _("%(filter)s: there is no “%(value)s” here; this filter was left out.") % {
        "filter": label,
        "value": _short(value),
    }


def _unknown_filter(name: str) -> str:
    return _("“%(name)s” is not a filter of this list: it was left out.") % {"name": _short(name)}


def _short(text: str) -> str:
    return text if len(text) <= SHOWN_LENGTH else f"{text[:SHOWN_LENGTH]}…"


def chips(found: Asked, parameters: QueryDict) -> list[Chip]:
    on = [Chip(_("Name"), found.query, without(parameters, "q"))] if found.query else []
    for one in found.filters:
        on += [Chip(one.label, option.label, without(parameters, one.name, option.value)) for option in one.chosen]
    if found.since:
        on.append(Chip(_("Updated since"), date_format(found.since), without(parameters, "since")))
    return on


def without(parameters: QueryDict, name: str, value: str = "") -> str:
    """The query string without one choice, back on the first page."""
    left = parameters.copy()
    left.pop("page", None)
    left.setlist(name, [other for other in left.getlist(name) if value and other != value])
    return f"?{left.urlencode()}"
