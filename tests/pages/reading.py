"""Reading pages in tests: their words and tags, whatever the indentation of the templates."""

from __future__ import annotations

import re

from django.http import HttpResponse


def compact(html: str) -> str:
    """One line, without blanks around tags."""
    return re.sub(r" ?(<[^>]+>) ?", r"\1", re.sub(r"[ \n\t]+", " ", html))


def html_of(response: HttpResponse) -> str:
    return compact(response.content.decode())
