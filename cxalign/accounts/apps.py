from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "cxalign.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("People and access")

    def ready(self) -> None:
        from cxalign.accounts import following, kinds

        following.connect()
        kinds.register()
        # The scoring app comes last, so that by then every right that the roles name exists.
        post_migrate.connect(_roles, sender=apps.get_app_config("scoring"), dispatch_uid="accounts.roles")


def _roles(sender: AppConfig, using: str, apps: Any = apps, **kwargs: Any) -> None:
    from cxalign.accounts.roles import ensure_roles  # emptying the tables sends the signal without apps

    ensure_roles(apps, using)
