"""What runs of one service in a cluster, with every decision made."""

from __future__ import annotations

from typing import NamedTuple

from framework import deployment
from framework.connectivity import Connectivity
from framework.deployment import Setting
from framework.generators.kubernetes.names import dns_name
from framework.system import Resources, Service, ServiceType

_DRAIN_SECONDS = 5
"""What a service goes on answering after it was told to stop: until then others may still send requests."""

_GROWTH = 3
"""How many times as many processes may run as are asked for."""

_SERVER_PORTS = {"postgres": deployment.POSTGRES_PORT, "redis": deployment.REDIS_PORT}


class Peer(NamedTuple):
    """Pods that a service speaks to, by their labels, and the port where they listen."""

    name: str
    component: str
    port: int


class Workload(NamedTuple):
    """A service in the cluster, as its templates need it.

    `replicas` run at least, and `most_replicas` at most; both are the same if nothing may be added. What is
    `alone` is stopped before the next one starts. `drain_seconds` are None for those to whom nobody speaks.
    """

    name: str
    service: Service
    has_api: bool
    operations_port: int
    settings: tuple[Setting, ...]
    secrets: tuple[tuple[str, str], ...]
    """Pairs of the name of a setting and that of the file which holds it."""
    migration: tuple[str, ...]
    callers: tuple[str, ...]
    peers: tuple[Peer, ...]
    replicas: int
    most_replicas: int
    is_alone: bool
    requests: Resources
    limits: Resources
    drain_seconds: int | None
    stop_seconds: int

    @property
    def scales(self) -> bool:
        """Whether it may have more processes than one."""
        return self.most_replicas > 1


def workload(service: Service, lines: Connectivity) -> Workload:
    """Decide how a service runs."""
    has_api = service.type in {ServiceType.FASTAPI, ServiceType.NODE} or bool(lines.callers(service.name))
    is_alone = service.type is ServiceType.TELEGRAM
    # Of a process of one's own nobody knows whether two of it do the work once.
    grows = service.type.is_application or service.type is ServiceType.NODE
    replicas = 1 if is_alone else service.replicas
    drain = _DRAIN_SECONDS if has_api else None
    return Workload(
        name=dns_name(service.name),
        service=service,
        has_api=has_api,
        operations_port=deployment.operations_port(service),
        settings=deployment.settings(service, lines, dns_name),
        secrets=tuple(
            (secret, deployment.secret_file(service, secret)) for secret in deployment.secrets(service)
        ),
        migration=deployment.migration(service) if service.database else (),
        callers=tuple(dns_name(caller) for caller in lines.callers(service.name)),
        peers=_peers(service, lines),
        replicas=replicas,
        most_replicas=replicas * _GROWTH if grows else replicas,
        is_alone=is_alone,
        requests=service.resources._replace(millicores=max(1, service.resources.millicores // 2)),
        limits=service.resources,
        drain_seconds=drain,
        stop_seconds=deployment.STOP_SECONDS + (drain or 0),
    )


def _peers(service: Service, lines: Connectivity) -> tuple[Peer, ...]:
    """Whom a service speaks to: its servers and the services that it calls."""
    ports = {each.name: each.port for each in lines.services}
    servers = [Peer(server, "server", _SERVER_PORTS[server]) for server in lines.servers(service.name)]
    services = [Peer(dns_name(callee), "service", ports[callee]) for callee in lines.callees(service.name)]
    return (*servers, *services)
