"""Mails as files, where there is no mail server: one file a mail, named by it, so that none is ever there twice."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class EmailBackend(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            keep(message)
        return len(email_messages)


def keep(message: EmailMessage) -> Path:
    """The whole mail under its own name, or nothing: sent again under the same id, it takes its own place."""
    folder = Path(settings.EMAIL_FILE_PATH)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    text = message.message()
    name = re.sub(r"[^A-Za-z0-9._@-]", "", str(text["Message-ID"]))
    path, begun = folder / f"{name}.eml", folder / f".{name}.{os.getpid()}"
    begun.write_bytes(text.as_bytes())
    begun.replace(path)
    return path
