"""What every installation starts with: the Covid-19 crisis with its phases, and the sectors."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import migrations

COVID = {
    "slug": "covid-19",
    "name_en": "Covid-19",
    "name_fr": "Covid-19",
    "starts_on": date(2020, 3, 1),
    "ends_on": date(2023, 5, 5),  # the day on which the WHO declared the emergency over
}

PHASES = (
    (
        date(2020, 3, 11),
        date(2020, 3, 16),
        "Declared a pandemic (World Health Organization)",
        "Pandémie déclarée (Organisation mondiale de la santé)",
    ),
    (date(2020, 3, 17), date(2020, 5, 11), "First lockdown (France)", "Premier confinement (France)"),
    (date(2020, 10, 30), date(2020, 12, 15), "Second lockdown (France)", "Deuxième confinement (France)"),
    (date(2021, 4, 3), date(2021, 5, 3), "Third lockdown (France)", "Troisième confinement (France)"),
)

SECTORS = (
    ("airlines", "Airlines", "Transport aérien"),
    ("automotive", "Automotive", "Automobile"),
    ("banking", "Banking", "Banque"),
    ("beauty_care", "Beauty and care", "Beauté et soins"),
    ("ecommerce", "Online retail", "Commerce en ligne"),
    ("energy_utilities", "Energy and utilities", "Énergie et services collectifs"),
    ("fashion", "Fashion", "Mode"),
    ("food_drink", "Food and drink", "Alimentation et boissons"),
    ("general_retail", "General retail", "Distribution généraliste"),
    ("grocery_retail", "Grocery retail", "Distribution alimentaire"),
    ("health_pharma", "Health and pharmacy", "Santé et pharmacie"),
    ("home_furnishing", "Home furnishing", "Ameublement"),
    ("household_goods", "Household goods", "Produits ménagers"),
    ("industrials", "Industry", "Industrie"),
    ("insurance", "Insurance", "Assurance"),
    ("luxury", "Luxury", "Luxe"),
    ("mobility_transport", "Mobility and transport", "Mobilité et transports"),
    ("post_logistics", "Post and logistics", "Poste et logistique"),
    ("restaurants_pubs", "Restaurants and pubs", "Restaurants et pubs"),
    ("services", "Services", "Services"),
    ("technology", "Technology", "Technologies"),
    ("telecom", "Telecoms", "Télécommunications"),
    ("toys_leisure", "Toys and leisure", "Jouets et loisirs"),
    ("travel_hospitality", "Travel and hospitality", "Voyage et hôtellerie"),
)


def add_reference_data(apps: Any, schema_editor: Any) -> None:
    """Add what is missing; a crisis or sector that somebody made under the same slug stays theirs."""
    crises, phases, sectors = (apps.get_model("brands", name) for name in ("Crisis", "CrisisPhase", "Sector"))
    crisis, created = crises.objects.get_or_create(slug=COVID["slug"], defaults=COVID)
    if created:
        for starts_on, ends_on, name_en, name_fr in PHASES:
            phases.objects.create(crisis=crisis, starts_on=starts_on, ends_on=ends_on, name_en=name_en, name_fr=name_fr)
    for slug, name_en, name_fr in SECTORS:
        sectors.objects.get_or_create(slug=slug, defaults={"name_en": name_en, "name_fr": name_fr})


def remove_unused_reference_data(apps: Any, schema_editor: Any) -> None:
    """Take back what nothing rests on; evidence keeps its crisis and its sector."""
    crises, sectors = apps.get_model("brands", "Crisis"), apps.get_model("brands", "Sector")
    crises.objects.filter(
        slug=COVID["slug"], actions__isnull=True, profiles__isnull=True, judgements__isnull=True
    ).delete()
    sectors.objects.filter(slug__in=[slug for slug, _, _ in SECTORS], brands__isnull=True).delete()


class Migration(migrations.Migration):
    dependencies = [("brands", "0001_initial")]

    operations = [migrations.RunPython(add_reference_data, remove_unused_reference_data)]
