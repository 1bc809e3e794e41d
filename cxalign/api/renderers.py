from __future__ import annotations

from rest_framework.renderers import BaseRenderer


class OrjsonRenderer(BaseRenderer):
    """What every answer is. Views write their JSON themselves; this is what ``Accept`` is compared with."""

    media_type = "application/json"
    format = "json"
    charset = None
