"""The admin's frame: sections in order of work, in the language of the person who signed in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from cxalign.accounts.models import User
from cxalign.desk.fresh import fresh_sign_in_required

DJANGO_S_OWN = (
    gettext_noop("Add another %(verbose_name)s"),
    gettext_noop("Breadcrumbs"),
    gettext_noop("Enter a valid email address."),
    gettext_noop("Start typing to filter…"),
    gettext_noop("Toggle navigation"),
)
"""Texts of Django that our catalogue says in its own words: its French has an “objet” in each, or another word."""

SECTIONS: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    (
        "evidence",
        _("Evidence"),
        (
            "brands.source",
            "brands.promise",
            "brands.action",
            "brands.brandprofile",
            "brands.judgement",
            "brands.outcomefigure",
            "brands.brand",
        ),
    ),
    ("assessments", _("Assessments"), ("scoring.assessment", "scoring.publication", "scoring.snapshot")),
    ("practices", _("Practices"), ("practices.practice",)),
    ("reference", _("Reference data"), ("brands.crisis", "brands.sector", "brands.tag")),
    ("people", _("People and access"), ("accounts.user", "accounts.team", "auth.group", "accounts.apikey")),
)
SYSTEM = _("System")
"""Where everything goes that is in no other section."""

TO_DO: tuple[tuple[str, Any, str], ...] = (
    ("scoring.assessment", _("Verdicts that differ from what is public"), "state=waiting"),
    ("scoring.scoringjob", _("Brands that could not be judged"), "state=failed"),
    ("brands.source", _("Links that are gone"), "link_status__exact=dead&use=current"),
    ("brands.source", _("Sources without an archived copy"), "missing=archive&use=current"),
    ("brands.promise", _("Promises without a source"), "missing=source&use=current"),
    ("brands.action", _("Acts without a source"), "missing=source&use=current"),
    ("brands.action", _("Acts without a proof"), "missing=proof&use=current"),
    ("brands.action", _("Acts not fully coded"), "missing=code&use=current"),
)
"""Lists, filtered to what waits for somebody."""

Section = dict[str, Any]


class AdminSite(admin.AdminSite):
    site_header = "cxalign"
    site_title = "cxalign"
    index_title = _("Administration")

    def get_urls(self) -> list[Any]:
        from cxalign import saved_filters  # the screens, which it asks about lists, are ready only now

        return [
            *saved_filters.addresses(self),
            path("language/", self.admin_view(require_POST(choose_language)), name="language"),
            *super().get_urls(),
        ]

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        return super().admin_view(in_own_language(with_fresh_password(view)), cacheable)

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """There is one sign-in page, for everybody. Whoever is signed in and has no desk is told who gives them one."""
        after = request.GET.get("next") or reverse("admin:index")
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied(_("Your role does not include this page: an administrator can give you another."))
        return redirect_to_login(after, reverse("login"))

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """All sections for the front page and the side bar; one app's own list where Django asks for that."""
        if app_label:
            return super().get_app_list(request, app_label)
        entries = self.entries(request)
        sections = [section("todo", _("To do"), to_do(entries))]
        for code, name, labels in SECTIONS:
            sections.append(section(code, name, [entries.pop(label) for label in labels if label in entries]))
        sections.append(section("system", SYSTEM, list(entries.values())))
        return [found for found in sections if found["models"]]

    def entries(self, request: HttpRequest) -> dict[str, Section]:
        """Every list that this person may open, by the label of its model."""
        apps = self._build_app_dict(request).values()
        return {entry["model"]._meta.label_lower: entry for app in apps for entry in app["models"]}


def section(code: str, name: Any, entries: list[Section]) -> Section:
    return {
        "name": name,
        "app_label": code,
        "app_url": reverse("admin:index"),
        "has_module_perms": True,
        "models": entries,
    }


def to_do(entries: dict[str, Section]) -> list[Section]:
    return [
        {
            "name": name,
            "object_name": f"todo{number}",
            "admin_url": f"{entries[label]['admin_url']}?{query}",
            "add_url": None,
            "view_only": True,
            "perms": {},
        }
        for number, (label, name, query) in enumerate(TO_DO)
        if label in entries and entries[label]["admin_url"]
    ]


def in_own_language(view: Callable[..., Any]) -> Callable[..., Any]:
    """The admin has no language in its addresses: the account says which, or else the browser does."""

    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        language = getattr(request.user, "language", "")
        if language:
            translation.activate(language)  # until the end of the request: pages are rendered after the view
            request.LANGUAGE_CODE = language
        return view(request, *args, **kwargs)

    return wrapped


PUBLISHING = {
    "practices.practice": "is_published",
    "brands.brand": "listed",
}
"""Model → the box on its screen that makes a record public."""


def with_fresh_password(view: Callable[..., Any]) -> Callable[..., Any]:
    """What the admin makes public asks for the password as the desk does, where the last sign-in is a while ago."""

    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.method == "POST" and makes_public(request):
            return fresh_sign_in_required(view)(request, *args, **kwargs)
        return view(request, *args, **kwargs)

    return wrapped


def makes_public(request: HttpRequest) -> bool:
    """Whether what was sent would show something to everybody that is not shown yet."""
    if request.POST.get("action") == "publish_selected":
        return request.user.has_perm("scoring.publish")
    place = request.resolver_match
    if place is None:
        return False
    for label, box in PUBLISHING.items():
        screens = [f"{label.replace('.', '_')}_{screen}" for screen in ("add", "change")]
        if box in request.POST and place.url_name in screens:
            shown = apps.get_model(label)._base_manager.filter(pk=place.kwargs.get("object_id", 0), **{box: True})
            return request.user.has_perm("scoring.publish") and not shown.exists()
    return False


def choose_language(request: HttpRequest) -> HttpResponse:
    """Remember the language with the account, and go back to the page one was on."""
    language, after = request.POST.get("language", ""), request.POST.get("next", "")
    if language not in dict(settings.LANGUAGES):
        return HttpResponseBadRequest(_("There is no such language here."))
    if isinstance(request.user, User):
        request.user.language = language
        request.user.save(update_fields=["language"])
    if not url_has_allowed_host_and_scheme(after, allowed_hosts={request.get_host()}):
        after = reverse("admin:index")
    return HttpResponseRedirect(after)
