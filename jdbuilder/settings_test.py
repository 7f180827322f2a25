"""The settings of test runs: those of the product, except for what makes tests slow or lets two
runs meet. pytest and mypy load this module (pyproject.toml), so neither needs an environment."""

import os
import tempfile
from pathlib import Path

os.environ["DEBUG"] = "1"  # read by the next import, and by the processes that tests start

from jdbuilder.settings import *  # noqa: F403
from jdbuilder.settings import DATABASES

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, because threads of a test need the locks that the product meets. The process ID
    # keeps runs apart that share a machine; pytest-django adds the name of the xdist worker.
    DATABASES["default"]["TEST"] = {
        "NAME": str(Path(tempfile.gettempdir()) / f"jdbuilder-test-{os.getpid()}.sqlite3")
    }

# The product's hasher is slow on purpose.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Tests do the background work themselves, when they expect it.
BACKGROUND = "worker"
