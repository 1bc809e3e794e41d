"""The JSON of the engine, in one place: dossiers in, verdicts out and back."""

from __future__ import annotations

from scoring.engine.dossier_json import InputError, parse, rebuild
from scoring.engine.verdict_json import verdict_from_dict, verdict_to_dict

__all__ = ["InputError", "parse", "rebuild", "verdict_from_dict", "verdict_to_dict"]
