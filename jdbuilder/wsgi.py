"""The WSGI application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jdbuilder.settings")

application = get_wsgi_application()

from roles import bounded_work  # noqa: E402  # after the set-up of Django

bounded_work.start()
