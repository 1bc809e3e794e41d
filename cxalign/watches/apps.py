from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WatchesConfig(AppConfig):
    name = "cxalign.watches"
    label = "watches"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Watches")

    def ready(self) -> None:
        from cxalign.watches import holding

        holding.register()
