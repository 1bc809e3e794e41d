"""Lists as somebody set them up: search and filters under a name, for oneself or for a team."""

from __future__ import annotations

from typing import Any

from django import forms
from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from brands.admin import user_of
from brands.models import SavedFilter
from cxalign.accounts.models import Team, User

PASSING = frozenset({"p", "e", "all", "_popup", "_to_field", "_facets", "_changelist_filters"})
"""Parameters of the moment: which page, which window. They are no part of a filter."""


class SaveForm(forms.ModelForm):
    class Meta:
        model = SavedFilter
        fields = ("name", "team")

    def __init__(self, *args: Any, teams: QuerySet[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = teams  # type: ignore[attr-defined]


def shown_to(user: User, list_label: str) -> QuerySet[SavedFilter]:
    """One's own, and those that somebody shared with a team one belongs to."""
    mine_or_ours = Q(owner=user) | Q(team__in=user.teams.all())
    return SavedFilter.objects.filter(mine_or_ours, list_label=list_label).select_related("owner", "team").distinct()


def cleaned_query(query: str) -> str:
    """A query as it is compared and kept: without what belongs to the moment."""
    given = QueryDict(query, mutable=True)
    for name in PASSING & set(given):
        del given[name]
    return given.urlencode()


def list_of(request: HttpRequest, label: str) -> Any:
    """The screen of a list, for somebody who may open it."""
    model = apps.get_model(label) if label.count(".") == 1 and label in _lists() else None
    if model is None:
        raise Http404
    screen = admin.site.get_model_admin(model)
    if not screen.has_view_or_change_permission(request):
        raise PermissionDenied
    return screen


def _lists() -> set[str]:
    return {model._meta.label_lower for model in admin.site._registry}


def is_understood(request: HttpRequest, screen: Any, query: str) -> bool:
    """Whether the list itself takes the query: it knows its filters, and looks up nothing else."""
    tried = HttpRequest()
    tried.GET, tried.user, tried.method, tried.path = QueryDict(query), request.user, "GET", request.path
    try:
        screen.get_changelist_instance(tried).get_queryset(tried)
    except (IncorrectLookupParameters, DisallowedModelAdminLookup):
        return False
    return True


def address_of(label: str, query: str) -> str:
    app, model = label.split(".")
    return f"{reverse(f'admin:{app}_{model}_changelist')}?{query}"


# --- Adding, renaming, removing ---------------------------------------------------------------------------------------


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    label = request.POST.get("list", "")
    screen, query, user = list_of(request, label), cleaned_query(request.POST.get("query", "")[:5000]), user_of(request)
    back = HttpResponseRedirect(address_of(label, query))
    if not query or len(query) > 1000 or not is_understood(request, screen, query):
        messages.error(request, _("Nothing was saved: search or filter the list first."))
        return HttpResponseRedirect(address_of(label, ""))
    form = SaveForm(
        request.POST, instance=SavedFilter(owner=user, list_label=label, query=query), teams=user.teams.all()
    )
    if not form.is_valid():
        messages.error(request, _("Nothing was saved: give a name of 60 letters at most, and choose a team of yours."))
    elif SavedFilter.objects.filter(owner=user, list_label=label, name=form.cleaned_data["name"]).exists():
        messages.error(request, _("Nothing was saved: a filter of yours has this name already. Choose another."))
    else:
        form.save()
        messages.success(request, _("The filter is saved: it stands above this list from now on."))
    return back


@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Another name, another team, or gone: for its owner alone."""
    user = user_of(request)
    saved = SavedFilter.objects.filter(pk=pk, owner=user).first()
    if saved is None:
        raise Http404
    if "remove" in request.POST:
        saved.delete()
        messages.success(request, _("The saved filter is removed. The records it found are untouched."))
        return HttpResponseRedirect(address_of(saved.list_label, saved.query))
    form = SaveForm(request.POST, instance=saved, teams=user.teams.all())
    others = SavedFilter.objects.filter(owner=user, list_label=saved.list_label).exclude(pk=pk)
    if not form.is_valid() or others.filter(name=form.cleaned_data["name"]).exists():
        messages.error(request, _("Nothing was changed: choose a name that no other filter of yours has."))
    else:
        form.save()
        messages.success(request, _("The saved filter is changed."))
    return HttpResponseRedirect(address_of(saved.list_label, saved.query))


def addresses(site: admin.AdminSite) -> list[Any]:
    return [
        path("filters/add/", site.admin_view(add), name="saved-filter-add"),
        path("filters/<int:pk>/", site.admin_view(change), name="saved-filter-change"),
    ]
