"""A plan to look at: an invented hotel group, with something in every step and a blind spot to find."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from cxalign.plans import editing
from cxalign.plans.models import Basis, Horizon, Item, Plan, Problem, Standing

if TYPE_CHECKING:
    from cxalign.accounts.models import Team, User

Texts = tuple[str, str]
"""English and French."""

TITLE: Texts = ("Sample: Gabarit Hotels (invented)", "Exemple\u00a0: Gabarit Hôtels (inventé)")
MISSION: Texts = ("May everybody feel expected.", "Que chacun se sente attendu.")
SCENARIOS: tuple[Texts, ...] = (
    ("Partial reopening in June", "Réouverture partielle en juin"),
    ("Closed until September", "Fermeture jusqu’en septembre"),
    ("A second wave in autumn", "Une deuxième vague à l’automne"),
)
PROMISES: tuple[tuple[Texts, tuple[str, ...]], ...] = (
    (
        ("A stay that you cannot take is refunded.", "Un séjour que vous ne pouvez pas faire est remboursé."),
        ("customers",),
    ),
    (
        ("We pay our suppliers within fifteen days.", "Nous payons nos fournisseurs sous quinze jours."),
        ("partners",),
    ),
)
PROBLEMS: tuple[dict[str, Any], ...] = (
    {
        "what": (
            "Carers sleep in their cars between two shifts.",
            "Des soignants dorment dans leur voiture entre deux gardes.",
        ),
        "whom": ("Carers at the two nearby hospitals", "Les soignants des deux hôpitaux voisins"),
        "basis": Basis.SOURCE,
        "evidence": ("Call of the hospital’s director, 3 April", "Appel de la directrice de l’hôpital, 3 avril"),
        "question": (
            "How might we put carers up without exposing our housekeeping teams?",
            "Comment pourrions-nous héberger les soignants sans exposer nos équipes d’étage\u00a0?",
        ),
    },
    {
        "what": (
            "Small suppliers have no cash to last until summer.",
            "De petits fournisseurs n’ont pas de trésorerie pour tenir jusqu’à l’été.",
        ),
        "whom": ("Eleven small firms that deliver to us", "Onze TPE qui nous livrent"),
        "basis": Basis.ASSUMPTION,
        "evidence": ("", ""),
        "question": (
            "Who among our small suppliers will not make it to summer?",
            "Qui, parmi nos TPE, est en danger d’ici l’été\u00a0?",
        ),
    },
)
ITEMS: tuple[dict[str, Any], ...] = (
    {
        "title": ("Free rooms for carers", "Chambres gratuites pour les soignants"),
        "category": "care",
        "stakeholders": ("community",),
        "problem": 0,
        "scores": (5, 4, 3),
        "fits": (0, 1, 2),
        "horizon": Horizon.NOW,
        "owner": "N. Roche",
        "due": 10,
        "proof": ("Nights given, as counted by the hospital", "Nuits offertes, comptées par l’hôpital"),
    },
    {
        "title": ("Refund without a document", "Remboursement sans justificatif"),
        "category": "assistance",
        "stakeholders": ("customers",),
        "promise": (0, 0),
        "scores": (4, 5, 4),
        "fits": (0, 1, 2),
        "horizon": Horizon.NOW,
        "owner": "A. Diallo",
        "due": 14,
        "standing": Standing.UNDER_WAY,
    },
    {
        "title": ("Health protocol posted in rooms", "Protocole sanitaire affiché en chambre"),
        "category": "safety",
        "stakeholders": ("customers", "employees"),
        "scores": (3, 4, 5),
        "fits": (0,),
        "horizon": Horizon.NOW,
        "owner": "",
    },
    {
        "title": (
            "Vouchers bought today, used at the reopening",
            "Bons achetés aujourd’hui, utilisables à la réouverture",
        ),
        "category": "continuity",
        "stakeholders": ("customers",),
        "scores": (3, 3, 4),
        "fits": (0, 1),
        "horizon": Horizon.NEXT,
    },
    {
        "title": ("Suppliers paid within sixty days", "Fournisseurs payés à soixante jours"),
        "category": "economic_solidarity",
        "stakeholders": ("partners",),
        "problem": 1,
        "promise": (1, -2),
        "scores": (1, 2, 5),
        "horizon": Horizon.NEXT,
        "dependencies": ("Treasury", "Trésorerie"),
    },
    {
        "title": ("Write emergency welcome into our purpose", "Inscrire l’accueil d’urgence dans la raison d’être"),
        "category": "governance",
        "stakeholders": ("community", "employees"),
        "scores": (5, 2, 2),
        "horizon": Horizon.LATER,
        "owner": ("Management", "Direction"),
    },
    {
        "title": ("A television advert that thanks carers", "Un spot télévisé qui remercie les soignants"),
        "category": "information",
        "stakeholders": ("community",),
        "horizon": Horizon.ASIDE,
        "aside": (
            "Words without a service: it would give nothing to anybody.",
            "Des mots sans service\u00a0: cela n’apporterait rien à personne.",
        ),
    },
    {"title": ("A telephone line for isolated regular guests", "Une ligne téléphonique pour les habitués isolés")},
    {"title": ("Meals from closed kitchens for neighbours", "Des repas des cuisines fermées pour les voisins")},
)


@transaction.atomic
def make_sample(by: User, team: Team, language: str) -> Plan:
    """Everything in it is invented, and its title says so."""
    words = 1 if language == "fr" else 0
    start = timezone.localdate()
    plan = editing.make_plan(by, team, title=TITLE[words], mission=MISSION[words], starts_on=start)
    scenarios = [(None, text[words], place < 2) for place, text in enumerate(SCENARIOS)]
    editing.set_scenarios(plan, by, plan.revision, scenarios)
    plan.refresh_from_db()
    editing.set_promises(plan, by, plan.revision, [(None, text[words], groups) for text, groups in PROMISES])
    problems = [_problem(plan, by, one, words) for one in PROBLEMS]
    for entry in ITEMS:
        _item(plan, by, entry, words, problems)
    plan.refresh_from_db()
    return plan


def _problem(plan: Plan, by: User, entry: dict[str, Any], words: int) -> Problem:
    fields = {name: value if name == "basis" else value[words] for name, value in entry.items()}
    return editing.save_problem(plan, by, None, None, fields, [])


def _item(plan: Plan, by: User, entry: dict[str, Any], words: int, problems: list[Problem]) -> Item:
    (item,) = editing.add_items(plan, by, [entry["title"][words]], standing=entry.get("standing", Standing.IMAGINED))
    fit, need, feasibility = entry.get("scores", (None, None, None))
    fields: dict[str, Any] = {
        "category": entry.get("category", ""),
        "stakeholders": entry.get("stakeholders", ()),
        "problem": problems[entry["problem"]] if "problem" in entry else None,
        **{"mission_fit": fit, "need": need, "feasibility": feasibility},
        "owner": owner if isinstance(owner := entry.get("owner", ""), str) else owner[words],
        "due_on": plan.starts_on + timedelta(days=entry["due"]) if "due" in entry else None,
        "dependencies": entry.get("dependencies", ("", ""))[words],
        "proof": entry.get("proof", ("", ""))[words],
    }
    if "promise" in entry:
        number, gap = entry["promise"]
        own = list(plan.own_promises.all())
        fields |= {"promise_ref": editing.own_ref(own[number].pk), "expected_gap": gap}
    scenarios = list(plan.scenarios.all())
    item = editing.change_item(item, by, None, fields, [scenarios[number] for number in entry.get("fits", ())])
    if "horizon" in entry:
        editing.move(item, by, None, entry["horizon"], entry.get("aside", ("", ""))[words])
    return item
