"""`infra/compose.*.yml`: what runs a project in containers; one file for what is always so, one for each way.

docker compose --file infra/compose.base.yml --file infra/compose.dev.yml up
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from framework import deployment
from framework.connectivity import Connectivity, connectivity
from framework.deployment import Setting
from framework.files import File, banner
from framework.generators import compose_networks
from framework.generators.compose_networks import OUTSIDE, Network, is_worldly, listens
from framework.generators.database_script import database_script
from framework.generators.templating import render
from framework.system import SERVERS, Service, System

_FILES = ("compose.base.yml", "compose.dev.yml", "compose.prod.yml")
_TESTS = "compose.tests.yml"
_DATABASES = "postgres-databases"
"""The container that makes the databases. No service has a hyphen in its name, so helpers are told apart."""


def generate(system: System) -> Iterator[File]:
    """The files, and the script that makes the databases; nothing for a project without services."""
    if not system.services:
        return
    project = _Project(connectivity(system))
    context = {"project": project, "banner": banner("services.yml"), "deployment": deployment}
    for name in (*_FILES, *([_TESTS] if project.runners else [])):
        yield File(f"infra/{name}", render(f"shipping/{name}.j2", **context))
    if project.databases:
        script = database_script(each.name for each in project.databases)
        yield File("infra/postgres/databases.sh", script)


class _Making(NamedTuple):
    """What a machine may have of its own when it makes an image."""

    images: tuple[str, ...]
    """The build arguments that name the images to begin with."""
    secret: str
    """The build secret with the settings of its package index, which no image keeps."""
    variable: str
    """What names the file of these settings, as the package manager itself has it."""


_OF_PYTHON = _Making(("PYTHON_IMAGE",), "pip.conf", "PIP_CONFIG_FILE")
_OF_NODE = _Making(("NODE_IMAGE", "NGINX_IMAGE"), "npmrc", "NPM_CONFIG_USERCONFIG")


class _Container(NamedTuple):
    """A service as Compose has it."""

    service: Service
    settings: tuple[Setting, ...]
    secrets: tuple[tuple[str, str], ...]
    """Pairs of the name of a secret in the project and that of the setting."""
    depends_on: tuple[tuple[str, str], ...]
    """Pairs of another container and its condition."""
    servers: tuple[str, ...]
    networks: tuple[str, ...]
    outside: str
    """Its own network to reach the world, or to be reached; empty if a line does that, or it does without."""
    called_on: tuple[tuple[str, str], ...]
    """Pairs of a network on which all others call it, and what its address there is called; not if public."""

    @property
    def name(self) -> str:
        """What it is called, in Compose and by the others."""
        return self.service.name

    @property
    def image(self) -> str:
        """The name of its image, which a deployment may put elsewhere; by default no registry has it."""
        return "${IMAGE_PREFIX:-localhost/${COMPOSE_PROJECT_NAME}}/" + self.name

    @property
    def making(self) -> _Making:
        """What may be said to the making of its image."""
        return _OF_PYTHON if self.service.type.is_python else _OF_NODE

    @property
    def probe(self) -> str:
        """Its health check; empty if its image has one of its own."""
        return json.dumps(["CMD", *deployment.probe(self.service)]) if self.service.type.is_python else ""

    @property
    def home(self) -> str:
        """The network of its servers, if it has any."""
        return self.networks[0]

    @property
    def listen_on(self) -> str:
        """Where it listens in production: to itself, and to those that call it. Empty if it is public."""
        if self.service.is_public:
            return ""
        return ",".join(["127.0.0.1", *(name for _, name in self.called_on)])

    @property
    def operations_host(self) -> str:
        """Where it answers operators in production, unless a setting says otherwise: to itself.

        Without an application its port is theirs: then those that call it, too. Empty if no runtime answers.
        """
        if not self.service.type.is_python:
            return ""
        hosts = "127.0.0.1" if self.service.type.is_application else self.listen_on
        return "${OPERATIONS_HOST:-" + hosts + "}"

    @property
    def keeps_addresses(self) -> bool:
        """Whether it asks for addresses at its start alone, as nginx does.

        Compose starts it anew when it has replaced one that it awaits, which may have another address then.
        """
        return not self.service.type.is_python

    @property
    def migration(self) -> str:
        """What brings its database up to date."""
        return json.dumps(deployment.migration(self.service))

    @property
    def reloading(self) -> str:
        """What runs it in development: started anew when its code is saved."""
        words = ["watchfiles", "--target-type=command", f"--sigint-timeout={deployment.STOP_SECONDS}"]
        folders = [f"services/{self.name}/src", "shared/shared"]
        return json.dumps([*words, " ".join(deployment.command(self.service)), *folders])

    @property
    def tests(self) -> str:
        """What runs its tests."""
        return json.dumps(["python", "-m", "pytest", f"services/{self.name}/tests"])

    @property
    def profiles(self) -> str:
        """The profiles that it starts with; empty if it always starts."""
        return json.dumps(self.service.profiles) if self.service.profiles else ""

    @property
    def variable(self) -> str:
        """What names another port of the machine than its own."""
        return f"{self.name.upper()}_PORT"

    @property
    def cores(self) -> str:
        """How many processor cores it may use."""
        return f"{self.service.resources.millicores / 1_000:g}"


class _Project:
    """All containers, and what they have in common."""

    def __init__(self, lines: Connectivity) -> None:
        self._lines = lines
        self.containers = tuple(map(self._container, lines.services))

    @cached_property
    def databases(self) -> tuple[_Container, ...]:
        """The services with a database."""
        return tuple(each for each in self.containers if each.service.database)

    @cached_property
    def servers(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The servers that anybody uses, each with the networks that it is on."""
        found = []
        for server in SERVERS:
            networks = [each.name for each in self._networks if server in each.servers]
            if networks:
                helper = [_DATABASES] if server == "postgres" and self.databases else []
                found.append((server, (*networks, *helper)))
        return tuple(found)

    @cached_property
    def runners(self) -> tuple[_Container, ...]:
        """The services whose tests are run here."""
        return tuple(each for each in self.containers if each.service.type.is_python)

    @cached_property
    def makings(self) -> tuple[_Making, ...]:
        """What may be said to the making of images."""
        return tuple(sorted({each.making for each in self.containers}, reverse=True))

    @cached_property
    def servers_of_tests(self) -> tuple[str, ...]:
        """The servers that tests need."""
        return tuple(name for name, _ in self.servers if any(name in each.servers for each in self.runners))

    @cached_property
    def inside(self) -> tuple[str, ...]:
        """The networks that lead to nowhere outside."""
        found = [each.name for each in self._networks if not each.leads_outside]
        return tuple(sorted([*found, _DATABASES] if self.databases else found))

    @cached_property
    def roads(self) -> tuple[str, ...]:
        """The lines that lead outside as well."""
        return tuple(each.name for each in self._networks if each.leads_outside)

    @cached_property
    def opened(self) -> tuple[str, ...]:
        """What leads outside in development, where each service has a port."""
        homes = {each.name for each in self._networks if each.is_home}
        shut = [each.networks for each in self.containers if not homes.union(self.roads) & set(each.networks)]
        return tuple(sorted(homes.union(*shut)))

    @cached_property
    def outsides(self) -> tuple[str, ...]:
        """The networks that lead outside in production, each for one service alone."""
        return tuple(each.outside for each in self.containers if each.outside)

    @cached_property
    def secrets(self) -> tuple[str, ...]:
        """The names of the files of secrets."""
        found = {name for each in self.containers for name, _ in each.secrets}
        return tuple(sorted(found | ({deployment.POSTGRES_PASSWORD} if self.databases else set())))

    @cached_property
    def _networks(self) -> tuple[Network, ...]:
        return compose_networks.networks(self._lines, self._servers)

    @cached_property
    def _servers(self) -> Mapping[str, tuple[str, ...]]:
        """The servers of each service: what it uses, and what it waits for."""
        found = {}
        for service in self._lines.services:
            awaited = {each.name for each in service.depends_on}
            used = {*self._lines.servers(service.name), *awaited.intersection(SERVERS)}
            found[service.name] = tuple(sorted(used))
        return found

    def _container(self, service: Service) -> _Container:
        networks = [each for each in self._networks if service.name in each.services]
        needs_own = is_worldly(service) and not any(each.leads_outside for each in networks)
        return _Container(
            service=service,
            settings=deployment.settings(service, self._lines),
            secrets=tuple(
                (deployment.secret_file(service, name), name) for name in deployment.secrets(service)
            ),
            depends_on=tuple(_depends_on(service)),
            servers=self._servers[service.name],
            networks=tuple(each.name for each in networks),
            outside=f"{service.name}{OUTSIDE}" if needs_own else "",
            called_on=tuple(
                (each.name, each.address_of(service.name))
                for each in networks
                if not service.is_public and listens(service, each, self._lines)
            ),
        )


def _depends_on(service: Service) -> Iterator[tuple[str, str]]:
    if service.database:
        yield f"{service.name}-migrations", "service_completed_successfully"
    for awaited in service.depends_on:
        yield awaited.name, "service_healthy" if awaited.is_healthy else "service_started"
