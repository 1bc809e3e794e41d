"""People who sign in, and the teams they are in. The model is our own: it cannot be swapped later."""

from __future__ import annotations

import zoneinfo
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser, Permission
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from brands.models import validate_plain_text


@cache
def time_zones() -> list[tuple[str, str]]:
    """The zones that people name: a continent and a town."""
    places = sorted(name for name in zoneinfo.available_timezones() if "/" in name and not name.startswith("Etc/"))
    return [(name, name.replace("_", " ")) for name in places]


class User(AbstractUser):
    """A person with an account. What they may do comes from their groups."""

    language = models.CharField(
        _("language"),
        max_length=2,
        choices=[("fr", "Français"), ("en", "English")],
        blank=True,
        default="",
        help_text=_("Left empty, the browser decides."),
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        blank=True,
        default="",
        help_text=_("For the times that you are shown. Left empty, it is that of the site."),
    )
    session_generation = models.PositiveIntegerField(default=0, editable=False)
    """Part of what a session is checked against: raising it ends every open session of this person."""

    class Meta(AbstractUser.Meta):
        verbose_name = _("user")  # type: ignore[assignment]
        verbose_name_plural = _("users")  # type: ignore[assignment]
        ordering = ("username",)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Whoever is deactivated is signed out everywhere, and is not signed in again when the account comes back."""
        fields = kwargs.get("update_fields")
        closing = self.pk and not self.is_active and (fields is None or "is_active" in fields)
        if closing and User.objects.filter(pk=self.pk, is_active=True).exists():
            self.session_generation += 1
            if fields is not None:
                kwargs["update_fields"] = {*fields, "session_generation"}
        super().save(*args, **kwargs)

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        """As Django makes it, of the password; and of the generation, which ends sessions without a new password."""
        salt = "cxalign.accounts.models.people.User.session"
        held = f"{self.session_generation}:{self.password}"
        return salted_hmac(salt, held, secret=secret, algorithm="sha256").hexdigest()

    # --- Rights, in one query instead of one for the person's own and one for those of the groups ---

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        self._read_rights()
        return super().has_perm(perm, obj)

    def has_module_perms(self, app_label: str) -> bool:
        self._read_rights()
        return super().has_module_perms(app_label)

    def _read_rights(self) -> None:
        """Fill what Django's backend remembers of a person, under the names that it gives it."""
        if not self.is_active or self.is_superuser or hasattr(self, "_user_perm_cache"):
            return
        own, of_groups = (
            Permission.objects.filter(**{way: self}).order_by().values_list("content_type__app_label", "codename")
            for way in ("user", "group__user")
        )
        self._user_perm_cache = {f"{app}.{codename}" for app, codename in own.union(of_groups)}
        self._group_perm_cache: set[str] = set()

    @property
    def shown_name(self) -> str:
        return self.get_full_name() or self.username


class Team(models.Model):
    """People who share what is private to them: drafts of their cases, suggestions, saved mappings."""

    name = models.CharField(_("name"), max_length=80, unique=True, validators=[validate_plain_text])
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="teams", blank=True, verbose_name=_("members")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name
