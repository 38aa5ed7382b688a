"""The application as a server runs it."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comity.site.settings")
application = get_asgi_application()
