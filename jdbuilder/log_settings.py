"""The settings of Python's logging: one stream, in one format."""

from typing import Any


def logging(log_format: str, *, debug: bool) -> dict[str, Any]:
    """Returns LOGGING for a LOG_FORMAT."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"request_id": {"()": "jdbuilder.logs.RequestIdFilter"}},
        "formatters": {
            "json": {"()": "jdbuilder.logs.JsonFormatter"},
            "text": {
                "class": "logging.Formatter" if debug else "jdbuilder.logs.LogFormatter",
                "format": "{asctime} {levelname} {name} [{request_id}] {message}",
                "style": "{",
            },
        },
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "filters": ["request_id"],
                "formatter": log_format,
            },
        },
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
            # The request log has every answer below 500 with its status.
            "django.request": {"level": "ERROR"},
            # Scanners ask for other hosts; the request log has the answer, 400.
            "django.security.DisallowedHost": {"level": "CRITICAL"},
            "jdbuilder": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
            "roles": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        },
    }
