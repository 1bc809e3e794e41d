from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScoringConfig(AppConfig):
    name = "scoring"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Assessments")

    def ready(self) -> None:
        from scoring import (
            policies,
            receivers,  # noqa: F401  (connects the signal)
            workflow,
        )

        workflow.watchers.append(policies.watch)
