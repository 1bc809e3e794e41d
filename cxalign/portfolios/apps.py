from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortfoliosConfig(AppConfig):
    name = "cxalign.portfolios"
    label = "portfolios"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Portfolios")

    def ready(self) -> None:
        from cxalign.portfolios import holding

        holding.register()
