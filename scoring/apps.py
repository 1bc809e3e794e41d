from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScoringConfig(AppConfig):
    name = "scoring"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Assessments")

    def ready(self) -> None:
        from scoring import receivers, workflow  # noqa: F401  (receivers connect signals)
        from scoring.coding.watching import open_codings

        workflow.watchers.append(open_codings)
