"""The WSGI application that gunicorn serves."""

import os
import threading

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jdbuilder.settings")

application = get_wsgi_application()

# Detecting a language takes a second the first time. Don't let a page pay for it.
from roles import languages  # noqa: E402  # after Django's setup
from roles.tasks import background  # noqa: E402

threading.Thread(target=languages.load, name="languages", daemon=True).start()

background.wake_all()
