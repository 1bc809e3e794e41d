"""The log becomes a chain: every line is numbered and holds on to the one before it.

The guards of ``scoring/migrations/0002_written_once.py`` step aside for it and come back; on SQLite, where a table that
changes is made anew, they would be lost otherwise. What the log does not tell of a record that is already on file is
written down first, in a line of the kind ``baseline``: from then on the lines of a record add up to what is on file.
"""

from __future__ import annotations

from collections import defaultdict
from importlib import import_module

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

import brands.models.base
import brands.models.log
from brands import chain

BASELINE = "baseline"
REASON = "What was on file when the trail of changes began."


# --- The guards -------------------------------------------------------------------------------------------------------


def step_aside(apps, schema_editor):
    on = " ON brands_event" if schema_editor.connection.vendor == "postgresql" else ""
    for act in ("update", "delete"):
        schema_editor.execute(f"DROP TRIGGER IF EXISTS brands_event_no_{act}{on}", params=None)


def come_back(apps, schema_editor):
    guards = import_module("scoring.migrations.0002_written_once")
    template = guards.POSTGRESQL if schema_editor.connection.vendor == "postgresql" else guards.SQLITE
    for act in guards.ACTS:
        schema_editor.execute(template.format(table="brands_event", act=act, act_lower=act.lower()), params=None)


# --- What is on file, as the models of today describe it --------------------------------------------------------------

BOOKKEEPING = {"id", "revision", "created_at", "updated_at", "facts_revision", "search_text", "sort_key"}
FACTS = ("Sector", "Crisis", "Brand", "Source", "Promise", "Action", "BrandProfile", "Judgement")
PARTS = {"Action": (("source_links", "action"), ("proofs", "action")), "Crisis": (("phases", "crisis"),)}
PART_MODELS = {"source_links": "ActionSource", "proofs": "Proof", "phases": "CrisisPhase"}


def name_of(record):
    return getattr(record, "key", None) or getattr(record, "slug", None)


def logged(value):
    if isinstance(value, models.Model):
        return name_of(value)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, tuple):
        return list(value)
    return f"{value:.2f}" if type(value).__name__ == "Decimal" else value


def fields_of(record, without=()):
    fields = (field for field in record._meta.concrete_fields if field.name not in BOOKKEEPING)
    return {field.name: logged(getattr(record, field.name)) for field in fields if field.name not in without}


def part_name(accessor, part):
    if accessor == "proofs":
        return f"{part.stakeholder}:{part.direction}"
    return part.source.key if accessor == "source_links" else part.name_en


def state_of(record, model_name):
    state = fields_of(record)
    if model_name in ("Promise", "BrandProfile"):
        state["sources"] = sorted(source.key for source in record.sources.all())
    for accessor, whole in PARTS.get(model_name, ()):
        for part in getattr(record, accessor).all():
            place = f"{accessor}.{part_name(accessor, part)}"
            state |= {f"{place}.{name}": value for name, value in fields_of(part, without=(whole,)).items()}
    return state


def records_of(apps, model_name):
    model = apps.get_model("brands", model_name)
    single = [field.name for field in model._meta.concrete_fields if field.many_to_one]
    related = ["sources"] if model_name in ("Promise", "BrandProfile") else []
    for accessor, whole in PARTS.get(model_name, ()):
        part = apps.get_model("brands", PART_MODELS[accessor])
        others = [field.name for field in part._meta.concrete_fields if field.many_to_one and field.name != whole]
        related.append(models.Prefetch(accessor, part.objects.select_related(*others)))
    return model.objects.select_related(*single).prefetch_related(*related).order_by("pk").iterator(chunk_size=500)


# --- What the lines add up to -----------------------------------------------------------------------------------------


def told(lines, defaults):
    state = dict(defaults)
    for place, kind, changes in lines:
        if place and kind == "evidence.withdrawn":
            state = {name: value for name, value in state.items() if not name.startswith(place)}
        state |= {f"{place}{name}": change[1] for name, change in changes.items() if isinstance(change, list)}
    return state


def lines_by_subject(apps):
    """Subject of a whole record → its lines and those of its parts, each with the place of the part in the whole."""
    lines = defaultdict(list)
    for subject, kind, changes in (
        apps.get_model("brands", "Event").objects.order_by("id").values_list("subject", "kind", "changes")
    ):
        label, _, key = subject.partition(":")
        whole, _, rest = key.partition(":")
        if label in ("brands.proof", "brands.actionsource"):
            accessor = "proofs" if label == "brands.proof" else "source_links"
            own = {name: change for name, change in changes.items() if name != "action"}
            lines[f"brands.action:{whole}"].append((f"{accessor}.{rest}.", kind, own))
        else:
            lines[subject].append(("", kind, changes))
    return lines


def brought_along(record, model_name):
    """Crises and sectors that come with the product need no line as long as nobody changes them."""
    shipped = import_module("brands.migrations.0002_reference_data")
    if model_name == "Sector":
        named = {slug: {"slug": slug, "name_en": en, "name_fr": fr} for slug, en, fr in shipped.SECTORS}
        return named.get(record.slug, {})
    if model_name != "Crisis" or record.slug != shipped.COVID["slug"]:
        return {}
    state = {name: logged(value) for name, value in shipped.COVID.items()}
    for starts_on, ends_on, en, fr in shipped.PHASES:
        phase = {"starts_on": starts_on.isoformat(), "ends_on": ends_on.isoformat(), "name_en": en, "name_fr": fr}
        state |= {f"phases.{en}.{name}": value for name, value in phase.items()}
    return state


def untouched(record, model_name):
    defaults = {f.name: logged(f.get_default()) for f in record._meta.concrete_fields if f.has_default()}
    return {n: v for n, v in defaults.items() if n not in BOOKKEEPING} | brought_along(record, model_name)


def missing_lines(apps):
    lines = lines_by_subject(apps)
    for model_name in FACTS:
        for record in records_of(apps, model_name):
            subject = f"brands.{model_name.lower()}:{getattr(record, 'key', None) or record.pk}"
            said = told(lines[subject], untouched(record, model_name))
            is_so = state_of(record, model_name)
            names = [*said, *(name for name in is_so if name not in said)]
            pairs = {name: [said.get(name), is_so.get(name)] for name in names}
            if changes := {name: pair for name, pair in pairs.items() if (pair[0] or None) != (pair[1] or None)}:
                yield subject, record.pk if model_name == "Brand" else getattr(record, "brand_id", None), changes


# --- The chain --------------------------------------------------------------------------------------------------------


def chain_what_exists(apps, schema_editor):
    events = apps.get_model("brands", "Event")
    events.objects.bulk_create(
        [
            events(kind=BASELINE, subject=subject, brand_id=brand_id, changes=changes, reason=REASON)
            for subject, brand_id, changes in missing_lines(apps)
        ],
        batch_size=500,
    )
    people = pseudonyms(apps, events)
    brand_keys = dict(apps.get_model("brands", "Brand").objects.values_list("pk", "slug"))
    head, batch = apps.get_model("brands", "TrailHead")(pk=1, sequence=0, digest=chain.BEGINNING), []
    for event in events.objects.order_by("id").iterator(chunk_size=500):
        head.sequence = event.sequence = head.sequence + 1
        event.actor_code = people.get(event.actor_id, "")
        head.digest = event.digest = chain.digest(head.digest, content_of(event, brand_keys.get(event.brand_id, "")))
        batch.append(event)
        if len(batch) == 500:
            events.objects.bulk_update(batch, ["sequence", "actor_code", "digest"], batch_size=100)
            batch = []
    events.objects.bulk_update(batch, ["sequence", "actor_code", "digest"], batch_size=100)
    head.save()
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.connection.check_constraints()  # a table with checks outstanding cannot be altered


def pseudonyms(apps, events):
    table = apps.get_model("brands", "Pseudonym")
    people = sorted(set(events.objects.exclude(actor=None).order_by().values_list("actor", flat=True)))
    rows = [table(user_id=user_id, code=brands.models.log.new_code()) for user_id in people]
    table.objects.bulk_create(rows, batch_size=500)
    return {row.user_id: row.code for row in rows}


def content_of(event, brand_key):
    return chain.content(
        sequence=event.sequence,
        kind=event.kind,
        brand=brand_key,
        subject=event.subject,
        actor=event.actor_code,
        at=event.at,
        changes=event.changes,
        reason=event.reason,
    )


def unchain(apps, schema_editor):
    """The lines that said what was on file belong to the chain; without it they would say nothing."""
    apps.get_model("brands", "Event").objects.filter(kind=BASELINE, reason=REASON).delete()
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.connection.check_constraints()


NO_ACTOR = Q(actor__isnull=True, actor_code="")


class Migration(migrations.Migration):
    dependencies = [
        ("brands", "0002_reference_data"),
        ("scoring", "0002_written_once"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(step_aside, come_back),
        migrations.CreateModel(
            name="Pseudonym",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        default=brands.models.log.new_code,
                        editable=False,
                        max_length=32,
                        unique=True,
                        verbose_name="pseudonym",
                    ),
                ),
                ("erased_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="erased")),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pseudonym",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "pseudonym",
                "verbose_name_plural": "pseudonyms",
                "ordering": ("code",),
                "constraints": [models.CheckConstraint(condition=~Q(code=""), name="pseudonym_has_code")],
            },
        ),
        migrations.CreateModel(
            name="TrailHead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sequence", models.PositiveBigIntegerField(default=0)),
                ("digest", models.CharField(default=chain.BEGINNING, max_length=64)),
            ],
            options={
                "verbose_name": "head of the trail",
                "verbose_name_plural": "head of the trail",
                "ordering": ("id",),
                "constraints": [models.CheckConstraint(condition=Q(id=1), name="trail_has_one_head")],
            },
        ),
        migrations.CreateModel(
            name="VerificationRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("verdicts", "verdicts follow the evidence"),
                            ("trail", "the trail of changes is whole"),
                            ("store", "the store is in order"),
                        ],
                        max_length=12,
                        verbose_name="what was checked",
                    ),
                ),
                (
                    "at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="finished at"),
                ),
                ("seconds", models.FloatField(default=0, verbose_name="seconds")),
                ("checked", models.PositiveBigIntegerField(default=0, verbose_name="items checked")),
                ("findings", models.PositiveIntegerField(default=0, verbose_name="findings")),
                ("first_findings", models.JSONField(blank=True, default=list, verbose_name="first findings")),
                ("up_to", models.PositiveBigIntegerField(default=0, verbose_name="last line of the trail then")),
                ("counts", models.JSONField(blank=True, default=dict, verbose_name="counts")),
            ],
            options={
                "verbose_name": "verification",
                "verbose_name_plural": "verifications",
                "ordering": ("-id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(what__in=["verdicts", "trail", "store"]), name="verification_known"
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="event",
            name="sequence",
            field=models.PositiveBigIntegerField(editable=False, null=True, unique=True, verbose_name="number"),
        ),
        migrations.AddField(
            model_name="event",
            name="actor_code",
            field=models.CharField(blank=True, default="", editable=False, max_length=32, verbose_name="pseudonym"),
        ),
        migrations.AddField(
            model_name="event",
            name="digest",
            field=models.CharField(default="", editable=False, max_length=64, verbose_name="digest"),
        ),
        migrations.AlterField(
            model_name="event",
            name="at",
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="at"),
        ),
        migrations.AlterField(
            model_name="event",
            name="subject",
            field=models.CharField(max_length=300, verbose_name="subject"),
        ),
        migrations.RunPython(chain_what_exists, unchain),
        migrations.AlterField(
            model_name="event",
            name="sequence",
            field=models.PositiveBigIntegerField(editable=False, unique=True, verbose_name="number"),
        ),
        migrations.AlterField(
            model_name="event",
            name="digest",
            field=models.CharField(editable=False, max_length=64, verbose_name="digest"),
        ),
        migrations.AlterModelOptions(
            name="event",
            options={"ordering": ("-sequence",), "verbose_name": "event", "verbose_name_plural": "events"},
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.CheckConstraint(condition=Q(sequence__gt=0), name="event_number_positive"),
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.CheckConstraint(condition=~Q(digest=""), name="event_is_sealed"),
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.CheckConstraint(
                condition=NO_ACTOR | (Q(actor__isnull=False) & ~Q(actor_code="")), name="event_actor_has_pseudonym"
            ),
        ),
        migrations.RunPython(come_back, step_aside),
    ]
