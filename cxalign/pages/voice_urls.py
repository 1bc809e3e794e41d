"""The addresses of what brands and readers say, outside a case. Below the language prefix; tokens are unguessable."""

from __future__ import annotations

from django.urls import path

from cxalign.pages import corrections, replies, report

urlpatterns = [
    path("corrections/", corrections.corrections, name="corrections"),
    path("report/", report.report, name="report"),
    path("reports/<str:token>/", report.status, name="report-status"),
    path("replies/<str:token>/", replies.status, name="reply-status"),
    path("replies/<str:token>/confirm/<str:confirm_token>/", replies.confirm, name="reply-confirm"),
    path("notices/<str:token>/", replies.notice, name="notice"),
    path("notices/<str:token>/reply/", replies.reply_to_notice, name="notice-reply"),
]
