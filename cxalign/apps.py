from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig as StockAdminConfig


class CxalignConfig(AppConfig):
    name = "cxalign"
    label = "site"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from cxalign import checks  # noqa: F401  (registers the checks)
        from cxalign.desk import fresh  # noqa: F401  (connects the signal)
        from cxalign.pages.exporting import many  # noqa: F401  (registers the writer)


class AdminConfig(StockAdminConfig):
    default_site = "cxalign.adminsite.AdminSite"
