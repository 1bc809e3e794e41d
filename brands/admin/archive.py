"""Archived copies on the screen of a source: ordering, taking out, and bringing in by hand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.defaultfilters import filesizeformat
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.utils.translation import gettext_lazy as _

from brands import archiving
from brands.admin.acts import BulkSteps, Step
from brands.admin.base import FactsAdmin, user_of
from brands.forms import CopyForm
from brands.models import Source


def order(sources: Iterable[Source], *, by: Any, reason: str) -> int:
    return archiving.order_copies(sources, by=by, reason=reason).jobs.count()


ARCHIVE = Step(
    "archive",
    _("Archive copies of %(count)s %(records)s now?"),
    _(
        "Each page is fetched in the background as it stands now, and kept as a copy with its time and digest. "
        "Sources without an address, and those that wait for a copy already, are left out. An earlier copy stays."
    ),
    _("Archive copies"),
    order,
    lambda count: ngettext("%d copy is on its way.", "%d copies are on their way.", count) % count,
)


class ArchivableAdmin(BulkSteps, FactsAdmin):
    """A screen of sources, with their copies."""

    @admin.action(permissions=["change"], description=gettext_lazy("Archive copies now…"))
    def archive_selected(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse:
        return self.ask(request, queryset, ARCHIVE, back=request.get_full_path())

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/copy/", wrap(self.copy_view), name="brands_source_copy"),
            path("<int:pk>/copy/new/", wrap(self.order_view), name="brands_source_archive"),
            path("<int:pk>/copy/upload/", wrap(self.upload_view), name="brands_source_upload"),
            *super().get_urls(),
        ]

    @admin.display(description=gettext_lazy("our copy"))
    def our_copy(self, source: Source) -> str:
        if not source.archive_sha256 or not source.archived_at:
            return gettext("None yet. “Archive a copy” above makes one.")
        words = gettext("%(kind)s, %(size)s, archived on %(when)s") % {
            "kind": archiving.SUFFIXES.get(source.archive_type, "?").upper(),
            "size": filesizeformat(source.archive_size or 0),
            "when": formats.date_format(timezone.localtime(source.archived_at), "DATETIME_FORMAT"),
        }
        if not source.archive_size:  # the digest of a copy that somebody else keeps
            return source.archive_sha256
        address = reverse("admin:brands_source_copy", args=[source.pk])
        return format_html(
            '<a href="{}">{}</a><br><code class="digest">SHA-256 {}</code>', address, words, source.archive_sha256
        )

    def source_to(self, request: HttpRequest, pk: int, *, change: bool) -> Source:
        """The source, for somebody who may do that with it."""
        source = self.get_queryset(request).filter(pk=pk).first()
        if source is None:
            raise Http404
        allowed = self.has_change_permission if change else self.has_view_or_change_permission
        if not allowed(request, source):
            raise PermissionDenied
        return source

    def copy_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The copy, to be saved and not shown: what is in it was written by strangers."""
        source = self.source_to(request, pk, change=False)
        if not source.archive_size or source.archive_type not in archiving.SUFFIXES:
            raise Http404
        try:
            body = archiving.check(source.archive_sha256)
        except archiving.DamagedCopy:
            message = _("The copy on file is damaged or gone: restore it from a backup. Nothing was sent.")
            self.message_user(request, message, messages.ERROR)
            return HttpResponseRedirect(reverse("admin:brands_source_change", args=[source.pk]))
        response = HttpResponse(body, content_type=source.archive_type)
        name = f"{source.key[:80]}.{archiving.SUFFIXES[source.archive_type]}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        response["X-Content-Type-Options"] = "nosniff"
        response["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'none'"
        response["Cache-Control"] = "no-store, private"
        return response

    def order_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        source = self.source_to(request, pk, change=True)
        return self.ask(request, [source], ARCHIVE, back=reverse("admin:brands_source_change", args=[source.pk]))

    def upload_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A copy brought by hand, of a page that no machine may read."""
        source = self.source_to(request, pk, change=True)
        back = reverse("admin:brands_source_change", args=[source.pk])
        form = CopyForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            body, kind = form.cleaned_data["file"]
            archiving.keep_by_hand(source, body, kind, by=user_of(request), reason=form.cleaned_data["reason"])
            self.message_user(request, gettext("The copy is kept."), messages.SUCCESS)
            return HttpResponseRedirect(back)
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Bring in a copy by hand"),
            "opts": self.opts,
            "media": self.media,
            "source": source,
            "form": form,
            "back": back,
        }
        return TemplateResponse(request, "admin/brands/source/upload.html", context)
