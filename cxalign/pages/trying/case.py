"""A case as typed: its rows, checked together, and the dossier and the words that the engine's answer is told with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from brands import codes
from cxalign.pages.trying.forms import (
    EFFECT_SIGNS,
    MAX_ACTS,
    MAX_PROMISES,
    ActForm,
    BrandForm,
    PromiseForm,
    RowForm,
    slots_of,
)
from cxalign.templatetags.cxalign import page_language
from scoring.engine import dossier as engine
from scoring.engine.dossier import DUTY, Group, MeasuredCode
from scoring.engine.method import Method, get
from scoring.engine.reliability import relevant
from scoring.wording import ActWords, CaseWords, PromiseWords, Text, text

PROMISES, ACTS = "ps", "as"
"""How many rows there are of each."""
CRISIS_START = engine.PartialDate(2020)
LABEL = "label"
"""The engine asks whether a label is held, not which."""


def counted(data: Mapping[str, str], name: str, most: int) -> int:
    """Rows asked for; what is no number is none."""
    asked = data.get(name, "")
    return min(int(asked), most) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 0


@dataclass
class Case:
    brand: BrandForm
    promises: list[PromiseForm] = field(default_factory=list)
    acts: list[ActForm] = field(default_factory=list)

    @classmethod
    def of(cls, data: QueryDict) -> Case:
        promises, acts = counted(data, PROMISES, MAX_PROMISES), counted(data, ACTS, MAX_ACTS)
        return cls(
            BrandForm(data),
            [PromiseForm(data, prefix=f"p{number}") for number in range(1, promises + 1)],
            [
                ActForm(data, prefix=f"a{number}", promises=promises, slots=slots_of(data, number))
                for number in range(1, acts + 1)
            ],
        )

    @property
    def forms(self) -> list[RowForm]:
        return [self.brand, *self.promises, *self.acts]

    def is_valid(self) -> bool:
        """Every row for itself, then what one row says of another."""
        wrong = [form for form in self.forms if not form.is_valid()]
        valid = not wrong
        for act in self.acts:
            valid = self._yardsticks_exist(act) and valid
        return valid

    def _yardsticks_exist(self, act: ActForm) -> bool:
        found = True
        for group in Group:
            yardstick = act.cleaned_data.get(f"y-{group}", DUTY)
            if act.cleaned_data.get(f"e-{group}") and yardstick != DUTY and not self._is_filled(yardstick):
                problem = _("Promise %(number)s is empty: fill it in, or read the act against the duty of care.")
                act.add_error(f"y-{group}", ValidationError(problem % {"number": yardstick}, code="yardstick"))
                found = False
        return found

    def _is_filled(self, number: str) -> bool:
        return self.promises[int(number) - 1].has_changed()

    @property
    def method(self) -> Method:
        return get(self.brand.cleaned_data["m"])

    def query(self) -> str:
        """The address that shares the case: its codes and dates, and none of the words."""
        rows = [(PROMISES, str(len(self.promises))), (ACTS, str(len(self.acts)))]
        return urlencode([*rows, *(pair for form in self.forms for pair in form.chosen())])

    # ------------------------------------------------------------------------------------------- for the engine

    def dossier(self, as_of: date, reliability: tuple[tuple[MeasuredCode, float], ...] = ()) -> engine.Dossier:
        """The very object that is judged for a published brand. Rows left empty are no records."""
        return relevant(
            engine.Dossier(
                crisis_start=CRISIS_START,
                as_of=as_of,
                promises=tuple(_promise(form) for form in self.promises if form.has_changed()),
                profile=self._profile(),
                actions=tuple(_action(form) for form in self.acts if form.has_changed()),
                reliability=reliability,
            )
        )

    def _profile(self) -> engine.Profile:
        form = self.brand
        return engine.Profile(
            pu=form.level("pu"),
            vh=form.level("vh"),
            cc=form.level("cc"),
            labels=(LABEL,) if form.cleaned_data["lb"] else (),
            not_applicable=frozenset(Group(code) for code in form.cleaned_data["na"]),
            double_coded=form.cleaned_data["pd"],
        )

    # ------------------------------------------------------------------------------------------------ for people

    @property
    def name(self) -> str:
        return self.brand.cleaned_data["n"] or _("Brand X")

    def words(self) -> CaseWords:
        told = CaseWords(brand=self.name, profile=self._profile_words())
        for form in self.promises:
            if form.has_changed():
                groups = [Group(code) for code in form.cleaned_data["to"]]
                told.promises[name_of(form)] = PromiseWords(both(words_of(form)), "", groups)
        for act in self.acts:
            if act.has_changed():
                _tell(act, told)
        return told

    def _profile_words(self) -> Text:
        purpose, values = self.brand.level("pu") or 0, self.brand.level("vh") or 0
        if purpose >= 2 > values:
            return text("a stated purpose and a customer record", "sa raison d'être et de son historique client")
        return text("long-held values and a customer record", "valeurs anciennes et d'un historique client")


def name_of(form: RowForm) -> str:
    """The id of a row: “p1”, “a2”."""
    return form.prefix or ""


def words_of(form: RowForm) -> str:
    """What the reader called the row; a number where they did not."""
    number = name_of(form)[1:]
    plain = _("promise %(number)s") if isinstance(form, PromiseForm) else _("act %(number)s")
    return form.cleaned_data.get("w") or plain % {"number": number}


def both(typed: str) -> Text:
    """What somebody typed once stands for both languages; only that of the page is shown."""
    return {"en": typed, "fr": typed}


def _promise(form: PromiseForm) -> engine.Promise:
    cleaned = form.cleaned_data
    return engine.Promise(
        id=name_of(form),
        st=form.level("st"),
        groups=frozenset(Group(code) for code in cleaned["to"]),
        since=cleaned["si"],
        weight=engine.Weight(cleaned["wt"]),
    )


def _action(form: ActForm) -> engine.Action:
    cleaned = form.cleaned_data
    return engine.Action(
        id=name_of(form),
        started=cleaned["on"],
        su=form.level("su"),
        re=form.level("re"),
        in_=form.level("in"),
        ge=form.level("ge"),
        appraisal=cleaned["ap"],
        double_coded=cleaned["dc"],
        disputed=cleaned["di"],
        sources=tuple(_sources(form)),
        proofs=tuple(_proof(form, group) for group in Group if cleaned[f"e-{group}"]),
    )


def _sources(form: ActForm) -> list[engine.Source]:
    """A source without a voice of its own name is a voice of its own."""
    found = []
    for number in range(1, form.slots + 1):
        kind, voice = form.cleaned_data[f"k{number}"], form.cleaned_data[f"v{number}"]
        if kind:
            own = f"{name_of(form)}-s{number}"
            found.append(engine.Source(own, engine.SourceKind(kind), f"voice-{voice}" if voice else own))
    return found


def _proof(form: ActForm, group: Group) -> engine.Proof:
    cleaned = form.cleaned_data
    sign, depth = cleaned[f"e-{group}"]
    yardstick = cleaned[f"y-{group}"]
    return engine.Proof(
        id=f"{name_of(form)}:{group}:{EFFECT_SIGNS[sign]}",
        group=group,
        yardstick=DUTY if yardstick == DUTY else f"p{yardstick}",
        direction=EFFECT_SIGNS[sign],
        depth=None if depth == codes.UNKNOWN else int(depth),
        remedy=int(cleaned[f"r-{group}"]),
    )


def _tell(form: ActForm, told: CaseWords) -> None:
    own = name_of(form)
    told.acts[own] = ActWords(both(words_of(form)), _publisher(form), None)
    for group in Group:
        if form.cleaned_data[f"e-{group}"]:
            proof = _proof(form, group)
            told.proof_action[proof.id] = own
            told.proof_group[proof.id] = group
            told.proof_promise[proof.id] = proof.yardstick


_FIRMEST = ("primary", "against_interest", "independent", "interested", "anonymous")


def _publisher(form: ActForm) -> str:
    """Who is quoted in a sentence about the act: the firmest source by its kind, as no real one is named."""
    kinds = {source.kind.value for source in _sources(form)}
    kind = next((kind for kind in _FIRMEST if kind in kinds), "")
    return _PUBLISHERS[kind][page_language()]


_PUBLISHERS: dict[str, Text] = {
    "primary": text("an official record", "un document officiel"),
    "against_interest": text("the brand’s own admission", "l'aveu de la marque"),
    "independent": text("an independent source", "une source indépendante"),
    "interested": text("an interested party", "une partie intéressée"),
    "anonymous": text("a source that cannot be traced", "une source inconnue"),
    "": text("", ""),
}
