"""The settings of test runs: those of the product, except what makes tests slow or lets two runs
collide. pytest and mypy load this module (pyproject.toml), so they need no environment variables.
"""

import os
import tempfile
from pathlib import Path

os.environ["DEBUG"] = "1"  # for the next import, and for processes that tests start

from jdbuilder.settings import *  # noqa: F403
from jdbuilder.settings import DATABASES

if DATABASES["default"]["ENGINE"] == "jdbuilder.sqlite":
    # A file, because tests with threads need real locks. The process ID separates concurrent runs;
    # pytest-django adds the name of the xdist worker.
    DATABASES["default"]["TEST"] = {
        "NAME": str(Path(tempfile.gettempdir()) / f"jdbuilder-test-{os.getpid()}.sqlite3")
    }

# The product's hasher is slow on purpose.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Few tests use the child processes.
WORK_STARTS_EARLY = False

# Tests run background work themselves.
BACKGROUND = "worker"
