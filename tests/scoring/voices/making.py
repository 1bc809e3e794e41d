"""Short functions that make what brands and readers say."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from brands.models import Brand
from cxalign.accounts.models import User
from scoring.models import BrandContact, ErrorReport, Publication, Reply, ReplyNotice
from scoring.voices import notices, replies, reports
from scoring.voices.passages import passages
from tests import factories as make

REASONS = {"reason_en": "We checked each point.", "reason_fr": "Nous avons vérifié chaque point."}


def an_answering_editor(**fields: Any) -> User:
    return make.a_user("scoring.read_drafts", "scoring.answer_replies", "scoring.publish", is_staff=True, **fields)


def a_contact(brand: Brand, **fields: Any) -> BrandContact:
    return BrandContact.objects.create(
        **{
            "brand": brand,
            "name": "Press office",
            "email": f"press@{brand.slug}.example",
            "language": "en",
            "source": "Legal notice of the site, read on 3 November.",
            **fields,
        }
    )


def a_notice(brand: Brand, *, deadline: date | None = None, by: User | None = None, **contact: Any) -> ReplyNotice:
    snapshot = make.judged(brand)
    return notices.send_notice(
        snapshot,
        a_contact(brand, **contact),
        deadline=deadline or timezone.localdate() + timedelta(days=10),
        by=by or an_answering_editor(),
    )


def sent(document: Any, **fields: Any) -> replies.Sent:
    """What a form gives: the first passage contested, unless told otherwise."""
    return replies.Sent(
        **{
            "key": f"a-key-of-one-form-{make.number()}",
            "passages": passages(document)[:1],
            "contested_text": "",
            "text": "That is not what happened.",
            "name": "Ada Private",
            "capacity": "Head of communication",
            "organisation": "Specimen SA",
            "email": "ada@elsewhere.example",
            "mandate": "email",
            "sources": "",
            "language": "en",
            **fields,
        }
    )


def a_reply(publication: Publication, **fields: Any) -> Reply:
    document = json.loads(publication.snapshot.document)
    about = replies.Contested(publication.assessment, document, publication=publication)
    return replies.receive(about, sent(document, **fields))


def a_reply_to(notice: ReplyNotice, **fields: Any) -> Reply:
    document = json.loads(notice.snapshot.document)
    return replies.receive(replies.Contested(notice.assessment, document, notice=notice), sent(document, **fields))


def a_published_reply(publication: Publication, **fields: Any) -> Reply:
    return put_out(a_reply(publication, **fields))


def put_out(reply: Reply, **fields: Any) -> Reply:
    return replies.publish_reply(
        reply,
        **{"by": an_answering_editor(), "outcome": "maintained", "identity_checked": True, **REASONS, **fields},
    )


def a_report(publication: Publication | None = None, **fields: Any) -> ErrorReport:
    return reports.receive(
        reports.Reported(
            **{
                "key": f"a-key-of-one-form-{make.number()}",
                "kind": "error",
                "what": "The date of the second act is wrong.",
                "place": "second act",
                "source": "https://example.org/press",
                "email": "reader@elsewhere.example",
                "language": "en",
                "publication": publication,
                **fields,
            }
        )
    )
