"""Files that come with a reply: what is taken, where it is kept, who reads it, and its end."""

from __future__ import annotations

import hashlib
import os
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from brands.models import Event
from brands.stores import DamagedFile
from scoring import verifying
from scoring.models import DocumentKind, Reply, ReplyDocument
from scoring.voices import documents, erasing, replies
from scoring.voices.rules import VoiceRefused
from tests import factories as make
from tests.scoring.voices import files, making

pytestmark = pytest.mark.django_db

LETTER, DOCUMENT = DocumentKind.LETTER, DocumentKind.DOCUMENT


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def captured_commits(django_capture_on_commit_callbacks: Any) -> Any:
    return django_capture_on_commit_callbacks


def a_file(kind: str = DOCUMENT, name: str = "Proof.pdf", body: bytes = files.PDF) -> documents.Incoming:
    return documents.examine(kind, name, body)


def with_files(*sent: documents.Incoming, **fields: Any) -> Reply:
    return making.a_reply(make.published(make.a_breach()), files=sent, **fields)


# --- What is taken ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("a.pdf", files.PDF),
        ("A.PDF", files.PDF),
        ("a.png", files.PNG),
        ("a.jpg", files.JPEG),
        ("a.jpeg", files.JPEG),
        ("a.txt", files.TEXT),
        ("a.csv", "a;b\n1;é\n".encode("cp1252")),
        ("a.docx", files.DOCX),
        ("a.xlsx", files.XLSX),
        ("a.pptx", files.PPTX),
        ("a.odt", files.ODT),
    ],
)
def test_each_kind_of_the_list_is_taken(name: str, body: bytes) -> None:
    assert documents.examine(DOCUMENT, name, body).body == body


@pytest.mark.parametrize(
    ("name", "body", "why"),
    [
        ("a.html", b"<script>alert(1)</script>", "kind that is not taken"),
        ("a.svg", b"<svg/>", "kind that is not taken"),
        ("a.exe", b"MZ", "kind that is not taken"),
        ("a.zip", files.DOCX, "kind that is not taken"),
        ("a", files.PDF, "kind that is not taken"),
        ("a.pdf.html", files.PDF, "kind that is not taken"),
        ("a.pdf", b"", "empty"),
        ("a.pdf", b"<html>%PDF-1.7 %%EOF", "not what its name says"),
        ("a.pdf", b"%PDF-1.7\ncut off", "not what its name says"),
        ("a.png", files.JPEG, "not what its name says"),
        ("a.txt", b"text\0", "not what its name says"),
        ("a.txt", b"\x80\x01 binary", "not what its name says"),
        ("a.docx", files.XLSX, "not what its name says"),
        ("a.docx", files.WITH_MACRO, "not what its name says"),
        ("a.docx", files.DOCX[:-20], "not what its name says"),
        ("a.odt", files.DOCX, "not what its name says"),
    ],
)
def test_what_is_not_of_the_list_or_not_what_it_says_is_refused(name: str, body: bytes, why: str) -> None:
    with pytest.raises(documents.FileRefused, match=why):
        documents.examine(DOCUMENT, name, body)


def test_a_package_that_unpacks_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    body = files.packed({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"0" * 50_000})
    assert documents.examine(DOCUMENT, "a.docx", body)
    monkeypatch.setattr(documents, "MAX_UNPACKED", 49_999)
    with pytest.raises(documents.FileRefused):
        documents.examine(DOCUMENT, "a.docx", body)


@pytest.mark.parametrize(
    ("sent", "label"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\Ada\\Proof.pdf", "Proof.pdf"),
        ("a\r\nSet-Cookie: b.pdf", "aSet-Cookie: b.pdf"),
        ("Réponse  de la marque.pdf", "Réponse de la marque.pdf"),
    ],
)
def test_a_name_is_a_label_and_never_a_path(sent: str, label: str) -> None:
    assert a_file(name=sent).name == label


def test_a_long_name_keeps_its_ending() -> None:
    label = a_file(name="é" * 400 + ".pdf").name
    assert len(label) <= documents.MAX_NAME
    assert label.endswith(".pdf")


def test_five_files_and_ten_megabytes_are_the_most() -> None:
    five = [documents.MAX_BYTES // 5] * 5
    documents.check_together(five)
    with pytest.raises(documents.FileRefused, match="5 files at most"):
        documents.check_together([1] * 6)
    with pytest.raises(documents.FileRefused, match="10 MB in all"):
        documents.check_together([*five[:4], five[4] + 6])


def test_too_many_files_leave_no_reply_behind() -> None:
    publication = make.published(make.a_breach())
    too_many = [a_file(body=files.TEXT + bytes([65 + n]), name="a.txt") for n in range(6)]
    with pytest.raises(documents.FileRefused):
        making.a_reply(publication, files=too_many)
    assert not Reply.objects.exists()
    assert making.a_reply(publication, files=too_many[:5]).documents.count() == 5


# --- Where it is kept -------------------------------------------------------------------------------------------------


def test_a_file_is_kept_under_its_digest_and_the_log_names_it_by_that() -> None:
    reply = with_files(a_file(), a_file(LETTER, "Signed by Ada Private.png", files.PNG))
    document, letter = reply.documents.all()
    digest = hashlib.sha256(files.PDF).hexdigest()
    assert (document.sha256, document.size, document.name) == (digest, len(files.PDF), "Proof.pdf")
    assert (documents.STORE.folder() / digest).read_bytes() == files.PDF
    assert documents.body_of(letter) == files.PNG
    event = Event.objects.get(kind="reply.received")
    assert event.changes["documents"] == [None, [f"document {digest}", f"letter {letter.sha256}"]]
    assert "Ada" not in str(event.changes)


def test_a_file_sent_twice_with_one_reply_is_one() -> None:
    assert with_files(a_file(), a_file(name="Copy.pdf")).documents.count() == 1


def test_the_store_is_closed_to_other_people() -> None:
    with_files(a_file())
    folder = documents.STORE.folder()
    (file,) = folder.iterdir()
    assert (folder.stat().st_mode & 0o077, file.stat().st_mode & 0o077) == (0, 0)


def test_verify_names_a_file_that_is_gone_altered_or_smuggled_in() -> None:
    reply = with_files(a_file(), a_file(name="b.txt", body=files.TEXT))
    assert list(documents.damaged_documents()) == []
    first, second = reply.documents.all()
    (documents.STORE.folder() / first.sha256).unlink()
    (documents.STORE.folder() / second.sha256).chmod(0o600)
    (documents.STORE.folder() / second.sha256).write_bytes(b"altered")
    (documents.STORE.folder() / "smuggled").write_bytes(b"mine")
    found = [str(one) for one in verifying.verify_store()]
    assert sum(reply.reference in one for one in found) == 2
    assert any("replies/smuggled" in one for one in found)
    with pytest.raises(DamagedFile):
        documents.body_of(second)


# --- The letter that comes later --------------------------------------------------------------------------------------


def test_a_letter_is_awaited_until_it_has_come() -> None:
    reply = with_files(mandate="letter")
    assert replies.awaits_letter(reply)
    letter = a_file(LETTER)
    replies.add_letter(reply, letter)
    replies.add_letter(reply, letter)
    assert reply.documents.filter(kind=LETTER).count() == 1
    assert not replies.awaits_letter(Reply.objects.get())
    assert Event.objects.filter(kind="reply.letter_received").count() == 1


def test_an_address_at_the_brand_needs_no_letter_and_another_does() -> None:
    publication = make.published(make.a_breach("Specimen", website="https://specimen.example/"))
    assert not replies.awaits_letter(making.a_reply(publication, email="ada@specimen.example"))
    assert replies.awaits_letter(making.a_reply(publication, email="ada@elsewhere.example"))


def test_no_letter_comes_after_the_decision_and_none_beyond_the_limits() -> None:
    reply = with_files(*[a_file(name="a.txt", body=files.TEXT + bytes([65 + n])) for n in range(5)], mandate="letter")
    with pytest.raises(documents.FileRefused):
        replies.add_letter(reply, a_file(LETTER))
    decided = making.put_out(with_files(mandate="letter"))
    with pytest.raises(VoiceRefused, match="decided"):
        replies.add_letter(decided, a_file(LETTER))


# --- Its end ----------------------------------------------------------------------------------------------------------


def aged(file: Path, *, hours: float) -> Path:
    then = time.time() - hours * 3600
    os.utime(file, (then, then))
    return file


def test_a_letter_goes_with_its_sender_and_a_document_stays(captured_commits: Any) -> None:
    reply = with_files(a_file(), a_file(LETTER, "Ada.png", files.PNG))
    document, letter = reply.documents.all()
    aged(documents.STORE.folder() / letter.sha256, hours=2)
    with captured_commits(execute=True):
        erasing.erase_sender(reply, by=making.an_answering_editor())
    letter.refresh_from_db()
    assert (bool(letter.erased_at), letter.name) == (True, "")
    assert set(documents.STORE.there()) == {document.sha256}
    assert [one.kind for one in documents.documents_of(Reply.objects.get())] == [DOCUMENT]
    assert list(documents.damaged_documents()) == []


def test_a_letter_is_forgotten_three_years_after_the_decision() -> None:
    reply = making.put_out(with_files(a_file(LETTER)))
    Reply.objects.filter(pk=reply.pk).update(decided_at=timezone.now() - erasing.KEPT_FOR + timedelta(days=1))
    assert erasing.erase_old() == 0
    Reply.objects.filter(pk=reply.pk).update(decided_at=timezone.now() - erasing.KEPT_FOR - timedelta(days=1))
    assert erasing.erase_old() == 1
    assert ReplyDocument.objects.get().erased_at


def test_bytes_of_nobody_go_after_an_hour_and_those_of_somebody_stay() -> None:
    reply = with_files(a_file())
    kept = aged(documents.STORE.folder() / reply.documents.get().sha256, hours=50)
    old = aged(documents.STORE.folder() / documents.STORE.keep(b"a reply that was never stored"), hours=2)
    young = documents.STORE.folder() / documents.STORE.keep(b"somebody is about to name it")
    half = documents.STORE.folder() / ".half"
    half.write_bytes(b"cut")
    aged(half, hours=2)
    assert documents.drop_left_overs() == 2
    assert [file.exists() for file in (kept, old, young, half)] == [True, False, True, False]


def test_bytes_kept_again_are_young_again() -> None:
    file = aged(documents.STORE.folder() / documents.STORE.keep(files.PDF), hours=2)
    documents.STORE.keep(files.PDF)
    assert documents.drop_left_overs() == 0
    assert file.exists()
