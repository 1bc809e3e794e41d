"""People who sign in. The model is our own from the first day, because it cannot be swapped later."""

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


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

    class Meta(AbstractUser.Meta):
        verbose_name = _("user")  # type: ignore[assignment]
        verbose_name_plural = _("users")  # type: ignore[assignment]
        ordering = ("username",)


class Team(models.Model):
    """People who share what is private to them: drafts of their cases, suggestions, saved mappings."""

    name = models.CharField(_("name"), max_length=80, unique=True)
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
