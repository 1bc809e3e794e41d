"""The addresses of this part of the desk."""

from __future__ import annotations

from django.urls import URLPattern, path

from cxalign.desk.replies import contacts, listing, mails, notices, replies, reports

urlpatterns: list[URLPattern] = [
    path("replies/", listing.listing, name="desk-replies"),
    path("replies/reply/<slug:reference>/", replies.reply, name="desk-reply"),
    path("replies/file/<slug:reference>/<int:pk>/", replies.document, name="desk-reply-document"),
    path("replies/report/<slug:reference>/", reports.report, name="desk-report"),
    path("replies/notice/<int:pk>/", notices.notice, name="desk-notice"),
    path("replies/ask/<slug:brand>/<slug:crisis>/", notices.ask, name="desk-ask"),
    path("replies/contacts/<slug:brand>/", contacts.contacts, name="desk-contacts"),
    path("replies/mails/", mails.mails, name="desk-mails"),
]
