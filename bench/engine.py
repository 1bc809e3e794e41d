"""How long a verdict takes, in milliseconds on one core, and how that compares.

    python -m bench.engine

Prints the best of several rounds: the whole verdict and its costly parts, for a typical brand (3 promises, 17 actions),
for 20 and for 200 actions. Milliseconds depend on the machine; the ratios at the end do so much less.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from scoring.engine.canonical import canonical
from scoring.engine.counterfactuals import smallest_changes
from scoring.engine.dossier import (
    DUTY,
    Action,
    Direction,
    Dossier,
    Group,
    PartialDate,
    Profile,
    Promise,
    Proof,
    Source,
    SourceKind,
)
from scoring.engine.flags import Flagger
from scoring.engine.judge import judge
from scoring.engine.method import Method, method_in_force
from scoring.engine.probability import chances_of
from scoring.engine.reading import read
from scoring.engine.rule import standing_of
from scoring.engine.sensitivity import Variants, agreement_of, variants
from scoring.engine.verdict_json import verdict_to_dict

LEVELS = (None, 0, 1, 2, 2, 3)
GROUPS = tuple(Group)
GOALS = {"17 actions": 5.0, "20 actions": 10.0, "200 actions": 300.0, "200 mild actions": 300.0}


def dossier(actions: int, *, seed: int = 1, mild: bool = False) -> Dossier:
    """A random dossier; a mild one has no serious harm, so that everything is still open in it."""
    rng = random.Random(seed)
    promises = tuple(
        Promise(f"p{number}", 2, frozenset(rng.sample(GROUPS, 2 + number)), PartialDate(2018)) for number in range(3)
    )
    made = tuple(_action(rng, number, mild) for number in range(actions))
    return Dossier(PartialDate(2020, 3), date(2020, 12, 31), promises, Profile(1, 2, 2, ("B Corp",)), made)


def _action(rng: random.Random, number: int, mild: bool) -> Action:
    sources = tuple(
        Source(f"s{number}-{place}", rng.choice(tuple(SourceKind)), f"voice-{rng.randrange(40)}", PartialDate(2020, 4))
        for place in range(rng.randint(1, 3))
    )
    proofs = tuple(_proof(rng, f"a{number}-{place}", mild) for place in range(rng.randint(1, 2)))
    su, re, in_, ge = (rng.choice(LEVELS) for _ in range(4))
    return Action(f"a{number}", PartialDate(2020, 4, 1 + number % 28), su, re, in_, ge, sources=sources, proofs=proofs)


def _proof(rng: random.Random, name: str, mild: bool) -> Proof:
    yardstick = rng.choice((DUTY, "p0", "p1", "p2"))
    if rng.random() < 0.7:
        return Proof(name, rng.choice(GROUPS), yardstick, Direction.HELPS, rng.choice((0, 1, 1 if mild else 2)))
    return Proof(name, rng.choice(GROUPS), yardstick, Direction.HARMS, 1 if mild else rng.choice((1, 2, 3)))


def milliseconds(work: Callable[[], object], rounds: int = 7) -> float:
    """Best of several rounds, each long enough to be measured."""
    work()
    best = float("inf")
    for _ in range(rounds):
        count, start = 0, time.process_time()
        while (spent := time.process_time() - start) < 0.05:
            work()
            count += 1
        best = min(best, spent / count)
    return 1000 * best


def parts(facts: Dossier, method: Method) -> dict[str, float]:
    """The whole verdict, and what its parts take."""
    reading = read(facts, method)
    standing, flagger = standing_of(reading, method), Flagger(method)
    decision = Variants(reading, standing, flagger, method).decide(frozenset())
    return {
        "verdict": milliseconds(lambda: judge(facts, method)),
        "reading": milliseconds(lambda: read(facts, method)),
        "probabilities": milliseconds(lambda: chances_of(reading, standing, method)),
        "64 variants": milliseconds(
            lambda: agreement_of(decision, Variants(reading, standing, flagger, method), method)
        ),
        "smallest changes": milliseconds(lambda: smallest_changes(reading, standing, decision, (), flagger, method)),
        "digest text": milliseconds(lambda: canonical(facts)),
    }


# --------------------------------------------------------------------------------------------- what it is compared with


def brute_changes(facts: Dossier, method: Method) -> int:
    """A lower bound for trying every edit by judging the edited file: read and decide once per edit."""
    reading = read(facts, method)
    edits = sum(9 + 3 * len(action.proofs) for action in reading.actions)
    per_edit = milliseconds(lambda: _outcome(facts, method), rounds=2)
    return round(edits * per_edit)


def brute_variants(facts: Dossier, method: Method) -> float:
    """Every variant on its own, the flags of all acts taken anew each time."""
    reading = read(facts, method)
    standing, flagger = standing_of(reading, method), Flagger(method)

    def work() -> None:
        for variant in variants(method):
            Variants(reading, standing, flagger, method).decide(variant)

    return milliseconds(work, rounds=2)


def _outcome(facts: Dossier, method: Method) -> object:
    reading = read(facts, method)
    return Variants(reading, standing_of(reading, method), Flagger(method), method).decide(frozenset())


def main() -> None:
    method = method_in_force(date(2020, 12, 31))
    cases = {
        "17 actions": dossier(17),
        "20 actions": dossier(20),
        "200 actions": dossier(200),
        "200 mild actions": dossier(200, mild=True),
    }
    measured = {name: parts(facts, method) for name, facts in cases.items()}
    for name, spent in measured.items():
        print(f"{name} (goal: {GOALS[name]:.0f} ms)")
        for part, taken in spent.items():
            print(f"  {part:<18}{taken:9.2f} ms")
    large, small = cases["200 mild actions"], cases["20 actions"]
    print("ratios")
    growth = measured["200 actions"]["verdict"] / measured["20 actions"]["verdict"]
    print(f"  200 actions against 20                    {growth:7.1f}")
    for name, facts in (("20 actions", small), ("200 mild actions", large)):
        changes = brute_changes(facts, method) / measured[name]["smallest changes"]
        print(f"  smallest changes, judging each edit anew  {changes:7.1f}   ({name})")
        switched = brute_variants(facts, method) / measured[name]["64 variants"]
        print(f"  64 variants, each on its own              {switched:7.1f}   ({name})")
    verdict = judge(small, method)
    print(f"verdict to plain values, 20 actions      {milliseconds(lambda: verdict_to_dict(verdict)):7.2f} ms")
    shifted = replace(small, as_of=date(2021, 1, 1))
    assert judge(shifted, method) == verdict, "the day alone must not move a verdict"


if __name__ == "__main__":
    main()
