from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScoringConfig(AppConfig):
    name = "scoring"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Assessments")

    def ready(self) -> None:
        from brands import editing
        from scoring import (
            blindness,
            kinds,
            policies,
            readings,
            receivers,  # noqa: F401  (connects the signals)
            review,
            verifying,
            workflow,
        )
        from scoring.coding import people
        from scoring.coding.watching import open_codings
        from scoring.models import ScoringJob
        from scoring.voices.documents import damaged_documents
        from scoring.voices.taken import said_about
        from scoring.voices.waiting import blockers

        blindness.register()
        kinds.register()
        editing.kept_beside.add(ScoringJob)
        readings.register()
        people.register()
        review.requests.append(said_about)
        verifying.store_checks.append(damaged_documents)
        workflow.watchers += [open_codings, blockers, policies.watch]
        workflow.for_states[policies.watch] = policies.watch_states
