"""Folders of files kept under their digest: written whole or not at all, never overwritten, checked when read."""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

HALF = "."
"""How the name of a file begins that is not whole yet."""


class DamagedFile(Exception):
    """What is on disk is not what was put there, or it is gone."""


def digest_of(file: Path) -> str:
    with file.open("rb") as body:
        return hashlib.file_digest(body, "sha256").hexdigest()


@dataclass(frozen=True)
class Store:
    """One folder below ``DATA_DIR``. Nothing in it is ever served as it is."""

    name: str
    is_tidied: bool = False
    """Whether ``drop_unnamed`` is used on it: then a file that is put there again has to be young again."""

    def folder(self) -> Path:
        place = Path(settings.DATA_DIR) / self.name
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        return place

    def keep(self, body: bytes) -> str:
        """Put bytes under their digest. What is there already stays as it is."""
        digest = hashlib.sha256(body).hexdigest()
        place = self.folder()
        half = place / f"{HALF}{digest}.{secrets.token_hex(8)}"
        try:
            with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
            try:
                os.link(half, place / digest)
            except FileExistsError:
                if self.is_tidied:
                    os.utime(place / digest)
                self.read(digest)
        finally:
            half.unlink(missing_ok=True)
        _sync(place)
        return digest

    def read(self, digest: str) -> bytes:
        """The bytes, once they are known to be those that were put there."""
        try:
            body = (self.folder() / digest).read_bytes()
        except FileNotFoundError as error:
            raise DamagedFile from error
        if hashlib.sha256(body).hexdigest() != digest:
            raise DamagedFile
        return body

    def there(self) -> dict[str, Path]:
        return {file.name: file for file in self.folder().iterdir() if not file.name.startswith(HALF)}

    def altered(self) -> set[str]:
        """Files that are not what their name says."""
        return {name for name, file in self.there().items() if file.is_symlink() or digest_of(file) != name}

    def drop_unnamed(self, named: Collection[str], *, older_than: float) -> int:
        """Remove whole and half files that no row names; young ones may belong to somebody who is about to commit."""
        before = time.time() - older_than
        gone = [file for file in self.folder().iterdir() if file.name not in named and file.lstat().st_mtime < before]
        for file in gone:
            file.unlink(missing_ok=True)
        return len(gone)


def _sync(place: Path) -> None:
    descriptor = os.open(place, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
