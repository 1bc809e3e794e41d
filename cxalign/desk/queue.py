"""The queue: every case by its state, with what holds it, who has it and until when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from brands.forms import PlainTextarea
from brands.models import fold, validate_plain_text
from cxalign.accounts.models import User
from cxalign.desk.access import desk_page
from cxalign.desk.rendering import person, render_desk
from cxalign.desk.standings import standings_for
from scoring import assigning, workflow
from scoring.assigning import KEEP, ORGANISE
from scoring.models import READ_DRAFTS, Assessment
from scoring.workflow import Standing, State

if TYPE_CHECKING:
    from django.utils.functional import Promise as LazyText

IN_A_COLUMN = 8
ON_A_PAGE = 50
AT_ONCE = 500

TITLES: dict[str, Any] = {
    State.DRAFT: gettext_lazy("Draft"),
    State.CODING: gettext_lazy("Coding"),
    State.ADJUDICATION: gettext_lazy("Adjudication"),
    State.REPLY_WINDOW: gettext_lazy("Reply window"),
    State.PUBLISHED: gettext_lazy("Published, newer verdict waiting"),
    State.WITHDRAWN: gettext_lazy("Withdrawn"),
}
CURRENT = "current"
"""Published, and the working verdict is the public one: nothing waits. Shown only when asked for."""


@dataclass(frozen=True)
class Card:
    case: Assessment
    standing: Standing
    is_overdue: bool
    days: int
    """Since when it waits: since its oldest open step, else since the case was opened."""


@dataclass(frozen=True)
class Column:
    state: str
    title: str | LazyText
    cards: list[Card]
    total: int
    everything: str
    """The address of all cards of this state; empty where all are shown."""


class FilterForm(forms.Form):
    brand = forms.CharField(label=gettext_lazy("Brand"), required=False, max_length=80)
    owner = forms.ChoiceField(label=gettext_lazy("Owner"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    overdue = forms.BooleanField(label=gettext_lazy("Overdue only"), required=False)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data, auto_id="filter_%s")
        self.people = owner_choices()
        self.fields["owner"].choices = [  # type: ignore[attr-defined]
            ("", _("everybody")),
            ("me", _("me")),
            ("none", _("nobody")),
            *self.people,
        ]
        self.fields["state"].choices = [  # type: ignore[attr-defined]
            ("", _("all that waits")),
            *TITLES.items(),
            (CURRENT, _("Published and up to date")),
        ]


def possible_owners() -> QuerySet[User]:
    """Those who may be given a case: they read drafts."""
    found = User.objects.with_perm(READ_DRAFTS, backend="django.contrib.auth.backends.ModelBackend")
    return found.order_by("username")


def owner_choices() -> list[tuple[str, str]]:
    return [(str(user.pk), user.get_username()) for user in possible_owners()]


@desk_page()
def queue(request: HttpRequest) -> HttpResponse:
    form = FilterForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    cases = filtered(request, asked)
    standings = standings_for(person(request), cases)
    cards = by_column([card_of(case, standings[case.pk]) for case in cases])
    state = asked.get("state") or ""
    page = page_of(cards[state], request) if state else None
    columns = [] if state else [column(name, title, cards[name], request) for name, title in TITLES.items()]
    total = sum(len(found) for name, found in cards.items() if name != CURRENT)
    context = {
        "form": form,
        "shows_nothing": not page if state else not total,
        "columns": columns,
        "page": page,
        "state": state,
        "state_title": TITLES.get(state) or _("Published and up to date"),
        "total": total,
        "up_to_date": len(cards[CURRENT]),
        "filters_on": any(asked.values()),
        "can_organise": assigning.can_organise(person(request)),
        "assign": AssignForm(people=form.people),
        "query": without_page(request.GET),
        "here": request.get_full_path(),
    }
    return render_desk(request, "desk/queue.html", context)


def filtered(request: HttpRequest, asked: dict[str, Any]) -> list[Assessment]:
    cases = Assessment.objects.select_related("brand", "crisis", "owner")
    owner = asked.get("owner") or ""
    if owner == "none":
        cases = cases.filter(owner=None)
    elif owner:
        cases = cases.filter(owner=person(request).pk if owner == "me" else int(owner))
    if asked.get("brand"):
        cases = cases.filter(brand__search_text__contains=fold(asked["brand"]))
    if asked.get("overdue"):
        cases = cases.filter(workflow.overdue())
    return list(cases.order_by("brand__sort_key", "crisis"))


def card_of(case: Assessment, standing: Standing) -> Card:
    since = min((blocker.since for blocker in standing.blockers if blocker.since), default=case.created_at)
    return Card(case, standing, workflow.is_overdue(case), days_since(since))


def days_since(moment: datetime) -> int:
    return max(0, (timezone.localdate() - timezone.localtime(moment).date()).days)


def by_column(cards: Iterable[Card]) -> dict[str, list[Card]]:
    """State → its cards, the overdue and the next due first, then the oldest."""
    found: dict[str, list[Card]] = defaultdict(list)
    for card in cards:
        rests = card.standing.state == State.PUBLISHED and not card.standing.blockers
        found[CURRENT if rests else str(card.standing.state)].append(card)
    for column_cards in found.values():
        column_cards.sort(key=lambda card: (card.case.due_on or date.max, -card.days))
    return found


def column(state: str, title: Any, cards: list[Card], request: HttpRequest) -> Column:
    query = without_page(request.GET)
    query["state"] = state
    everything = f"{reverse('desk-queue')}?{query.urlencode()}" if len(cards) > IN_A_COLUMN else ""
    return Column(state, title, cards[:IN_A_COLUMN], len(cards), everything)


def page_of(cards: list[Card], request: HttpRequest) -> Page[Card]:
    return Paginator(cards, ON_A_PAGE).get_page(request.GET.get("page"))


def without_page(parameters: QueryDict) -> QueryDict:
    kept = parameters.copy()
    kept.pop("page", None)
    return kept


# --- Assigning --------------------------------------------------------------------------------------------------------


NOBODY = "0"


class AssignForm(forms.Form):
    owner = forms.ChoiceField(label=gettext_lazy("Owner"), required=False)
    due_on = forms.DateField(
        label=gettext_lazy("Due on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )
    no_due = forms.BooleanField(label=gettext_lazy("Take the due date away"), required=False)

    def __init__(self, data: QueryDict | None = None, people: list[tuple[str, str]] | None = None) -> None:
        super().__init__(data, auto_id="assign_%s")
        people = owner_choices() if people is None else people
        self.fields["owner"].choices = [  # type: ignore[attr-defined]
            ("", _("as it is")),
            (NOBODY, _("nobody")),
            *people,
        ]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if not self.errors and not (found["owner"] or found["due_on"] or found["no_due"]):
            raise forms.ValidationError(_("Choose an owner or a day: otherwise nothing would change."))
        if found.get("due_on") and found.get("no_due"):
            self.add_error("due_on", _("Give a day or take it away, not both."))
        return found

    @property
    def wanted(self) -> dict[str, Any]:
        """What ``assign`` is asked for."""
        owner, due = self.cleaned_data["owner"], self.cleaned_data["due_on"]
        chosen = KEEP if owner == "" else None if owner == NOBODY else User.objects.get(pk=int(owner))
        return {"owner": chosen, "due_on": None if self.cleaned_data["no_due"] else due or KEEP}


class ConfirmForm(AssignForm):
    """The same choice again, with the reason."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=2000,
        widget=PlainTextarea({"rows": 2, "class": ""}),
        validators=[validate_plain_text],
        help_text=gettext_lazy("Kept in the log."),
    )


@desk_page(ORGANISE)
def assign(request: HttpRequest) -> HttpResponse:
    """Ask once more, naming how many; then do it."""
    back = safe_back(request)
    if request.method != "POST":
        return HttpResponseRedirect(back)
    chosen = chosen_cases(request)
    if not chosen:
        messages.error(request, _("No case was chosen: tick the cards first."))
        return HttpResponseRedirect(back)
    if "confirmed" in request.POST:
        return answer(request, ConfirmForm(request.POST), chosen, back)
    form = AssignForm(request.POST)
    if form.is_valid():
        return ask(request, ConfirmForm(), chosen, back)
    for texts in form.errors.values():
        messages.error(request, " ".join(map(str, texts)))
    return HttpResponseRedirect(back)


def answer(request: HttpRequest, form: ConfirmForm, cases: list[Assessment], back: str) -> HttpResponse:
    return give(request, form, cases, back) if form.is_valid() else ask(request, form, cases, back)


def chosen_cases(request: HttpRequest) -> list[Assessment]:
    wanted = [int(pk) for pk in request.POST.getlist("case")[:AT_ONCE] if pk.isdecimal() and len(pk) < 10]
    return list(Assessment.objects.filter(pk__in=wanted).select_related("brand", "crisis", "owner"))


def safe_back(request: HttpRequest) -> str:
    """Back to the queue as it was filtered, and nowhere else."""
    base = reverse("desk-queue")
    query = QueryDict(request.POST.get("query", "")[:2000]).urlencode()
    return f"{base}?{query}" if query else base


def ask(request: HttpRequest, form: AssignForm, cases: list[Assessment], back: str) -> HttpResponse:
    asked = AssignForm(request.POST)
    asked.is_valid()
    given = asked.cleaned_data.get("owner", "")
    names = dict(asked.fields["owner"].choices)  # type: ignore[attr-defined]
    title = ngettext("Assign %d case?", "Assign %d cases?", len(cases)) % len(cases)
    context = {
        "title": title,
        "form": form,
        "cases": [(case, assigning.seen_of(case)) for case in cases],
        "kept": {name: request.POST.get(name, "") for name in ("owner", "due_on", "no_due", "query")},
        "owner_word": names.get(given, "") if given else "",
        "due_on": asked.cleaned_data.get("due_on"),
        "no_due": asked.cleaned_data.get("no_due"),
        "back": back,
    }
    return render_desk(request, "desk/queue_assign.html", context, status=422 if form.is_bound else 200)


def give(request: HttpRequest, form: ConfirmForm, cases: list[Assessment], back: str) -> HttpResponse:
    try:
        seen, reason = request.POST.getlist("seen") or None, form.cleaned_data["reason"]
        count = assigning.assign(cases, by=person(request), reason=reason, seen=seen, **form.wanted)
    except assigning.AssignedMeanwhile as meanwhile:
        form.add_error(None, str(meanwhile))
        return ask(request, form, chosen_cases(request), back)
    except assigning.AssigningRefused as refused:
        raise PermissionDenied(str(refused)) from refused
    text = ngettext("%d case assigned.", "%d cases assigned.", count) % count
    messages.success(request, text if count else _("They were assigned like that already: nothing changed."))
    return HttpResponseRedirect(back)
