"""Published facts can be searched for; those that are public already get their words."""

from __future__ import annotations

import json
from typing import Any

from django.db import migrations, models

from brands.models import fold

WORDS = ("statement", "quote", "title", "publisher", "author")
AT_ONCE = 500


def fill(apps: Any, _editor: Any) -> None:
    facts = apps.get_model("scoring", "PublishedFact").objects.exclude(resource="proof").order_by("pk")
    batch: list[Any] = []
    for fact in facts.iterator(AT_ONCE):
        record = json.loads(fact.document)
        texts = [record[name] for name in WORDS if record.get(name)]
        plain = [part for text in texts for part in (text.values() if isinstance(text, dict) else (text,))]
        fact.search_text = fold("\n".join(dict.fromkeys(plain)))
        batch.append(fact)
        if len(batch) == AT_ONCE:
            facts.model.objects.bulk_update(batch, ["search_text"])
            batch = []
    facts.model.objects.bulk_update(batch, ["search_text"])


class Migration(migrations.Migration):
    dependencies = [("scoring", "0010_published_figures")]

    operations = [
        migrations.AddField(
            model_name="publishedfact",
            name="search_text",
            field=models.TextField(default="", editable=False),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
