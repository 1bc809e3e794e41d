from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScoringConfig(AppConfig):
    name = "scoring"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Assessments")

    def ready(self) -> None:
        from scoring import (
            policies,
            readings,
            receivers,  # noqa: F401  (connects the signal)
            workflow,
        )
        from scoring.coding.watching import open_codings

        readings.register()
        workflow.watchers += [open_codings, policies.watch]
