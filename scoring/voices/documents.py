"""Files that come with a reply: documents that bear it out, and the signed letter of whoever speaks for the brand.

The name's ending, the first bytes and the structure have to agree. Bytes go to a store of their own under ``DATA_DIR``
before the row that names them; what no row names any more is removed. A letter is erased with its sender.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from brands.archiving import looks_like
from brands.models import validate_plain_text
from brands.stores import Store
from brands.trail import Finding
from scoring.models import DOCUMENT_TYPES, DocumentKind, Reply, ReplyDocument

STORE = Store("replies", is_tidied=True)
MAX_FILES = 5
MAX_BYTES = 10 * 1024 * 1024
"""In all, for one reply."""
MAX_NAME = 120
MAX_MEMBERS, MAX_UNPACKED = 2_000, 200 * 1024 * 1024
LEFT_OVER_AFTER = timedelta(hours=1)
"""A file that no row names is removed then: whoever was about to name it has done so or is dead."""


class FileRefused(Exception):
    """Why a file is not taken; the text is what the screen shows."""


@dataclass(frozen=True)
class Incoming:
    """A file that was looked at and may be kept."""

    kind: str
    name: str
    media_type: str
    body: bytes


# --- Looking at a file ------------------------------------------------------------------------------------------------


def examine(kind: str, name: str, body: bytes) -> Incoming:
    """Raise ``FileRefused`` with the reason unless the file is what its name says, and of a kind that is taken."""
    label = shown_name(name)
    media_type = DOCUMENT_TYPES.get(label.rpartition(".")[2].lower(), "")
    if not media_type:
        raise FileRefused(
            _("“%(name)s” is of a kind that is not taken: send a PDF, a picture (PNG, JPEG), a text or an office file.")
            % {"name": label}
        )
    if not body:
        raise FileRefused(_("“%(name)s” is empty.") % {"name": label})
    if not _is_what_it_says(media_type, body):
        raise FileRefused(
            _("“%(name)s” is not what its name says, is damaged, locked, or holds macros: save it again, as a PDF.")
            % {"name": label}
        )
    return Incoming(kind, label, media_type, body)


def shown_name(name: str) -> str:
    """The label of a file: the last part of what was sent, one line, no control characters, not too long."""
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = " ".join("".join(char for char in last if char.isprintable()).split()) or "?"
    stem, dot, ending = plain.rpartition(".")
    label = plain if len(plain) <= MAX_NAME else f"{stem[: MAX_NAME - len(ending) - 2]}…{dot}{ending}"[-MAX_NAME:]
    validate_plain_text(label)
    return label


def _is_what_it_says(media_type: str, body: bytes) -> bool:
    if media_type.startswith("application/vnd."):
        return _is_office(media_type, body)
    if media_type == "application/pdf":
        return looks_like(media_type, body) and b"%%EOF" in body[-2048:]
    if media_type.startswith("text/"):
        return _is_text(body)
    return looks_like(media_type, body)


def _is_text(body: bytes) -> bool:
    if b"\0" in body:
        return False
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return not any(byte < 32 and byte not in b"\t\n\r\f" for byte in body)
    return True


_MAIN_PARTS = {"wordprocessingml": "word/document.xml", "spreadsheetml": "xl/workbook.xml"}


def _is_office(media_type: str, body: bytes) -> bool:
    """A package with the part that makes it one, without macros and of a reasonable size."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as package:
            members = package.infolist()
            if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_UNPACKED:
                return False
            if any(member.flag_bits & 1 or _is_macro(member.filename) for member in members):
                return False
            return _has_main_part(package, media_type)
    except (zipfile.BadZipFile, KeyError, NotImplementedError, OSError, ValueError, EOFError):
        return False


def _is_macro(name: str) -> bool:
    low = name.lower()
    return low.endswith(("vbaproject.bin", ".exe", ".js", ".vbs")) or low.startswith(("basic/", "scripts/"))


def _has_main_part(package: zipfile.ZipFile, media_type: str) -> bool:
    if ".opendocument." in media_type:
        with package.open("mimetype") as file:
            return file.read(200).strip() == media_type.encode()
    part = next((part for word, part in _MAIN_PARTS.items() if word in media_type), "ppt/presentation.xml")
    return {"[Content_Types].xml", part} <= set(package.namelist())


def check_together(sizes: Collection[int]) -> None:
    """Raise ``FileRefused`` where there are too many files for one reply, or they are too large in all."""
    if len(sizes) > MAX_FILES:
        raise FileRefused(_("%(max)d files at most can come with a reply, its letter included.") % {"max": MAX_FILES})
    if sum(sizes) > MAX_BYTES:
        raise FileRefused(_("The files of a reply may hold 10 MB in all: send fewer or smaller ones."))


# --- Keeping and reading ----------------------------------------------------------------------------------------------


def keep(reply: Reply, files: Sequence[Incoming]) -> list[ReplyDocument]:
    """Store the files of a reply, inside the transaction that stores or changes it. The same one twice is one."""
    different = {(one.kind, STORE.keep(one.body)): one for one in files}
    return [
        ReplyDocument.objects.get_or_create(
            reply=reply,
            kind=kind,
            sha256=digest,
            defaults={"name": one.name, "media_type": one.media_type, "size": len(one.body)},
        )[0]
        for (kind, digest), one in different.items()
    ]


def told(documents: Sequence[ReplyDocument]) -> dict[str, list[Any]]:
    """What the log keeps: kind and digest. The name of a file may be somebody's."""
    return {"documents": [None, [f"{one.kind} {one.sha256}" for one in documents]]} if documents else {}


def documents_of(reply: Reply) -> list[ReplyDocument]:
    """What was sent with it, in order; letters that were erased are gone."""
    return [one for one in reply.documents.all() if one.erased_at is None]


def public_documents() -> QuerySet[ReplyDocument]:
    """Of a reply that is shown; that it is shown is for ``visible_replies`` to say."""
    return ReplyDocument.objects.filter(kind=DocumentKind.DOCUMENT).order_by("id")


def body_of(document: ReplyDocument) -> bytes:
    """Its bytes; raises ``DamagedFile`` where they are not those that came."""
    return STORE.read(document.sha256)


# --- Erasing ----------------------------------------------------------------------------------------------------------


def erase_letters(reply: Reply) -> int:
    """A letter names and shows who signed it: it goes with the sender. That there was one stays known."""
    letters = reply.documents.filter(kind=DocumentKind.LETTER, erased_at__isnull=True)
    count = letters.update(erased_at=timezone.now(), name="")
    if count:
        transaction.on_commit(drop_left_overs, robust=True)
    return count


def drop_left_overs() -> int:
    """Remove the bytes that no row names: of erased letters, and of replies that were never stored."""
    named = ReplyDocument.objects.filter(erased_at__isnull=True).values_list("sha256", flat=True)
    return STORE.drop_unnamed(set(named), older_than=LEFT_OVER_AFTER.total_seconds())


# --- Checking ---------------------------------------------------------------------------------------------------------


def damaged_documents() -> Iterator[Finding]:
    """Files of replies that are gone or altered."""
    there, altered = STORE.there(), STORE.altered()
    rows = ReplyDocument.objects.filter(erased_at__isnull=True).select_related("reply").order_by("pk")
    for row in rows.iterator(chunk_size=200):
        if row.sha256 not in there:
            yield Finding(f"scoring.reply:{row.reply.reference}", f"its file {row.sha256} is gone")
        elif row.sha256 in altered:
            yield Finding(f"scoring.reply:{row.reply.reference}", f"its file {row.sha256} is not the one that came")
    for name in sorted(altered):
        yield Finding(f"replies/{name}", "its content does not match its name: altered, or put in by hand")
