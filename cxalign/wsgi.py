"""The door for web servers."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cxalign.settings")

application = get_wsgi_application()

if os.environ.get("EMBEDDED_WORKER") == "1":
    from cxalign.celery import start_embedded_worker

    start_embedded_worker()
