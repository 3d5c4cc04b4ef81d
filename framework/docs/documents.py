"""The documents of a project as files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from framework.docs.asyncapi import asyncapi, messages_of
from framework.docs.description import DescriptionError, describe
from framework.files import File, banner
from framework.system import Service, ServiceType, System

FOLDER = "docs/api"


def documents(root: Path, system: System) -> tuple[list[File], list[DescriptionError]]:
    """The documents of all services, and why some of them cannot be written.

    Imports the services, each in a process of its own.
    """
    described = [
        service for service in system.services if service.type is ServiceType.FASTAPI or messages_of(service)
    ]
    with ThreadPoolExecutor() as pool:
        found = list(pool.map(lambda service: _documents(root, system, service), described))
    files = [file for each in found if isinstance(each, list) for file in each]
    return files, [each for each in found if isinstance(each, DescriptionError)]


def _documents(root: Path, system: System, service: Service) -> list[File] | DescriptionError:
    messages = messages_of(service)
    try:
        description = describe(root, service, messages)
    except DescriptionError as error:
        return error
    return list(
        _files(
            service, description.openapi, asyncapi(system, service, description.schemas) if messages else None
        )
    )


def _files(service: Service, openapi: dict[str, Any] | None, events: dict[str, Any] | None) -> Iterator[File]:
    if openapi is not None:
        yield _file(service, "openapi", openapi)
    if events is not None:
        yield _file(service, "asyncapi", events)


def _file(service: Service, kind: str, document: dict[str, Any]) -> File:
    marked = {"x-generated": banner(f"the service {service.name}", "", "docs"), **document}
    text = json.dumps(marked, indent=2, ensure_ascii=False) + "\n"
    return File(f"{FOLDER}/{service.name}.{kind}.json", text)
