"""Stands in for `docker compose` where there is no Docker: runs the services of compose.yaml in
roots that bin/clean-root has made. It knows what this compose.yaml uses, and refuses anything else.

    python3 -m tests.deployment.stand_in up --detach
    python3 -m tests.deployment.stand_in exec web COMMAND…
    python3 -m tests.deployment.stand_in stop

Needs PyYAML, and in the environment: ROOTS, a directory with the roots `image` and `postgresql`,
and NETWORK, the ID of a process in the network of the containers.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import yaml

from tests.deployment import dockerfile

KNOWN = {
    *("build", "cap_drop", "command", "depends_on", "env_file", "environment", "healthcheck"),
    *("image", "init", "ports", "read_only", "restart", "security_opt", "shm_size"),
    *("stop_grace_period", "tmpfs", "volumes"),
}
VARIABLE = re.compile(r"\$\{(\w+)(?::\?[^}]*)?\}")
WAIT_SECONDS = 180

# The arguments: root, flags, volumes as SOURCE:TARGET, --, user, working directory, --, environment
# and command.
CONTAINER = """set -e
root=$1 flags=$2; shift 2
mount --bind "$root" "$root"
cd "$root"
mount -t proc proc proc
mount -t tmpfs -o mode=755 tmpfs dev
for name in null zero full random urandom tty; do
  touch dev/$name; mount --bind /dev/$name dev/$name
done
ln -s /proc/self/fd dev/fd; ln -s fd/1 dev/stdout; ln -s fd/2 dev/stderr
mkdir dev/shm; mount -t tmpfs -o mode=1777,size=64m tmpfs dev/shm
mount --bind "$HOSTS" etc/hosts
while [ "$1" != -- ]; do
  mkdir -p ".${1#*:}"
  if [ -z "${1%%:*}" ]; then mount -t tmpfs -o mode=1777 tmpfs ".${1#*:}"
  else mount --bind "${1%%:*}" ".${1#*:}"; fi
  shift
done
shift
case $flags in *read_only*) mount -o remount,bind,ro . ;; esac
user=$1 directory=$2; shift 3
pivot_root . mnt
umount -l /mnt
if [ "$user" = 0:0 ]; then exec /usr/bin/env -i --chdir="$directory" "$@"; fi
exec /usr/bin/setpriv --reuid "${user%:*}" --regid "${user#*:}" --clear-groups --no-new-privs \
  --inh-caps=-all --bounding-set=-all /usr/bin/env -i --chdir="$directory" "$@"
"""

# What the image of PostgreSQL does at its start, with Debian's packages.
POSTGRESQL = r"""set -e
cd /
programs=$(echo /usr/lib/postgresql/*/bin)
data=/var/lib/postgresql/data
chown postgres: "$data"
as_postgres() { setpriv --reuid postgres --regid postgres --init-groups "$@"; }
if [ ! -f "$data/PG_VERSION" ]; then
  as_postgres "$programs/initdb" -D "$data" -U "$POSTGRES_USER" \
    --auth-local=trust --auth-host=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8
  as_postgres "$programs/pg_ctl" -D "$data" -o "-c listen_addresses='' -k /tmp" -w start
  as_postgres psql -h /tmp -U "$POSTGRES_USER" -d postgres -q \
    -c "ALTER ROLE \"$POSTGRES_USER\" PASSWORD '$POSTGRES_PASSWORD'" \
    -c "CREATE DATABASE \"$POSTGRES_DB\""
  as_postgres "$programs/pg_ctl" -D "$data" -m fast -w stop
fi
exec setpriv --reuid postgres --regid postgres --init-groups \
  "$programs/postgres" -D "$data" -c listen_addresses='*' -k /tmp
"""

ROOTS = Path(os.environ.get("ROOTS", ""))
STATE = ROOTS / "state.json"


def read_env(path: Path) -> dict[str, str]:
    rows = (line.split("=", 1) for line in path.read_text().splitlines() if "=" in line)
    return {name: value for name, value in rows if not name.startswith("#")}


def read_services() -> dict[str, dict[str, Any]]:
    """Returns the services with the values of .env."""
    values = read_env(Path(".env"))

    def filled(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: filled(item) for key, item in value.items()}
        if isinstance(value, list):
            return [filled(item) for item in value]
        if isinstance(value, str):
            return VARIABLE.sub(lambda match: values[match[1]], value)
        return value

    services = filled(yaml.safe_load(Path("compose.yaml").read_text())["services"])
    unknown = {key for service in services.values() for key in service} - KNOWN
    assert not unknown, f"compose.yaml uses {unknown}, which this stand-in doesn't know"
    return dict(services)


class Container:
    """A service with the values of its image."""

    def __init__(self, name: str, service: dict[str, Any]) -> None:
        self.name, self.service = name, service
        self.is_ours = "build" in service
        self.root = ROOTS / ("image" if self.is_ours else "postgresql")
        self.image = dockerfile.Image(command=["bash", "-c", POSTGRESQL])
        if self.is_ours:
            self.image = dockerfile.read_image(Path("Dockerfile").read_text())

    def environment(self) -> list[str]:
        values = dict(self.image.environment)
        if file := self.service.get("env_file"):
            values |= read_env(Path(file))
        values |= self.service.get("environment", {})
        return [f"{name}={value}" for name, value in values.items()]

    def command(self, command: list[str] | None = None) -> list[str]:
        """Returns the command that runs it, or another command in the same surroundings."""
        hosts = ROOTS / "hosts"
        flags = "read_only" if self.service.get("read_only") else ""
        volumes = [f"{self._volume(v)}:{v.split(':')[1]}" for v in self.service["volumes"]]
        volumes += [f":{path}" for path in self.service.get("tmpfs", ())]
        command = command or self.service.get("command") or self.image.command
        return [
            *("nsenter", f"--net=/proc/{os.environ['NETWORK']}/ns/net"),
            *("unshare", "--mount", "--pid", "--ipc", "--fork", "--kill-child"),
            *("env", f"HOSTS={hosts}", "bash", "-c", CONTAINER, "-"),
            *(str(self.root), flags, *volumes, "--", self.image.user, self.image.directory, "--"),
            *(*self.environment(), *command),
        ]

    def _volume(self, volume: str) -> Path:
        """Returns the directory of a named volume. A new one has the owner that it has in the
        image."""
        name, target = volume.split(":")
        path = ROOTS / "volumes" / name
        if not path.exists():
            path.mkdir(parents=True)
            if (inside := Path(f"{self.root}{target}")).exists():
                os.chown(path, inside.stat().st_uid, inside.stat().st_gid)
                path.chmod(inside.stat().st_mode)
        return path

    def health_command(self) -> list[str] | None:
        check = self.service.get("healthcheck", {})
        if check.get("disable"):
            return None
        test = check.get("test") or ["CMD", *self.image.health_command]
        assert test[0] == "CMD", test
        return list(test[1:])

    def is_healthy(self) -> bool:
        command = self.health_command()
        assert command, f"{self.name} has no health check"
        return subprocess.run(self.command(command), capture_output=True).returncode == 0


class Project:
    """All services, and their processes."""

    def __init__(self) -> None:
        self.containers = {n: Container(n, s) for n, s in read_services().items()}
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def up(self) -> None:
        (ROOTS / "hosts").write_text(f"127.0.0.1 localhost {' '.join(self.containers)}\n")
        for name in self.containers:
            self.start(name)
        for name, container in self.containers.items():
            if container.health_command():
                self.wait(name, "service_healthy")
        ids = {name: process.pid for name, process in self.processes.items()}
        STATE.write_text(json.dumps(ids))

    def start(self, name: str) -> None:
        """Starts a service after those that it depends on."""
        if name in self.processes:
            return
        container = self.containers[name]
        for other, wish in container.service.get("depends_on", {}).items():
            self.start(other)
            self.wait(other, wish["condition"])
        with (ROOTS / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                container.command(), stdout=log, stderr=log, start_new_session=True
            )

    def wait(self, name: str, condition: str) -> None:
        process, last = self.processes[name], time.monotonic() + WAIT_SECONDS
        while time.monotonic() < last:
            ended = process.poll()
            if condition == "service_completed_successfully" and ended == 0:
                return
            if ended is not None:
                raise SystemExit(f"{name} ended with {ended}: {log_of(name)}")
            if condition == "service_healthy" and self.containers[name].is_healthy():
                return
            time.sleep(0.5)
        raise SystemExit(f"{name}: no {condition}: {log_of(name)}")


def log_of(name: str) -> str:
    return (ROOTS / f"{name}.log").read_text()[-3000:]


def stop() -> None:
    """Ends the services as `docker compose stop` does. They must end by themselves, in time."""
    project, ids = Project(), json.loads(STATE.read_text())
    for name in reversed(ids):
        container = project.containers[name]
        grace = int(container.service["stop_grace_period"].removesuffix("s"))
        children = Path(f"/proc/{ids[name]}/task/{ids[name]}/children")
        if not children.exists():
            continue  # it has completed
        began = time.monotonic()
        for child in children.read_text().split():
            os.kill(int(child), signal.SIGTERM if container.is_ours else signal.SIGINT)
        while children.exists() and children.read_text():
            assert time.monotonic() < began + grace, f"{name} doesn't stop"
            time.sleep(0.1)
        print(f"  {name} stopped after {time.monotonic() - began:.1f} s")


def main(arguments: list[str]) -> int:
    match arguments:
        case ["up", "--detach"]:
            Project().up()
        case ["exec", "-T", name, *command] | ["exec", name, *command]:
            return subprocess.run(Project().containers[name].command(command)).returncode
        case ["stop"]:
            stop()
        case _:
            raise SystemExit(f"an unknown command: docker compose {shlex.join(arguments)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
