from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BrandsConfig(AppConfig):
    name = "brands"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Evidence")

    def ready(self) -> None:
        from brands import (
            receivers,  # noqa: F401  (connects the signal)
            verification_admin,  # noqa: F401  (registers its screen)
        )
        from brands.importing import undoing  # noqa: F401  (undertakes its part of the work)
