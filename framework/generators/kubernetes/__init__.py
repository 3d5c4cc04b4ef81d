"""`infra/k8s`: what runs the system in a cluster, for `kubectl apply -k`.

`base` is the system itself, a file for each service; `servers` is a Redis and a PostgreSQL for trying it;
`overlays/local` puts all of it together, `overlays/production` is the user's: where the images are, and how
much there is of everything. Secrets come from the files that Compose takes them from, in `infra/secrets`.
"""

from __future__ import annotations

from collections.abc import Iterator

from framework import deployment
from framework.connectivity import Connectivity, connectivity
from framework.files import File, banner
from framework.generators.database_script import database_script
from framework.generators.kubernetes.names import labels, scalar
from framework.generators.kubernetes.workloads import Workload, workload
from framework.generators.templating import render
from framework.system import System

FOLDER = "infra/k8s"

_SOURCES = "services.yml and services/*/spec"


def generate(system: System) -> Iterator[File]:
    """The manifests of every service, and what puts them together."""
    lines = connectivity(system)
    workloads = tuple(workload(service, lines) for service in system.services)
    for each in workloads:
        yield _file(f"{FOLDER}/base/{each.name}.yaml", "service", each=each)
    yield _file(f"{FOLDER}/base/network.yaml", "network")
    yield _file(f"{FOLDER}/base/kustomization.yaml", "base", workloads=workloads)
    yield from _servers(lines, workloads)
    yield _file("infra/secrets/kustomization.yaml", "secrets", workloads=workloads)
    yield _file(f"{FOLDER}/overlays/local/kustomization.yaml", "local")
    for name in ("kustomization", "servers"):
        yield File(
            f"{FOLDER}/overlays/production/{name}.yaml", render(f"k8s/production_{name}.yaml.j2"), once=True
        )


def _servers(lines: Connectivity, workloads: tuple[Workload, ...]) -> Iterator[File]:
    users = {
        "postgres": [each for each in workloads if each.service.name in lines.with_database],
        "redis": [each for each in workloads if each.service.name in lines.on_broker],
    }
    used = {server: by for server, by in users.items() if by}
    yield _file(f"{FOLDER}/servers/kustomization.yaml", "servers", servers=used)
    for server, by in used.items():
        script = database_script(each.service.name for each in by)
        yield _file(f"{FOLDER}/servers/{server}.yaml", server, users=by, script=script)


def _file(path: str, template: str, **context: object) -> File:
    text = render(
        f"k8s/{template}.yaml.j2",
        banner=banner(_SOURCES),
        deployment=deployment,
        labels=labels,
        scalar=scalar,
        **context,
    )
    return File(path, text)
