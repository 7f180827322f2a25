# The image of the web process and the worker, which compose.yaml runs. bin/clean-root follows these
# instructions without Docker.
FROM debian:trixie-slim

WORKDIR /srv/jdbuilder

COPY deploy/install deploy/
RUN deploy/install packages && rm -rf /var/lib/apt/lists/*
RUN ACCOUNT_ID=900 deploy/install account

COPY requirements.lock ./
RUN deploy/install python

COPY deploy/backup deploy/
COPY LICENSE manage.py pyproject.toml ./
COPY fixtures fixtures
COPY static static
COPY templates templates
COPY jdbuilder jdbuilder
COPY roles roles
RUN deploy/install compile

ENV PATH="/srv/jdbuilder/.venv/bin:$PATH"
ENV DATA_DIR="/var/lib/jdbuilder"
ENV LANG="C.UTF-8"
ENV PYTHONUNBUFFERED="1"
USER 900:900
EXPOSE 8000

# Python rather than curl, which the image doesn't have. Without the proxy of the environment.
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s CMD ["python", "-c", "import http.client as h; c = h.HTTPConnection('127.0.0.1', 8000, timeout=9); c.request('GET', '/healthz'); raise SystemExit(c.getresponse().status != 200)"]

# gunicorn's workers prove with a file that they're alive. On a disk, a slow write would look like
# a dead worker.
CMD ["gunicorn", "jdbuilder.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "8", "--no-control-socket", "--worker-tmp-dir", "/dev/shm"]
