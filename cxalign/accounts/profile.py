"""What an account holds about a person: shown, changed, taken away as a file, and forgotten."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import authenticate, logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brands.changes import record_decision
from brands.models import Event, validate_plain_text
from cxalign.accounts.access import account_page, person
from cxalign.accounts.erasing import CannotErase, check_can_erase, erase
from cxalign.accounts.holdings import PARTS
from cxalign.accounts.models import Suggestion, User
from cxalign.accounts.models.people import time_zones


class ProfileForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ("first_name", "last_name", "email", "language", "time_zone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].widget = forms.Select(choices=[("", _("As the site")), *time_zones()])
        self.fields["language"].choices = [  # type: ignore[attr-defined]
            ("", _("As the browser")),
            *[choice for choice in self.fields["language"].choices if choice[0]],  # type: ignore[attr-defined]
        ]
        for name in ("first_name", "last_name"):
            self.fields[name].validators.append(validate_plain_text)
        for name, token in {"first_name": "given-name", "last_name": "family-name", "email": "email"}.items():
            self.fields[name].widget.attrs["autocomplete"] = token
        self.fields["email"].label = _("E-mail")

    def clean_time_zone(self) -> str:
        chosen: str = self.cleaned_data["time_zone"]
        if chosen and chosen not in dict(time_zones()):
            raise forms.ValidationError(_("There is no such time zone."))
        return chosen


@account_page
def profile(request: HttpRequest) -> HttpResponse:
    user = User.objects.get(pk=person(request).pk)
    form = ProfileForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save()
            if form.changed_data:  # which fields, never what was in them
                changes = {name: [None, None] for name in form.changed_data}
                record_decision("access.profile_changed", subject=user, actor=user, changes=changes)
        with translation.override(user.language or translation.get_language()):
            messages.success(request, _("Your profile is saved."))
            return HttpResponseRedirect(reverse("account-profile"))
    context = {"form": form, "place": "profile", "roles": [group.name for group in user.groups.all()], "account": user}
    return render(request, "account/profile.html", context, status=422 if form.errors else 200)


# --- What is held, as a file ------------------------------------------------------------------------------------------


@account_page
def data(request: HttpRequest) -> HttpResponse:
    response = JsonResponse(held_about(person(request)), json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = 'attachment; filename="account.json"'
    return response


def held_about(user: User) -> dict[str, Any]:
    """Everything the account holds, but the hashes of password and keys, which are of use to nobody."""
    return {
        "account": {
            "username": user.username,
            "first_name": user.first_name,
            "last_name": user.last_name,
            "email": user.email,
            "language": user.language,
            "time_zone": user.time_zone,
            "created_at": user.date_joined,
            "last_login": user.last_login,
        },
        "roles": list(user.groups.values_list("name", flat=True)),
        "teams": list(user.teams.values_list("name", flat=True)),
        "keys": [
            {
                "name": key.name,
                "identifier": key.identifier,
                "scopes": list(key.scopes),
                "addresses": key.addresses,
                "created_at": key.created_at,
                "expires_at": key.expires_at,
                "revoked_at": key.revoked_at,
                "last_used_at": key.last_used_at,
            }
            for key in user.api_keys.all()
        ],
        "views": [
            {
                "name": view.name,
                "path": view.path,
                "query": view.query,
                "token": view.token,
                "team": view.team.name if view.team else None,
                "created_at": view.created_at,
            }
            for view in user.saved_views.select_related("team")
        ],
        **{name: part.held(user) for name, part in PARTS.items()},
        "exports": list(user.exports.values("file_name", "query", "state", "created_at")),
        "suggestions": [
            {
                "kind": suggestion.kind,
                "brand": suggestion.brand.slug if suggestion.brand else None,
                "text": suggestion.text,
                "address": suggestion.address,
                "state": suggestion.state,
                "reason": suggestion.reason,
                "created_at": suggestion.created_at,
                "decided_at": suggestion.decided_at,
            }
            for suggestion in Suggestion.objects.filter(by=user).select_related("brand")
        ],
        "changes_made": [
            {"at": event.at, "kind": event.kind, "subject": event.subject, "reason": event.reason}
            for event in Event.objects.filter(actor=user).order_by("id").iterator()
        ],
    }


# --- Being forgotten --------------------------------------------------------------------------------------------------


class GoodbyeForm(forms.Form):
    password = forms.CharField(
        label=gettext_lazy("Your password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        strip=False,
    )
    sure = forms.BooleanField(label=gettext_lazy("I understand that my account cannot be brought back."))

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_password(self) -> str:
        """Tried like a sign-in, so that an open session is no place for guessing."""
        word: str = self.cleaned_data["password"]
        if authenticate(self.request, username=person(self.request).username, password=word) is None:
            raise forms.ValidationError(_("This is not your password."))
        return word


@account_page
def delete(request: HttpRequest) -> HttpResponse:
    user = person(request)
    form = GoodbyeForm(request, request.POST or None)
    refused = ""
    try:
        check_can_erase(user)
    except CannotErase as reason:
        refused = str(reason)
    if request.method == "POST" and not refused and form.is_valid():
        erase(user, by=user)
        logout(request)
        return HttpResponseRedirect(f"{reverse('login')}?gone=1")
    context = {"form": form, "place": "profile", "refused": refused}
    return render(request, "account/delete.html", context, status=422 if form.errors else 200)
