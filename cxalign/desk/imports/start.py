"""Steps 1 and 2: what to import, its template, and the file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_safe

from brands.importing import giving_out, jobs
from brands.importing.kinds import Kind, by_name
from brands.importing.rights import importable
from brands.imports.reading import MAX_BYTES, MAX_ROWS, UnusableError
from brands.models import Crisis, ImportJob
from cxalign.desk.access import desk_page
from cxalign.desk.imports.access import IMPORTING, on_to
from cxalign.desk.rendering import person, render_desk
from cxalign.templatetags.cxalign import page_language

LISTED = 30
AROUND_THE_FILE = 64 * 1024
"""What a form adds to the bytes of its file."""


class StartForm(forms.Form):
    type = forms.ChoiceField(label=gettext_lazy("What the file holds"), widget=forms.RadioSelect)
    crisis = forms.ModelChoiceField(
        Crisis.objects.none(),
        label=gettext_lazy("Crisis"),
        empty_label=None,
        help_text=gettext_lazy("Counts for acts, profiles, judgements and outcome figures."),
    )
    file = forms.FileField(label=gettext_lazy("File"), widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}))

    def __init__(self, kinds: list[Kind], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["type"].choices = [(kind.name, kind.title) for kind in kinds]  # type: ignore[attr-defined]
        self.fields["type"].initial = "actions"
        self.fields["crisis"].queryset = Crisis.objects.all()  # type: ignore[attr-defined]
        limits = {"megabytes": MAX_BYTES // 1024 // 1024, "rows": number_format(MAX_ROWS, force_grouping=True)}
        self.fields["file"].help_text = (
            _("CSV or XLSX, at most %(megabytes)s MB and %(rows)s rows. Any usual encoding and separator will do.")
            % limits
        )


@desk_page(*IMPORTING)
@csrf_exempt
def imports(request: HttpRequest) -> HttpResponse:
    """The check against forged requests reads the body: a body that is far too large is refused before."""
    sent = request.META.get("CONTENT_LENGTH") or "0"
    if request.method == "POST" and sent.isdecimal() and int(sent) > MAX_BYTES + AROUND_THE_FILE:
        form = StartForm(importable(person(request)))
        message = _("The file is over %(limit)s MB: split it.") % {"limit": MAX_BYTES // 1024 // 1024}
        return page(request, form, refusal=message, status=413)
    return imports_within_limits(request)


@csrf_protect
def imports_within_limits(request: HttpRequest) -> HttpResponse:
    kinds = importable(person(request))
    form = StartForm(kinds, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        return take_in(request, form)
    return page(request, form, status=422 if form.is_bound else 200)


def take_in(request: HttpRequest, form: StartForm) -> HttpResponse:
    sent = form.cleaned_data
    file = sent["file"]
    try:
        job = jobs.create_job(sent["type"], file.name, file.read(MAX_BYTES + 1), sent["crisis"], person(request))
    except UnusableError as error:
        return page(request, form, refusal=str(error.problem), status=422)
    return on_to(job)


def page(request: HttpRequest, form: StartForm, *, refusal: str = "", status: int = 200) -> HttpResponse:
    user = person(request)
    listed = ImportJob.objects.visible_to(user).select_related("requested_by").defer("data")[:LISTED]
    context = {
        "form": form,
        "kinds": importable(user),
        "refusal": refusal,
        "listed": [(job, by_name()[job.type].title) for job in listed],
    }
    return render_desk(request, "desk/imports/start.html", context, status=status)


@desk_page(*IMPORTING)
@require_safe
def template(request: HttpRequest, type: str, ending: str) -> HttpResponse:
    """An empty sheet with an example row, in the language of the page."""
    makers = {"csv": (giving_out.template_csv, "text/csv; charset=utf-8"), "xlsx": (giving_out.template_xlsx, XLSX)}
    if type not in {kind.name for kind in importable(person(request))} or ending not in makers:
        raise Http404
    make, content_type = makers[ending]
    return attached(make(by_name()[type], page_language()), f"{type}_{page_language()}.{ending}", content_type)


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def attached(data: bytes, name: str, content_type: str) -> HttpResponse:
    return HttpResponse(
        data, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
