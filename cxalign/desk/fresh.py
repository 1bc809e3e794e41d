"""Acts that ask for the password again once the last sign-in is a while ago."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters

from cxalign.desk.rendering import person, render_desk

if TYPE_CHECKING:
    from cxalign.accounts.models import User

LIMIT = timedelta(minutes=30)
SIGNED_IN_AT = "signed_in_at"
"""In the session: when its owner last showed the password."""
CONFIRMED = "confirmed"
"""The field of a last confirmation. It is not carried over the password: Enter after a password confirms nothing."""
PASSWORD = "password_again"  # noqa: S105 – the name of a field

View = Callable[..., HttpResponse]


@receiver(user_logged_in)
def note_sign_in(request: HttpRequest | None, **kwargs: Any) -> None:
    if request is not None and hasattr(request, "session"):
        request.session[SIGNED_IN_AT] = timezone.now().timestamp()


def is_fresh(request: HttpRequest) -> bool:
    """A time in the future is not fresh: somebody has turned back the clock."""
    age = timezone.now().timestamp() - request.session.get(SIGNED_IN_AT, 0)
    return 0 <= age <= LIMIT.total_seconds()


class PasswordForm(forms.Form):
    password_again = forms.CharField(
        label=gettext_lazy("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )

    def __init__(self, request: HttpRequest, user: User) -> None:
        given = request.POST if PASSWORD in request.POST else None
        super().__init__(given)
        self.request, self.user = request, user

    def clean_password_again(self) -> str:
        password: str = self.cleaned_data[PASSWORD]
        if authenticate(self.request, username=self.user.get_username(), password=password) != self.user:
            raise forms.ValidationError(_("This is not your password: try again."))
        return password


def fresh_sign_in_required(view: View) -> View:
    """Before anything is sent that way, ask for the password again if it was given too long ago.

    What the form held waits on the page that asks, and goes on with the password.
    """

    @sensitive_post_parameters(PASSWORD)
    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST" or is_fresh(request):
            return view(request, *args, **kwargs)
        form = PasswordForm(request, person(request))
        if not form.is_valid():
            return _ask(request, form)
        request.session.cycle_key()
        request.session[SIGNED_IN_AT] = timezone.now().timestamp()
        return view(request, *args, **kwargs)

    return asked


def _ask(request: HttpRequest, form: PasswordForm) -> HttpResponse:
    left_out = {"csrfmiddlewaretoken", PASSWORD, CONFIRMED}
    kept = [(name, value) for name, values in request.POST.lists() if name not in left_out for value in values]
    request.in_public_frame = True  # type: ignore[attr-defined]  # also where a screen of the admin asks
    return render_desk(request, "desk/publishing/password.html", {"form": form, "kept": kept})
