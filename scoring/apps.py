from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScoringConfig(AppConfig):
    name = "scoring"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Assessments")

    def ready(self) -> None:
        from scoring import receivers  # noqa: F401  (connects the signals)
        from scoring.voices.waiting import blockers
        from scoring.workflow import watchers

        watchers.append(blockers)
