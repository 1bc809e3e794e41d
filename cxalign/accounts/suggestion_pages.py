"""The page on which readers suggest evidence, and see what became of it."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brands.models import Brand, fold, validate_plain_text
from cxalign.accounts.access import account_page, person
from cxalign.accounts.models import Suggestion, Team, User
from cxalign.accounts.suggestions import SuggestionRefused, suggest
from scoring.visibility import visible_brands

SHOWN = 50
LONGEST_TEXT = 4000


class SuggestionForm(forms.Form):
    token = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=gettext_lazy("What do you suggest?"), choices=Suggestion.Kind.choices)
    brand = forms.CharField(
        label=gettext_lazy("Brand"),
        required=False,
        max_length=200,
        validators=[validate_plain_text],
        help_text=gettext_lazy("Its name as it stands in the list of brands; leave it empty for a brand to add."),
    )
    text = forms.CharField(
        label=gettext_lazy("In your words"),
        max_length=LONGEST_TEXT,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        validators=[validate_plain_text],
        help_text=gettext_lazy("What was published or done, when, for whom; quote the passage if you can."),
    )
    address = forms.CharField(
        label=gettext_lazy("Address of the source"),
        required=False,
        max_length=2000,
        validators=[URLValidator(schemes=["http", "https"])],
        widget=forms.URLInput,
        help_text=gettext_lazy("Where an analyst can check it; needed for a source."),
    )
    team = forms.ModelChoiceField(Team.objects.none(), label=gettext_lazy("On behalf of"), required=False)

    def __init__(self, by: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by, own = by, by.teams.all()
        field: Any = self.fields["team"]
        field.queryset = own
        field.empty_label = _("Myself alone")
        self.only_team = own.first() if len(own) < 2 else None
        if len(own) < 2:
            del self.fields["team"]
        self.fields["token"].initial = uuid.uuid4

    def clean_brand(self) -> Brand | None:
        name = self.cleaned_data["brand"].strip()
        if not name:
            return None
        wanted = fold(name)
        found = [one for one in visible_brands(self.by).filter(search_text__contains=wanted)[:50] if _is(one, wanted)]
        if not found:
            raise ValidationError(
                _("No brand here is called “%(name)s”. Suggest it as a brand to add, with its name in your words."),
                params={"name": name},
            )
        return found[0]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        kind = given.get("kind")
        if kind == Suggestion.Kind.SOURCE and not given.get("address") and "address" not in self.errors:
            self.add_error("address", _("A source needs its address."))
        if kind and kind != Suggestion.Kind.BRAND and not given.get("brand") and "brand" not in self.errors:
            self.add_error("brand", _("Say which brand it is about."))
        return given

    def fields_given(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        given["team"] = given.get("team") or self.only_team
        return given


def _is(brand: Brand, wanted: str) -> bool:
    return wanted in (fold(brand.name), brand.slug, *map(fold, brand.alias_list))


@account_page
def suggestions(request: HttpRequest) -> HttpResponse:
    by = person(request)
    form = SuggestionForm(by, request.POST or None, initial=_asked(request, by))
    if request.method == "POST" and form.is_valid():
        try:
            suggest(by, **form.fields_given())
        except SuggestionRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request, _("Thank you. An analyst will check it, and you will read here what became of it.")
            )
            return HttpResponseRedirect(f"{reverse('suggest')}#made")
    own = Suggestion.objects.visible_to(by)
    mine = own.filter(by=by) if by.is_staff else own
    context = {"form": form, "suggestions": mine.select_related("brand", "by", "team")[:SHOWN]}
    return render(request, "account/suggest.html", context, status=422 if form.errors else 200)


def _asked(request: HttpRequest, by: User) -> dict[str, str]:
    """What the link that led here was about."""
    brand = visible_brands(by).filter(slug=request.GET.get("brand", "")).first()
    kind = request.GET.get("kind", "")
    return {
        "brand": brand.name if brand else "",
        "text": request.GET.get("text", "")[:LONGEST_TEXT],
        "kind": kind if kind in Suggestion.Kind.values else Suggestion.Kind.SOURCE.value,
    }
