from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExportsConfig(AppConfig):
    name = "cxalign.exports"
    label = "exports"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Exports")

    def ready(self) -> None:
        from cxalign.exports import receivers  # noqa: F401  (connects the signal)
