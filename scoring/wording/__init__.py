"""Finding → sentence, in French and in English.

The engine speaks in codes; here they become words. Both languages stand side by side because a sentence is written in
each, not translated word for word: French agrees, elides and puts its articles where English has none. Every text
comes out as ``{"en": …, "fr": …}`` and is kept in the scorecard, so that page, API and exports say the same.
``[3]`` after a fact is the number of its source.
"""

from __future__ import annotations

from scoring.wording.conditions import condition, unmet_condition
from scoring.wording.explaining import MAX_WORDS, explanation
from scoring.wording.grammar import (
    LANGUAGES,
    NBSP,
    ActWords,
    CaseWords,
    PromiseWords,
    Text,
    french,
    groups_listed,
    listed,
    text,
)
from scoring.wording.grounds import headline, is_on_duty_alone
from scoring.wording.lexicon import (
    CAPS,
    CODE_NAMES,
    FINDINGS,
    GROUPS,
    HOLLOW,
    MEASURED_CODES,
    OUTCOMES,
    REASONS,
    SWITCHES,
    WASHING,
    level_name,
)
from scoring.wording.remarks import method_choice, provisional, signal, untold
from scoring.wording.statements import verb_phrase
from scoring.wording.takeaways import Tally, takeaway

__all__ = [
    "CAPS",
    "CODE_NAMES",
    "FINDINGS",
    "GROUPS",
    "HOLLOW",
    "LANGUAGES",
    "MAX_WORDS",
    "MEASURED_CODES",
    "NBSP",
    "OUTCOMES",
    "REASONS",
    "SWITCHES",
    "WASHING",
    "ActWords",
    "CaseWords",
    "PromiseWords",
    "Tally",
    "Text",
    "condition",
    "explanation",
    "french",
    "groups_listed",
    "headline",
    "is_on_duty_alone",
    "level_name",
    "listed",
    "method_choice",
    "provisional",
    "signal",
    "takeaway",
    "text",
    "unmet_condition",
    "untold",
    "verb_phrase",
]
