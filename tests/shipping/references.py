"""What no schema of Compose knows: that what is named is there, and nothing allowed but what is meant."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import combinations, product
from pathlib import Path
from typing import Any

from framework.connectivity import connectivity
from framework.system import SERVERS, System
from tests.shipping.composition import Composition

Check = Callable[[Composition, Path, System], Iterator[str]]

_STAGE = re.compile(r"^FROM .* AS (\w+)$", re.MULTILINE)
_QUIET = {*SERVERS, "postgres-databases"}
"""They are asked, or end, and call no service."""


def problems(composition: Composition, root: Path, system: System) -> list[str]:
    """Everything that is wrong with what runs together, a sentence each; the files stand in `root/infra`."""
    return [problem for check in CHECKS for problem in check(composition, root, system)]


def hardening(composition: Composition, root: Path, system: System) -> list[str]:
    """What production lacks to be hard to break out of."""
    return [problem for check in HARDENING for problem in check(composition, root, system)]


def _services(composition: Composition) -> Iterator[tuple[str, dict[str, Any]]]:
    yield from composition["services"].items()


def _awaited(composition: Composition, root: Path, _: System) -> Iterator[str]:
    for name, service in _services(composition):
        for other, awaiting in service.get("depends_on", {}).items():
            target = composition["services"].get(other)
            if target is None:
                yield f"{name} waits for {other}, which is not there"
                continue
            condition = awaiting["condition"]
            if condition == "service_healthy" and not _has_health_check(target, root):
                yield f"{name} waits for the health of {other}, which has no check"
            if condition == "service_completed_successfully" and target.get("restart") != "no":
                yield f"{name} waits for the end of {other}, which is started again"
            profiles, own = set(target.get("profiles", [])), set(service.get("profiles", []))
            if profiles and not (own and own <= profiles):
                yield f"{name} may start without {other}, which has a profile"


def _has_health_check(service: dict[str, Any], root: Path) -> bool:
    if "healthcheck" in service:
        return not service["healthcheck"].get("disable", False)
    dockerfile = root / service.get("build", {}).get("dockerfile", "none")
    return dockerfile.is_file() and "\nHEALTHCHECK " in dockerfile.read_text()


def _named(composition: Composition, _: Path, __: System) -> Iterator[str]:
    for kind in ("networks", "volumes", "secrets"):
        declared = set(composition.get(kind) or {})
        used = set()
        for name, service in _services(composition):
            for each in _names(kind, [*service.get(kind, []), *service.get("build", {}).get(kind, [])]):
                used.add(each)
                if each not in declared:
                    yield f"{name} has {each}, which is not among the {kind}"
        yield from (f"nobody uses {each} of the {kind}" for each in sorted(declared - used))


def _names(kind: str, entries: list[Any]) -> Iterator[str]:
    for entry in entries:
        if kind == "volumes":
            if not entry.startswith((".", "/")):
                yield entry.partition(":")[0]
        else:
            yield entry["source"] if isinstance(entry, dict) else entry


def _paths(composition: Composition, root: Path, _: System) -> Iterator[str]:
    infra = root / "infra"
    for name, service in _services(composition):
        for volume in service.get("volumes", []):
            if volume.startswith(".") and not (infra / volume.partition(":")[0]).exists():
                yield f"{name} mounts {volume}, which is not there"
        build = service.get("build")
        if not build:
            continue
        dockerfile = infra / build["context"] / build["dockerfile"]
        if (infra / build["context"]).resolve() != root.resolve():
            yield f"{name} is built from {build['context']}, which is not the project"
        elif not dockerfile.is_file():
            yield f"{name} is built by {build['dockerfile']}, which is not there"
        elif build.get("target") and build["target"] not in _STAGE.findall(dockerfile.read_text()):
            yield f"{name} is built to {build['target']}, a stage that is not there"


def _makings(composition: Composition, root: Path, _: System) -> Iterator[str]:
    for name, service in _services(composition):
        build = service.get("build", {})
        dockerfile = root / build.get("dockerfile", "none")
        if not dockerfile.is_file():
            continue
        text = dockerfile.read_text()
        for secret in build["secrets"]:
            if f"type=secret,id={secret}" not in text:
                yield f"{name} is built with {secret}, which its Dockerfile does not read"
        if not any(f"ARG {argument}=" in text for argument in build["args"]):
            yield f"{name} is built with {build['args']}, none of which its Dockerfile knows"


def _images(composition: Composition, _: Path, __: System) -> Iterator[str]:
    built = {service["image"] for _, service in _services(composition) if "build" in service}
    for name, service in _services(composition):
        image = service["image"]
        if image not in built and not re.fullmatch(r"[a-z/]+:\d[\w.]*-[a-z]+", image):
            yield f"{name} runs {image}, which nobody builds and no version pins"


def _lines(composition: Composition, _: Path, system: System) -> Iterator[str]:
    """Who shares a network is meant to speak to each other, and the other way round."""
    meant = set(_allowed(composition, system))
    allowed = meant.union(_harmless(composition, system))
    joined = set()
    for one, other in combinations(sorted(composition["services"]), 2):
        networks = [set(composition["services"][each].get("networks", [])) for each in (one, other)]
        # Servers listen and call nobody: it is no matter whether they could reach each other.
        if set.intersection(*networks) and {one, other} != set(SERVERS):
            joined.add(frozenset((one, other)))
    yield from (f"{' and '.join(sorted(pair))} share a network" for pair in joined - allowed)
    yield from (f"{' and '.join(sorted(pair))} share no network" for pair in meant - joined)


def _directions(composition: Composition, _: Path, system: System) -> Iterator[str]:
    """Whom a service answers: those that call it, wherever they share a network, and nobody else."""
    lines = connectivity(system)
    for service in system.services:
        own = composition["services"][service.name]
        everybody = {each.name for each in system.services}
        callers = everybody if service.is_public else set(lines.callers(service.name))
        yield from _answering(composition, service.name, callers, _heard(own, "LISTEN_ON"))
        if service.type.is_python:
            operators = set() if service.type.is_application else callers
            for problem in _answering(composition, service.name, operators, _heard(own, "OPERATIONS_HOST")):
                yield f"operators: {problem}"


def _answering(composition: Composition, name: str, callers: set[str], heard: list[str]) -> Iterator[str]:
    networks = composition["services"][name].get("networks", {})
    yield from (
        f"{name} listens on {each}, which is no network" for each in sorted(set(heard) - set(networks))
    )
    for other, service in _services(composition):
        shared = set(networks) & set(service.get("networks", {}))
        if other in callers:
            # Names are answered with the address on any of them.
            yield from (f"{name} does not listen to {other} on {each}" for each in shared.difference(heard))
        elif other != name and other not in _QUIET and not other.endswith("-migrations"):
            yield from (f"{name} listens to {other} on {each}" for each in shared.intersection(heard))


def _heard(service: dict[str, Any], setting: str) -> list[str]:
    """The networks on which a service listens by a setting."""
    networks = service.get("networks", {})
    value = service["environment"].get(setting)
    if value is None:
        return list(networks)
    heard: list[str] = []
    for name in re.sub(r"\$\{\w+:-(.*)\}", r"\1", value).split(","):
        found = [network for network, entry in networks.items() if name in entry.get("aliases", [])]
        if name != "127.0.0.1":
            heard += found if len(found) == 1 else [name]
    return heard


def _allowed(composition: Composition, system: System) -> Iterator[frozenset[str]]:
    lines = connectivity(system)
    there = composition["services"]
    if tests := [each for each in there if each.endswith("-tests")]:
        # They run one at a time, on servers that hold nothing.
        yield from map(frozenset, combinations(tests, 2))
        yield from map(frozenset, product(tests, set(SERVERS) & set(there)))
        return
    if "postgres-databases" in there:
        yield frozenset(("postgres", "postgres-databases"))
    for service in system.services:
        own = {each for each in there if each.rpartition("-")[0] == service.name} | {service.name}
        own &= set(there)
        used = set(lines.servers(service.name)) | {each.name for each in service.depends_on} & set(SERVERS)
        yield from (frozenset((each, server)) for each in own for server in used & set(there))
        yield from map(frozenset, combinations(sorted(own), 2))
        if service.name in there:
            callees = set(lines.callees(service.name)) & set(there)
            yield from (frozenset((service.name, callee)) for callee in callees)


def _harmless(composition: Composition, system: System) -> Iterator[frozenset[str]]:
    """Migrations belong to their service, and listen to nobody: they may see whom it speaks to."""
    lines = connectivity(system)
    for service in system.services:
        for callee in lines.callees(service.name):
            ends = [(name, f"{name}-migrations") for name in (service.name, callee)]
            yield from (
                frozenset(pair) for pair in product(*ends) if set(pair) <= set(composition["services"])
            )


def _published(composition: Composition, _: Path, system: System) -> Iterator[str]:
    public = {service.name for service in system.services if service.is_public}
    for name, service in _services(composition):
        for port in service.get("ports", []):
            if name not in public and not port.startswith("127.0.0.1:"):
                yield f"{name} publishes {port}"
        networks = [(composition["networks"] or {}).get(each) or {} for each in service.get("networks", [])]
        if service.get("ports") and all(each.get("internal") for each in networks):
            yield f"{name} publishes a port on networks that lead nowhere"


def _locked(composition: Composition, _: Path, system: System) -> Iterator[str]:
    services = {service.name for service in system.services}
    for name, service in _services(composition):
        if not service.get("read_only"):
            yield f"{name} can write to its root"
        if service.get("cap_drop") != ["ALL"]:
            yield f"{name} keeps capabilities"
        if "no-new-privileges:true" not in service.get("security_opt", []):
            yield f"{name} can gain privileges"
        if "restart" not in service:
            yield f"{name} stays down"
        if name in services and not service.get("deploy", {}).get("resources", {}).get("limits"):
            yield f"{name} has no limits"
        if "build" not in service and service["image"].startswith(SERVERS) and "user" not in service:
            yield f"{name} runs as root"


def _secret(composition: Composition, _: Path, system: System) -> Iterator[str]:
    secret = {name for service in system.services for name in service.secrets}
    for name, service in _services(composition):
        for setting, value in service.get("environment", {}).items():
            if setting in secret or (re.search("PASSWORD|TOKEN|SECRET", setting) and "_FILE" not in setting):
                yield f"{name} has {setting} in its environment"
            if re.search(r"://[^/@]+:[^/@]+@", str(value)):
                yield f"{name} has a password in {setting}"
    of_containers = {
        each
        for _, service in _services(composition)
        for each in _names("secrets", service.get("secrets", []))
    }
    for name, place in (composition.get("secrets") or {}).items():
        if name in of_containers and not str(place.get("file", "")).startswith("./secrets/"):
            yield f"the secret {name} is not among the files of secrets"


def _outside(composition: Composition, _: Path, system: System) -> Iterator[str]:
    allowed = {service.name for service in system.services if service.internet or service.is_public}
    for name, service in _services(composition):
        networks = [(composition["networks"] or {}).get(each) or {} for each in service.get("networks", [])]
        leads_outside = not networks or not all(each.get("internal") for each in networks)
        if leads_outside and name not in allowed:
            yield f"{name} reaches the world outside"


CHECKS: tuple[Check, ...] = (_awaited, _named, _paths, _makings, _images, _lines, _published)
HARDENING: tuple[Check, ...] = (_directions, _locked, _secret, _outside)
