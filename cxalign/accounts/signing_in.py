"""Coming in and going out: one page for every role, with one answer for accounts that exist and that do not."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.core.validators import MaxLengthValidator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brands.changes import record_decision
from cxalign.accounts.access import account_page, person
from cxalign.accounts.models import User

NAME_AT_MOST: int = User._meta.get_field("username").max_length or 150


class SignInForm(AuthenticationForm):
    error_messages = {
        "invalid_login": gettext_lazy(
            "No open account has this name with this password. Capital letters count in both; an administrator can "
            "give you a new password."
        ),
        "inactive": gettext_lazy("This account is closed."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("User name")
        # Django only tells the browser how long a name may be; PostgreSQL refuses to note a failure under a longer one.
        self.fields["username"].validators.append(MaxLengthValidator(NAME_AT_MOST))


class SignIn(views.LoginView):
    """Whoever is signed in already goes where they wanted to; an address of another site leads nowhere."""

    form_class = SignInForm
    template_name = "account/login.html"
    redirect_authenticated_user = True
    extra_context = {"site_name": settings.SITE_NAME}

    def get_redirect_url(self, request: HttpRequest | None = None) -> str:
        wanted = str(super().get_redirect_url())
        return "" if _is_sign_in(wanted) else wanted

    def get_default_redirect_url(self) -> str:
        assert isinstance(self.request.user, User)
        return own_place(self.request.user)


def _is_sign_in(address: str) -> bool:
    """Going back to the sign-in page after signing in would go round in circles."""
    try:
        return bool(address) and resolve(address.partition("?")[0]).url_name == "login"
    except Resolver404:
        return False


def own_place(user: User) -> str:
    """Where somebody's work is, in their language: the desk, or their account."""
    with translation.override(user.language or translation.get_language()):
        return reverse("desk" if user.is_staff else "account")


class SignOut(views.LogoutView):
    """The session ends on the server; the page says so."""

    next_page = "home"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        was = request.user.is_authenticated
        response: HttpResponse = super().post(request, *args, **kwargs)
        if was and isinstance(response, HttpResponseRedirect):
            return HttpResponseRedirect(f"{reverse('login')}?out=1")
        return response


class OwnPasswordForm(PasswordChangeForm):
    def save(self, commit: bool = True) -> Any:
        with transaction.atomic():
            user = super().save(commit)
            record_decision("access.password_changed", subject=user, actor=user)
        return user


class PasswordChange(views.PasswordChangeView):
    """Every other session of this person ends with the old password."""

    form_class = OwnPasswordForm
    template_name = "account/password.html"
    extra_context = {"site_name": settings.SITE_NAME, "place": "password"}

    def form_valid(self, form: Any) -> HttpResponse:
        super().form_valid(form)
        messages.success(
            self.request, _("Your password is changed. Wherever else you were signed in, you no longer are.")
        )
        return HttpResponseRedirect(reverse("account"))

    def get_success_url(self) -> str:
        return reverse("account")


sign_in = SignIn.as_view()
sign_out = SignOut.as_view()
password = account_page(PasswordChange.as_view())


def locked_out(request: HttpRequest, credentials: Any = None, *others: Any) -> HttpResponse:
    """After ten wrong tries, for a quarter of an hour, from whatever address, whether or not the account exists."""
    context = {
        "minutes": round(settings.AXES_COOLOFF_TIME * 60),
        "tries": settings.AXES_FAILURE_LIMIT,
        "request_id": getattr(request, "id", ""),
    }
    response = render(request, "account/locked.html", context, status=429)
    response["Retry-After"] = str(round(settings.AXES_COOLOFF_TIME * 3600))
    response["Cache-Control"] = "no-store, private"
    return response


@account_page
def account(request: HttpRequest) -> HttpResponse:
    """The account's first page is the profile."""
    person(request)
    return HttpResponseRedirect(reverse("account-profile"))
