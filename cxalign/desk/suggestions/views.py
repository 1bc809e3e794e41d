"""The list of suggestions, and deciding on one: recorded by capturing it, or declined with a reason."""

from __future__ import annotations

from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brands.models import validate_plain_text
from cxalign.accounts.models import Suggestion
from cxalign.accounts.suggestions import RECORD, SuggestionRefused, can_decide, decline, take
from cxalign.desk.access import desk_page
from cxalign.desk.rendering import person, render_desk

PAGE_SIZE = 50


@desk_page(RECORD)
def suggestions(request: HttpRequest) -> HttpResponse:
    """Those that wait, the oldest first; or those already decided."""
    state = request.GET.get("state", "")
    chosen = state if state in Suggestion.State.values else Suggestion.State.OPEN.value
    found = Suggestion.objects.visible_to(person(request)).filter(state=chosen).select_related("brand", "by", "team")
    ordered = found.order_by("created_at", "id") if chosen == Suggestion.State.OPEN else found.order_by("-decided_at")
    page = Paginator(ordered, PAGE_SIZE).get_page(request.GET.get("page"))
    for suggestion in page:
        suggestion.capture = capture_address(suggestion) if chosen == Suggestion.State.OPEN else ""
    context = {
        "page": page,
        "chosen": chosen,
        "states": Suggestion.State.choices,
    }
    return render_desk(request, "desk/suggestions.html", context)


class DecisionForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[validate_plain_text],
        help_text=gettext_lazy("Needed to decline; the one who suggested it and their team will read it."),
    )


@desk_page(RECORD)
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    by = person(request)
    suggestion = (
        Suggestion.objects.visible_to(by).select_related("brand", "by", "team", "decided_by").filter(pk=pk).first()
    )
    if suggestion is None:
        raise Http404
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _decided(request, suggestion, form.cleaned_data["reason"])
        except SuggestionRefused as refused:
            form.add_error(None if suggestion.state != Suggestion.State.OPEN else "reason", str(refused))
    context = {
        "suggestion": suggestion,
        "form": form,
        "may_decide": can_decide(by, suggestion),
        "capture": capture_address(suggestion),
    }
    return render_desk(request, "desk/suggestion.html", context, status=422 if form.errors else 200)


def _decided(request: HttpRequest, suggestion: Suggestion, reason: str) -> HttpResponse:
    if request.POST.get("decision") == "take":
        take(suggestion, by=person(request))
        messages.success(request, _("Marked as taken up: the one who suggested it sees that."))
    else:
        decline(suggestion, by=person(request), reason=reason)
        messages.success(request, _("Declined: the one who suggested it reads your reason."))
    return HttpResponseRedirect(reverse("desk-suggestions"))


def capture_address(suggestion: Suggestion) -> str:
    """Where it is recorded. The capture page fills itself in from it, and marks it as taken up once saved."""
    if suggestion.kind == Suggestion.Kind.BRAND:
        return reverse("admin:brands_brand_add")
    return f"{reverse('desk-capture')}?{urlencode({'suggestion': suggestion.pk})}"
