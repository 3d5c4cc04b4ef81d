"""What the manifests name is there; and every check of that sees what is wrong, shown by broken manifests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.kubernetes.kustomize import Object, build
from tests.kubernetes.projects import manifests
from tests.kubernetes.references import problems


def test_everything_that_is_named_is_there(objects: list[Object]) -> None:
    assert problems(objects) == []


def test_both_overlays_can_be_built(tmp_path: Path) -> None:
    folder = manifests(tmp_path)
    local, production = (build(folder / "overlays" / each) for each in ("local", "production"))
    assert {each["metadata"].get("namespace") for each in production} == {"production"}
    (settings,) = (each for each in production if each["metadata"]["name"] == "settings")
    assert settings["data"] == {"ENVIRONMENT": "production", "LOG_FORMAT": "json", "LOG_LEVEL": "info"}
    assert len(local) > len(production)


def find(objects: list[Object], kind: str, name: str) -> Object:
    return next(each for each in objects if (each["kind"], each["metadata"]["name"]) == (kind, name))


def pod(objects: list[Object], kind: str, name: str) -> Object:
    spec: Object = find(objects, kind, name)["spec"]["template"]["spec"]
    return spec


def remove(objects: list[Object], kind: str, name: str) -> None:
    objects.remove(find(objects, kind, name))


def relabel(objects: list[Object]) -> None:
    labels = find(objects, "Deployment", "mail")["spec"]["template"]["metadata"]["labels"]
    labels["app.kubernetes.io/name"] = "post"


def rename_port(objects: list[Object]) -> None:
    pod(objects, "Deployment", "shop")["containers"][0]["ports"][0]["name"] = "web"


def move_port(objects: list[Object]) -> None:
    pod(objects, "Deployment", "bank-account")["containers"][0]["ports"][0]["containerPort"] = 8009


def move_operations(objects: list[Object]) -> None:
    pod(objects, "Deployment", "bank-account")["containers"][0]["ports"].pop(1)


def set_replicas(objects: list[Object]) -> None:
    find(objects, "Deployment", "shop")["spec"]["replicas"] = 2


def close(objects: list[Object]) -> None:
    del find(objects, "NetworkPolicy", "bank-account")["spec"]["ingress"]


def open_(objects: list[Object]) -> None:
    del find(objects, "NetworkPolicy", "shop")["spec"]["egress"]


def forget_key(objects: list[Object]) -> None:
    del find(objects, "Secret", "postgres")["data"]["POSTGRES_PASSWORD"]


def forget_volume(objects: list[Object]) -> None:
    pod(objects, "Deployment", "mail")["volumes"].pop(0)


def misdirect(objects: list[Object]) -> None:
    find(objects, "ConfigMap", "bot")["data"]["SHOP_API_BASE_URL"] = "http://shop:8000"


MISTAKES: list[tuple[Callable[[list[Object]], None], str]] = [
    (lambda objects: remove(objects, "Secret", "shop"), "Deployment/shop: there is no Secret shop"),
    (lambda objects: remove(objects, "ConfigMap", "bot"), "Deployment/bot: there is no ConfigMap bot"),
    (lambda objects: remove(objects, "ServiceAccount", "bot"), "there is no ServiceAccount bot"),
    (lambda objects: remove(objects, "Service", "redis"), "there is no Service at redis:6379"),
    (
        lambda objects: remove(objects, "Service", "shop"),
        "Ingress/shop: there is no Service shop with that port",
    ),
    (lambda objects: remove(objects, "Deployment", "page"), "Service/page selects the pods of []"),
    (lambda objects: remove(objects, "Deployment", "on"), "NetworkPolicy/on is about no pods"),
    (relabel, "Deployment/mail selects the pods of []"),
    (rename_port, "Service/shop: Deployment/shop has no port http"),
    (move_operations, "Deployment/bank-account: its livenessProbe asks port 9000"),
    (move_port, "may send to port 8001 of Deployment/bank-account, which does not listen there"),
    (set_replicas, "HorizontalPodAutoscaler/shop and shop both say how many processes run"),
    (close, "Deployment/bank-account does not take what Deployment/shop may send to port 8001"),
    (open_, "Deployment/shop may not send to StatefulSet/postgres, which takes it at port 5432"),
    (forget_key, "POSTGRES_PASSWORD_FILE names POSTGRES_PASSWORD, which no secret has"),
    (forget_volume, "Deployment/mail: there is no volume tmp"),
    (misdirect, "Deployment/bot: there is no Service at shop:8000"),
]


@pytest.mark.parametrize(("mistake", "told"), MISTAKES, ids=[told for _, told in MISTAKES])
def test_a_mistake_is_seen(mistake: Callable[[list[Object]], None], told: str, objects: list[Object]) -> None:
    mistake(objects)
    assert told in "\n".join(problems(objects))


def test_a_missing_file_is_seen(tmp_path: Path) -> None:
    folder = manifests(tmp_path)
    (folder / "base/bot.yaml").unlink()
    with pytest.raises(ValueError, match=r"bot\.yaml is missing"):
        build(folder / "overlays/local")
