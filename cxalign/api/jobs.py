"""Work in the background, whatever it is: an import or an export, under its number alone."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpResponse
from rest_framework.request import Request

from cxalign.api import shapes
from cxalign.api.exports import ExportDetail
from cxalign.api.imports import ImportDetail
from cxalign.api.uuids import number_in
from cxalign.api.views import DetailView
from cxalign.exports.models import ExportJob


class JobDetail(ImportDetail):
    """Get a job."""

    shape: ClassVar[Any] = shapes.Job
    answers = {"DELETE": (200, 202, 403, 409, 412, 413, 428)}

    def get(self, request: Request, **place: Any) -> HttpResponse:
        other = self.export_of(place["id"])
        return DetailView.get(other, request, **place) if other else super().get(request, **place)

    def delete(self, request: Request, id: str) -> HttpResponse:
        """Cancel an import or an export. A finished export is removed, with its file."""
        other = self.export_of(id)
        return other.delete(request, id) if other else super().delete(request, id)

    def export_of(self, name: str) -> ExportDetail | None:
        """The view on exports, where the job is an export of the key’s owner."""
        number = number_in(name)
        if not (number and ExportJob.objects.of(self.request.user).filter(pk=number).exists()):
            return None
        view = ExportDetail()
        view.request, view.args, view.kwargs = self.request, self.args, self.kwargs
        return view
