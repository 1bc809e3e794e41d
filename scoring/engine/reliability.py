"""What agreement between coders is worth: the noise of each code, and which codes one coder cannot be trusted with.

A measured alpha counts for what one coder read alone. What two coders settled has the noise of two coders, whatever the
measurement; without a measurement, or under a method that knows none, all that one coder read has the same noise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from scoring.engine.dossier import Action, Direction, Dossier, MeasuredCode, Profile, Proof
from scoring.engine.method import ErrorBand, Method

ACTION_FIELDS: Mapping[MeasuredCode, str] = {
    MeasuredCode.SUBSTANCE: "su",
    MeasuredCode.REACH: "re",
    MeasuredCode.INITIATIVE: "in_",
    MeasuredCode.GENEROSITY: "ge",
}
PROFILE_FIELDS: Mapping[MeasuredCode, str] = {
    MeasuredCode.PURPOSE: "pu",
    MeasuredCode.VALUES_HERITAGE: "vh",
    MeasuredCode.CUSTOMER_RECORD: "cc",
}


def depth_code(helps: bool) -> MeasuredCode:
    return MeasuredCode.DEPTH_OF_HELP if helps else MeasuredCode.DEPTH_OF_HARM


@dataclass(frozen=True)
class Reliability:
    """The measurement as one method reads it: a band for each code, ``None`` for a code that is switched off."""

    method: Method
    bands: Mapping[MeasuredCode, ErrorBand | None]

    def delta(self, code: MeasuredCode, *, double_coded: bool) -> float:
        """Probability that another trained coder reads this code one step off."""
        if double_coded:
            return self.method.delta_double
        band = self.bands.get(code)
        return band.delta if band else self.method.delta_single

    def is_off(self, code: MeasuredCode) -> bool:
        return code in self.bands and self.bands[code] is None

    def is_provisional(self, code: MeasuredCode) -> bool:
        band = self.bands.get(code)
        return band is not None and band.provisional


def reliability_of(dossier: Dossier, method: Method) -> Reliability:
    if not method.coder_error:
        return Reliability(method, {})
    return Reliability(method, {code: band_of(alpha, method) for code, alpha in dossier.reliability})


def band_of(alpha: float, method: Method) -> ErrorBand | None:
    """The band that an alpha falls in; none where the code has to be switched off."""
    return next((band for band in method.coder_error if alpha >= band.alpha), None)


# --------------------------------------------------------------------------------------------- codes switched off


def trusted_action(action: Action, reliability: Reliability) -> Action:
    """The action with unknown in place of what one coder alone cannot be trusted with."""
    if action.double_coded:
        return action
    off = {field: None for code, field in ACTION_FIELDS.items() if reliability.is_off(code)}
    proofs = tuple(_trusted_proof(proof, reliability) for proof in action.proofs)
    return replace(action, proofs=proofs, **off)  # type: ignore[arg-type]


def _trusted_proof(proof: Proof, reliability: Reliability) -> Proof:
    off = reliability.is_off(depth_code(proof.direction is Direction.HELPS))
    return replace(proof, depth=None) if off else proof


def trusted_profile(profile: Profile, reliability: Reliability) -> Profile:
    if profile.double_coded:
        return profile
    off = {field: None for code, field in PROFILE_FIELDS.items() if reliability.is_off(code)}
    return replace(profile, **off)  # type: ignore[arg-type]


# ----------------------------------------------------------------------------------------- what one coder read alone


def read_alone(actions: Iterable[Action], profile: Profile) -> dict[MeasuredCode, tuple[str, ...]]:
    """Code → ids of the actions in which one coder alone gave it a level; no id for the profile, which is one."""
    found: dict[MeasuredCode, list[str]] = {}
    for action in actions:
        if not action.double_coded:
            for code in _levels_given(action):
                found.setdefault(code, []).append(action.id)
    if not profile.double_coded:
        for code, field in PROFILE_FIELDS.items():
            if getattr(profile, field) is not None:
                found.setdefault(code, [])
    return {code: tuple(found[code]) for code in MeasuredCode if code in found}


def _levels_given(action: Action) -> list[MeasuredCode]:
    codes = [code for code, field in ACTION_FIELDS.items() if getattr(action, field) is not None]
    depths = {depth_code(proof.direction is Direction.HELPS) for proof in action.proofs if proof.depth is not None}
    return codes + sorted(depths)


def relevant(dossier: Dossier) -> Dossier:
    """The dossier with no more of a measurement than it can use, so that a new one leaves the other cases alone."""
    used = read_alone(dossier.actions, dossier.profile)
    return replace(dossier, reliability=tuple(pair for pair in dossier.reliability if pair[0] in used))
