"""What runs in a cluster follows from services.yml, and nothing runs with more rights than it needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from framework import deployment
from framework.generators.database_script import database_script
from framework.runtime import service as runtime_service
from framework.runtime.consumer_settings import ConsumerSettings
from tests.kubernetes.kustomize import Object, build
from tests.kubernetes.projects import manifests
from tests.kubernetes.references import WORKLOADS, allowed


def specs(objects: list[Object], kind: str) -> dict[str, Any]:
    return {each["metadata"]["name"]: each["spec"] for each in objects if each["kind"] == kind}


def test_every_service_runs(objects: list[Object]) -> None:
    assert set(specs(objects, "Deployment")) == {
        "shop",
        "bank-account",
        "bot",
        "mail",
        "poller",
        "page",
        "on",
    }


def test_images_are_called_as_their_services(objects: list[Object]) -> None:
    (container,) = specs(objects, "Deployment")["bank-account"]["template"]["spec"]["containers"]
    assert (container["image"], container["imagePullPolicy"]) == ("bank_account", "IfNotPresent")


def test_only_declared_edges_are_open(objects: list[Object]) -> None:
    servers = {"StatefulSet/postgres", "StatefulSet/redis"}
    edges = {(one, other) for one, other in allowed(objects) if other not in servers}
    assert edges == {
        ("Deployment/shop", "Deployment/bank-account"),
        ("Deployment/bot", "Deployment/shop"),
        ("Deployment/poller", "Deployment/shop"),
        ("Deployment/page", "Deployment/shop"),
        ("Deployment/page", "Deployment/mail"),
    }
    stores = {one for one, other in allowed(objects) if other == "StatefulSet/postgres"}
    migrations = {"Job/shop-migrations", "Job/mail-migrations"}
    assert stores == {"Deployment/shop", "Deployment/mail", "Job/postgres-databases", *migrations}
    assert ("Deployment/page", "StatefulSet/redis") not in allowed(objects)


def test_what_no_policy_allows_is_denied(objects: list[Object]) -> None:
    policy = specs(objects, "NetworkPolicy")["default-deny"]
    assert policy == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


def test_the_internet_is_for_those_who_need_it(objects: list[Object]) -> None:
    reaching = {
        name
        for name, spec in specs(objects, "NetworkPolicy").items()
        if any("ipBlock" in peer for rule in spec.get("egress", []) for peer in rule["to"])
    }
    assert reaching == {"bot", "mail"}


def test_who_is_spoken_to_over_http_has_a_service(objects: list[Object]) -> None:
    assert set(specs(objects, "Service")) == {"shop", "bank-account", "page", "mail", "postgres", "redis"}


def test_only_public_services_have_an_ingress(objects: list[Object]) -> None:
    assert set(specs(objects, "Ingress")) == {"shop", "page"}


def test_a_bot_runs_once(objects: list[Object]) -> None:
    bot = specs(objects, "Deployment")["bot"]
    assert (bot["replicas"], bot["strategy"]) == (1, {"type": "Recreate"})


def test_what_does_its_work_in_any_number_scales(objects: list[Object]) -> None:
    scaled = {
        name: (spec["minReplicas"], spec["maxReplicas"])
        for name, spec in specs(objects, "HorizontalPodAutoscaler").items()
    }
    assert scaled == {"shop": (2, 6), "bank-account": (1, 3), "mail": (1, 3), "page": (1, 3), "on": (1, 3)}
    assert specs(objects, "Deployment")["poller"]["replicas"] == 2
    assert set(specs(objects, "PodDisruptionBudget")) == {"shop", "poller"}


def test_migrations_run_for_every_database(objects: list[Object]) -> None:
    jobs = specs(objects, "Job")
    assert set(jobs) == {"postgres-databases", "shop-migrations", "mail-migrations"}
    container = jobs["shop-migrations"]["template"]["spec"]["containers"][0]
    assert container["command"] == ["python", "-m", "framework.runtime.migrate_process", "shop"]
    assert container["image"] == "shop"


def test_resources_are_those_of_the_spec(objects: list[Object]) -> None:
    container = specs(objects, "Deployment")["shop"]["template"]["spec"]["containers"][0]
    assert container["resources"]["limits"] == {"cpu": "250m", "memory": "1024Mi"}
    assert container["resources"]["requests"] == {"cpu": "125m", "memory": "1024Mi"}


def test_secrets_are_files_and_nothing_else(objects: list[Object]) -> None:
    secrets = {each["metadata"]["name"]: set(each["data"]) for each in objects if each["kind"] == "Secret"}
    passwords = {"POSTGRES_PASSWORD", "mail_DATABASE_PASSWORD", "shop_DATABASE_PASSWORD"}
    assert secrets == {
        "postgres": passwords,
        "shop": {"DATABASE_PASSWORD", "MAIL_TOKEN"},
        "mail": {"DATABASE_PASSWORD"},
        "bot": {"TELEGRAM_BOT_TOKEN"},
    }
    for name, spec in specs(objects, "Deployment").items():
        (container,) = spec["template"]["spec"]["containers"]
        assert "env" not in container
        assert all("configMapRef" in source for source in container["envFrom"])
        mounts = {each["name"]: each["mountPath"] for each in container["volumeMounts"]}
        assert mounts.get("secrets") == ("/run/secrets" if name in secrets else None)


def test_nothing_has_more_rights_than_it_needs(objects: list[Object]) -> None:
    for each in (each for each in objects if each["kind"] in WORKLOADS):
        pod = each["spec"]["template"]["spec"]
        assert pod["automountServiceAccountToken"] is False
        assert pod["enableServiceLinks"] is False
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        for container in pod["containers"]:
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }
            assert {"cpu", "memory"} <= container["resources"]["limits"].keys()


def test_who_stops_gets_the_time_that_it_takes(objects: list[Object]) -> None:
    needed = ConsumerSettings().grace + runtime_service._RELAY_FAREWELL + deployment.REQUEST_SECONDS
    for spec in specs(objects, "Deployment").values():
        pod = spec["template"]["spec"]
        drain = (
            pod["containers"][0].get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0)
        )
        assert pod["terminationGracePeriodSeconds"] > needed + drain


def test_a_project_without_databases_has_no_database_server(tmp_path: Path) -> None:
    services = "version: 2\nservices: [{name: shop, type: python-fastapi}]\n"
    folder = manifests(tmp_path, {"services.yml": services})
    names = {each["metadata"]["name"] for each in build(folder / "overlays/local")}
    assert "postgres" not in names
    assert "redis" in names


def test_the_script_that_makes_databases_is_that_of_compose(objects: list[Object]) -> None:
    (script,) = (
        each["data"]["databases.sh"]
        for each in objects
        if each["kind"] == "ConfigMap" and each["metadata"]["name"] == "postgres-databases"
    )
    assert script == database_script(["mail", "shop"])


def test_secrets_come_from_the_files_of_compose(tmp_path: Path) -> None:
    component = yaml.safe_load((manifests(tmp_path).parent / "secrets/kustomization.yaml").read_text())
    files = {each["name"]: each["files"] for each in component["secretGenerator"]}
    assert files["shop"] == ["DATABASE_PASSWORD=shop_DATABASE_PASSWORD", "MAIL_TOKEN"]
    assert files["postgres"] == ["POSTGRES_PASSWORD", "mail_DATABASE_PASSWORD", "shop_DATABASE_PASSWORD"]
