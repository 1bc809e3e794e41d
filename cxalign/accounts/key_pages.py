"""The page of one's keys: make one and see its secret once, see when each was last used, revoke."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from brands.models import validate_plain_text
from cxalign.accounts import keys
from cxalign.accounts.access import account_page, person
from cxalign.accounts.models import ApiKey, User


class KeyForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=80,
        validators=[validate_plain_text],
        help_text=gettext_lazy("So that you recognise it: the program that will use it."),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What it may do"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Only what you may do yourself; it stops when you no longer may."),
    )
    expires_on = forms.DateField(
        label=gettext_lazy("Works until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        help_text=gettext_lazy("Two years from now at most."),
    )
    addresses = forms.CharField(
        label=gettext_lazy("Only from these addresses"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[validate_plain_text],
        help_text=gettext_lazy(
            "One address or network a line, such as 192.0.2.7 or 192.0.2.0/24. Empty: from anywhere."
        ),
    )

    def __init__(self, owner: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scopes: Any = self.fields["scopes"]
        scopes.choices = [(scope.value, scope.label) for scope in keys.scopes_for(owner)]
        self.fields["expires_on"].initial = timezone.localdate() + keys.DEFAULT_LIFE
        self.fields["scopes"].initial = ["read:published"]
        if not keys.addresses_are_known():
            del self.fields["addresses"]

    def clean_expires_on(self) -> date:
        chosen: date = self.cleaned_data["expires_on"]
        if not timezone.localdate() <= chosen <= timezone.localdate() + keys.LONGEST_LIFE:
            raise ValidationError(_("Choose a day between today and two years from now."))
        return chosen

    def clean_addresses(self) -> str:
        return "\n".join(keys.parse_addresses(self.cleaned_data["addresses"]))

    def ends(self) -> datetime:
        """The end of the chosen day, and never later than a key may last."""
        end = timezone.make_aware(datetime.combine(self.cleaned_data["expires_on"], time(23, 59, 59)))
        return min(end, timezone.now() + keys.LONGEST_LIFE)


@account_page
def own_keys(request: HttpRequest) -> HttpResponse:
    """The secret stands on the answer to the form and nowhere else: reloading shows the list without it."""
    owner = person(request)
    form = KeyForm(owner, request.POST or None)
    made, status = None, 200
    if request.method == "POST":
        made = _made(owner, form)
        status = 201 if made else 422
    context = {
        "form": KeyForm(owner) if made else form,
        "made": made,
        "keys": list(ApiKey.objects.filter(owner=owner)),
        "place": "keys",
    }
    return render(request, "account/keys.html", context, status=status)


def _made(owner: User, form: KeyForm) -> keys.NewKey | None:
    if not form.is_valid():
        return None
    given = form.cleaned_data
    try:
        return keys.make_key(
            owner,
            name=given["name"],
            scopes=given["scopes"],
            expires_at=form.ends(),
            addresses=given.get("addresses", ""),
        )
    except keys.CannotMakeKey as refused:
        form.add_error(None, str(refused))
        return None


@account_page
@require_POST
def revoke(request: HttpRequest, identifier: str) -> HttpResponse:
    key = ApiKey.objects.filter(owner=person(request), identifier=identifier).first()
    if key is None:
        raise Http404
    keys.revoke(key, by=person(request))
    messages.success(request, _("The key “%(name)s” is revoked: it opens nothing any more.") % {"name": key.name})
    return HttpResponseRedirect(reverse("account-keys"))
