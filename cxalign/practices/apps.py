from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PracticesConfig(AppConfig):
    name = "cxalign.practices"
    label = "practices"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Practices")

    def ready(self) -> None:
        from cxalign.practices import importing, kinds

        kinds.register()
        importing.register()
