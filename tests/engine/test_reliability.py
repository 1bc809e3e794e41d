"""What measured agreement is worth: the table of section 8, for what one coder read alone and for nothing else."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

from scoring.engine.canonical import canonical
from scoring.engine.dossier import Dossier, MeasuredCode
from scoring.engine.dossier_json import InputError, parse, rebuild
from scoring.engine.judge import judge
from scoring.engine.method import FOLDER, MethodError, get, load
from scoring.engine.reliability import band_of, relevant
from scoring.engine.verdict import FindingCode, Outcome, Reason, Verdict
from tests.engine.build import CUSTOMERS, action, dossier, harms, helps, promise
from tests.engine.random_dossiers import dossiers

METHOD = get("1.1.0")
SU = MeasuredCode.SUBSTANCE


def judged(facts: Dossier, **alphas: float) -> Verdict:
    reliability = tuple((code, alphas[code.name.lower()]) for code in MeasuredCode if code.name.lower() in alphas)
    return judge(replace(facts, reliability=reliability), METHOD)


def kept(double: bool = False, **codes: int | None) -> Dossier:
    """A promise to customers kept by one act of one source: aligned with .75 × P(substance stays real)."""
    levels = {"su": 2, "re": 2, "initiative": 2, "ge": 1, **codes}
    act = action("a", helps(CUSTOMERS, 0, on="p1"), double_coded=double, **levels)  # type: ignore[arg-type]
    return dossier(act, promises=(promise(),), double_coded=double)


def chance(verdict: Verdict, outcome: Outcome = Outcome.ALIGNED) -> float:
    assert verdict.probabilities is not None
    return verdict.probabilities[outcome]


@pytest.mark.parametrize(
    ("alpha", "delta", "provisional"),
    [
        (1.0, 0.05, False),
        (0.90, 0.05, False),
        (0.899, 0.10, False),
        (0.80, 0.10, False),
        (0.799, 0.20, True),
        (0.667, 0.20, True),
    ],
)
def test_alpha_sets_the_noise_of_a_code_that_one_coder_read(alpha: float, delta: float, provisional: bool) -> None:
    verdict = judged(kept(), substance=alpha)
    assert verdict.outcome is Outcome.ALIGNED
    assert chance(verdict) == pytest.approx(0.75 * (1 - delta / 2), abs=5e-5)
    assert verdict.provisional == ((SU,) if provisional else ())
    told = [finding for finding in verdict.findings if finding.code is FindingCode.AGREEMENT_WEAK]
    assert [finding.numbers for finding in told] == ([(("su", round(alpha * 1000)),)] if provisional else [])
    assert [finding.actions for finding in told] == ([("a",)] if provisional else [])


@pytest.mark.parametrize("alpha", [0.666, 0.0, -0.132])
def test_below_the_last_bound_the_code_counts_as_unknown(alpha: float) -> None:
    verdict = judged(kept(), substance=alpha)
    assert (verdict.outcome, verdict.reason) == (Outcome.INSUFFICIENT_EVIDENCE, Reason.UNDESCRIBED)
    assert band_of(alpha, METHOD) is None
    (told,) = [finding for finding in verdict.findings if finding.code is FindingCode.CODES_SWITCHED_OFF]
    assert told.numbers == (("su", round(alpha * 1000)),)
    assert verdict.provisional == ()


@pytest.mark.parametrize("alpha", [0.95, 0.85, 0.70, 0.10])
def test_what_two_coders_settled_is_not_touched(alpha: float) -> None:
    verdict = judged(kept(double=True), substance=alpha)
    assert chance(verdict) == pytest.approx(0.75 * 0.975, abs=5e-5)
    assert verdict.provisional == ()
    assert not {FindingCode.AGREEMENT_WEAK, FindingCode.CODES_SWITCHED_OFF} & {one.code for one in verdict.findings}


def test_a_code_that_nobody_gave_a_level_makes_nothing_provisional() -> None:
    assert judged(kept(ge=None), generosity=0.70).provisional == ()
    assert judged(kept(), generosity=0.70).provisional == (MeasuredCode.GENEROSITY,)


def test_the_depth_of_help_and_of_harm_are_measured_apart() -> None:
    refusal = action("a", harms(CUSTOMERS, 2), evidence=3)
    facts = dossier(refusal, promises=(promise(),))
    assert chance(judged(facts), Outcome.BROKEN_PROMISE) == pytest.approx(0.95 * 0.95, abs=5e-5)
    assert chance(judged(facts, depth_of_harm=0.70), Outcome.BROKEN_PROMISE) == pytest.approx(0.95 * 0.9, abs=5e-5)
    assert judged(facts, depth_of_help=0.70).probabilities == judged(facts).probabilities
    off = judged(facts, depth_of_harm=0.5)
    assert (off.outcome, off.harm_alert) == (Outcome.INSUFFICIENT_EVIDENCE, ())


def test_the_profile_has_codes_of_its_own() -> None:
    act = action("a", helps(CUSTOMERS, 1, on="p1"), su=2, re=2, initiative=3, ge=2)
    facts = dossier(act, promises=(promise(),), vh=2, cc=2)
    before = chance(judged(facts), Outcome.DNA_PROACTIVE)
    after = chance(judged(facts, customer_record=0.95), Outcome.DNA_PROACTIVE)
    assert after / before == pytest.approx(0.975 / 0.95, abs=1e-3)
    assert judged(facts, values_heritage=0.5).outcome is Outcome.ALIGNED
    settled = replace(facts, profile=replace(facts.profile, double_coded=True))
    assert judged(settled, values_heritage=0.5).outcome is Outcome.DNA_PROACTIVE


def test_reach_has_no_noise_and_can_be_switched_off() -> None:
    assert judged(kept(), reach=0.70).probabilities == judged(kept()).probabilities
    flips = {effect.switch.value for effect in judged(kept(), reach=0.5).method_agreement.flips}
    assert "reach_required" in flips
    assert "reach_required" not in {effect.switch.value for effect in judged(kept()).method_agreement.flips}


# --- Versions ---------------------------------------------------------------------------------------------------------


def test_the_first_version_of_the_method_knows_no_measurement() -> None:
    facts = replace(kept(), reliability=((SU, 0.5),))
    verdict = judge(facts, get("1.0.0"))
    assert verdict.outcome is Outcome.ALIGNED
    assert chance(verdict) == pytest.approx(0.7125)
    assert verdict.provisional == ()


@settings(max_examples=60)
@given(facts=dossiers())
def test_without_a_measurement_both_versions_say_the_same(facts: Dossier) -> None:
    old, new = judge(facts, get("1.0.0")), judge(facts, METHOD)
    assert replace(new, method_version=old.method_version) == old


@settings(max_examples=60)
@given(facts=dossiers())
def test_agreement_of_eighty_five_is_what_is_assumed_without_a_measurement(facts: Dossier) -> None:
    measured = judge(replace(facts, reliability=tuple((code, 0.85) for code in MeasuredCode)), METHOD)
    assumed = judge(facts, METHOD)
    assert (measured.outcome, measured.probabilities) == (assumed.outcome, assumed.probabilities)


# --- Kept with the facts ----------------------------------------------------------------------------------------------


def test_a_measurement_is_part_of_the_canonical_facts_and_comes_back_from_them() -> None:
    facts = replace(kept(), reliability=((SU, 0.7),))
    text = canonical(facts)
    assert json.loads(text)["reliability"] == {"su": 0.7}
    assert rebuild(text, facts.as_of).reliability == facts.reliability
    assert judge(rebuild(text, facts.as_of), METHOD) == judge(facts, METHOD)


def test_without_one_the_canonical_facts_are_what_they_always_were() -> None:
    assert "reliability" not in json.loads(canonical(kept()))


def test_a_dossier_takes_no_more_of_a_measurement_than_it_can_use() -> None:
    everything = tuple((code, 0.7) for code in MeasuredCode)
    single = relevant(replace(kept(ge=None), reliability=everything))
    assert [code.value for code, _ in single.reliability] == ["su", "re", "in", "depth_helps"]
    assert relevant(replace(kept(double=True), reliability=everything)) == kept(double=True)


@pytest.mark.parametrize(
    ("reliability", "told"),
    [
        ({"st": 0.9}, "reliability.st: unknown key"),
        ({"su": 1.5}, "reliability.su: 1.5 is not an alpha"),
        ({"su": True}, "reliability.su: true is not an alpha"),
        ([], "reliability: [] is not an object"),
    ],
)
def test_a_measurement_that_is_none_is_refused(reliability: object, told: str) -> None:
    facts = {**json.loads(canonical(kept())), "as_of": "2020-12-31", "reliability": reliability}
    with pytest.raises(InputError, match=told.replace("[", r"\[").replace("]", r"\]")):
        parse(facts)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("alpha = 0.80, delta = 0.10", "alpha = 0.95, delta = 0.10"),
        ("alpha = 0.80, delta = 0.10", "alpha = 0.80, delta = 0.01"),
        ("delta = 0.10, provisional = false", "delta = 0.10, provisional = 0"),
    ],
)
def test_bands_that_make_no_sense_are_refused(tmp_path: Path, old: str, new: str) -> None:
    path = tmp_path / "1.1.toml"
    path.write_text((FOLDER / "1.1.toml").read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(MethodError, match=r"1\.1\.toml: coder_error\.value"):
        load(path)
