"""What no schema sees: whether the objects of a system mean each other when they name each other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

Object = dict[str, Any]

WORKLOADS = {"Deployment", "StatefulSet", "Job"}

_ADDRESS = re.compile(r"://(?:[^@/]*@)?([a-z0-9-]+):(\d+)")


class Pods(NamedTuple):
    """The pods of a workload."""

    owner: str
    labels: dict[str, str]
    spec: Object

    @property
    def ports(self) -> dict[str, int]:
        """The ports of the containers, by name."""
        found = [port for each in self.spec["containers"] for port in each.get("ports", [])]
        return {port["name"]: port["containerPort"] for port in found}


class System:
    """Objects, and ways to look them up."""

    def __init__(self, objects: list[Object]) -> None:
        self.objects = objects
        self.pods = [
            Pods(f"{each['kind']}/{name(each)}", template(each)["metadata"]["labels"], template(each)["spec"])
            for each in self.of(*WORKLOADS)
        ]

    def of(self, *kinds: str) -> list[Object]:
        """The objects of some kinds."""
        return [each for each in self.objects if each["kind"] in kinds]

    def find(self, kind: str, wanted: str) -> Object | None:
        """An object by its kind and name."""
        return next((each for each in self.of(kind) if name(each) == wanted), None)

    def selected(self, selector: Object) -> list[Pods]:
        """The pods that a selector means."""
        return [pods for pods in self.pods if matches(selector, pods.labels)]


def name(each: Object) -> str:
    return str(each["metadata"]["name"])


def template(each: Object) -> Object:
    found: Object = each["spec"]["template"]
    return found


def matches(selector: Object, labels: dict[str, str]) -> bool:
    wanted = selector.get("matchLabels", {}).items()
    sets = selector.get("matchExpressions", [])
    return wanted <= labels.items() and all(labels.get(each["key"]) in each["values"] for each in sets)


def problems(objects: list[Object]) -> list[str]:
    """Everything that leads nowhere, in a sentence each."""
    system = System(objects)
    checks = (workloads, volumes, settings, services, ingresses, budgets, scaling, policies, edges)
    return [problem for check in checks for problem in check(system)]


def workloads(system: System) -> Iterator[str]:
    for each in system.of("Deployment", "StatefulSet"):
        selected = [pods.owner for pods in system.selected(each["spec"]["selector"])]
        if selected != [f"{each['kind']}/{name(each)}"]:
            yield f"{each['kind']}/{name(each)} selects the pods of {selected}"
    for pods in system.pods:
        account = pods.spec.get("serviceAccountName")
        if account and not system.find("ServiceAccount", account):
            yield f"{pods.owner}: there is no ServiceAccount {account}"
        for container in pods.spec["containers"]:
            for kind in ("startupProbe", "livenessProbe", "readinessProbe"):
                port = container.get(kind, {}).get("httpGet", {}).get("port")
                if port and port not in {*pods.ports, *pods.ports.values()}:
                    yield f"{pods.owner}: its {kind} asks port {port}, which is none of its own"


def volumes(system: System) -> Iterator[str]:
    for pods in system.pods:
        there = {volume["name"]: volume for volume in pods.spec.get("volumes", [])}
        owner = next(each for each in system.of(*WORKLOADS) if f"{each['kind']}/{name(each)}" == pods.owner)
        claims = {name(claim) for claim in owner["spec"].get("volumeClaimTemplates", [])}
        mounted = {
            each["name"] for container in pods.spec["containers"] for each in container["volumeMounts"]
        }
        for missing in sorted(mounted - there.keys() - claims):
            yield f"{pods.owner}: there is no volume {missing}"
        for unused in sorted(there.keys() - mounted):
            yield f"{pods.owner}: nothing mounts the volume {unused}"
        for volume in there.values():
            for kind, key, field in (("Secret", "secret", "secretName"), ("ConfigMap", "configMap", "name")):
                if key not in volume:
                    continue
                if system.find(kind, volume[key][field]) is None:
                    yield f"{pods.owner}: there is no {kind} {volume[key][field]}"
        yield from _files(system, pods)


def _files(system: System, pods: Pods) -> Iterator[str]:
    """The settings that name a file of a secret, which must have it."""
    names = [volume["secret"]["secretName"] for volume in pods.spec.get("volumes", []) if "secret" in volume]
    there = {key for each in system.of("Secret") if name(each) in names for key in each["data"]}
    for container in pods.spec["containers"]:
        for variable in container.get("env", []):
            folder, _, file = variable.get("value", "").rpartition("/")
            if folder == "/run/secrets" and file not in there:
                yield f"{pods.owner}: {variable['name']} names {file}, which no secret has"


def settings(system: System) -> Iterator[str]:
    for pods in system.pods:
        for container in pods.spec["containers"]:
            for source in container.get("envFrom", []):
                wanted = source["configMapRef"]["name"]
                found = system.find("ConfigMap", wanted)
                if found is None:
                    yield f"{pods.owner}: there is no ConfigMap {wanted}"
                    continue
                for host, port in (
                    match for text in found["data"].values() for match in _ADDRESS.findall(text)
                ):
                    service = system.find("Service", host)
                    if service is None or int(port) not in {
                        each["port"] for each in service["spec"]["ports"]
                    }:
                        yield f"{pods.owner}: there is no Service at {host}:{port}"


def services(system: System) -> Iterator[str]:
    for each in system.of("Service"):
        selected = system.selected({"matchLabels": each["spec"]["selector"]})
        if len(selected) != 1:
            yield f"Service/{name(each)} selects the pods of {[pods.owner for pods in selected]}"
        for port in each["spec"]["ports"]:
            target = port.get("targetPort", port["port"])
            for pods in selected:
                if target not in {*pods.ports, *pods.ports.values()}:
                    yield f"Service/{name(each)}: {pods.owner} has no port {target}"


def ingresses(system: System) -> Iterator[str]:
    for each in system.of("Ingress"):
        for path in (path for rule in each["spec"]["rules"] for path in rule["http"]["paths"]):
            backend = path["backend"]["service"]
            found = system.find("Service", backend["name"])
            ports = {port["name"] for port in found["spec"]["ports"]} if found else set()
            if backend["port"]["name"] not in ports:
                yield f"Ingress/{name(each)}: there is no Service {backend['name']} with that port"


def budgets(system: System) -> Iterator[str]:
    for each in system.of("PodDisruptionBudget"):
        if len(system.selected(each["spec"]["selector"])) != 1:
            yield f"PodDisruptionBudget/{name(each)} is not about one workload"


def scaling(system: System) -> Iterator[str]:
    for each in system.of("HorizontalPodAutoscaler"):
        target = each["spec"]["scaleTargetRef"]
        found = system.find(target["kind"], target["name"])
        if found is None:
            yield f"HorizontalPodAutoscaler/{name(each)}: there is no {target['kind']} {target['name']}"
        elif "replicas" in found["spec"]:
            yield f"HorizontalPodAutoscaler/{name(each)} and {target['name']} both say how many processes run"


def policies(system: System) -> Iterator[str]:
    for each in system.of("NetworkPolicy"):
        if not system.selected(each["spec"]["podSelector"]):
            yield f"NetworkPolicy/{name(each)} is about no pods"
        for direction, side in (("ingress", "from"), ("egress", "to")):
            for rule in each["spec"].get(direction, []):
                for peer in rule.get(side, []):
                    if "podSelector" in peer and not system.selected(peer["podSelector"]):
                        yield f"NetworkPolicy/{name(each)}: nobody is {peer['podSelector']['matchLabels']}"


def edges(system: System) -> Iterator[str]:
    """What one side may send, the other must take, and the other way round."""
    sent, taken = set(_edges(system, "egress", "to")), set(_edges(system, "ingress", "from"))
    public = set(_public(system))
    for one, other, port in sorted(edge for edge in sent - taken if edge[1:] not in public):
        yield f"{other} does not take what {one} may send to port {port}"
    for one, other, port in sorted(taken - sent):
        yield f"{one} may not send to {other}, which takes it at port {port}"
    ports = {pods.owner: set(pods.ports.values()) for pods in system.pods}
    for one, other, port in sorted(sent):
        if port not in ports[other]:
            yield f"{one} may send to port {port} of {other}, which does not listen there"


def _public(system: System) -> Iterator[tuple[str, int]]:
    """The workloads that take what comes to a port, whoever sends it."""
    for each in system.of("NetworkPolicy"):
        for rule in each["spec"].get("ingress", []):
            if "from" not in rule:
                for pods in system.selected(each["spec"]["podSelector"]):
                    yield from ((pods.owner, port["port"]) for port in rule["ports"])


def _edges(system: System, direction: str, side: str) -> Iterator[tuple[str, str, int]]:
    for each in system.of("NetworkPolicy"):
        for here in system.selected(each["spec"]["podSelector"]):
            for rule in each["spec"].get(direction, []):
                peers = [peer["podSelector"] for peer in rule.get(side, []) if "podSelector" in peer]
                for there in (pods for selector in peers for pods in system.selected(selector)):
                    for port in rule["ports"]:
                        pair = (here, there) if direction == "egress" else (there, here)
                        yield pair[0].owner, pair[1].owner, port["port"]


def allowed(objects: list[Object]) -> set[tuple[str, str]]:
    """Who may speak to whom, by the names of the workloads."""
    return {(one, other) for one, other, _ in _edges(System(objects), "egress", "to")}
