"""The application as a server runs it."""

import os
import warnings

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comity.site.settings")
django_application = get_asgi_application()

from csp.utils import build_policy
from django.conf import settings

from comity.site.errors import too_large
from comity.site.limits import UploadLimit

# A form carries its file inside some text of its own.
application = UploadLimit(
    django_application, limit=settings.UPLOAD_LIMIT + 100_000, page=too_large, policy=build_policy()
)

# whitenoise hands over a file in small synchronous reads; Django mentions it once for each process that serves one.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")
