"""Services of any number of operations, as specs and as the Python that people write instead.

A resource has five operations, a model and a module of each kind. The hand-written service has a router for
each resource, which its application includes; the generated one a domain.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tooling.bench.rest.project import generate

PER_RESOURCE: Final = 5

_MODEL: Final = """\
models:
  Thing{n}:
    fields:
      id: {{type: int, readonly: true}}
      name: {{type: string, min_length: 1, max_length: 200}}
      colour: {{type: enum, values: [red, green, blue], default: red}}
      weight: {{type: float, ge: 0, optional: true}}
      tags: {{type: "list[string]", default: []}}
    variants:
      Create: {{}}
      Update: {{optional: all}}
      Read: {{}}
"""
_DOMAIN: Final = """\
domain: things{n}
config:
  rest: {{prefix: /things{n}, tags: [things{n}]}}

operations:
{first}  list_things{n}:
    output: list[Thing{n}Read]
    params:
      - {{name: after, type: int, source: query, default: 0, ge: 0}}
      - {{name: limit, type: int, source: query, default: 20, ge: 1, le: 100}}
    rest: {{method: GET, path: ""}}
  create_thing{n}:
    input: Thing{n}Create
    output: Thing{n}Read
    rest: {{method: POST, path: "", status: 201}}
  update_thing{n}:
    input: Thing{n}Update
    output: Thing{n}Read
    params: [{{name: thing_id, type: int}}]
    rest: {{method: PATCH, path: "/{{thing_id}}"}}
  delete_thing{n}:
    params: [{{name: thing_id, type: int}}]
    rest: {{method: DELETE, path: "/{{thing_id}}", status: 204}}
{last}"""
_GET: Final = """\
  get_thing{n}:
    output: Thing{n}Read
    params: [{{name: thing_id, type: int}}]
    rest: {{method: GET, path: "/{{thing_id}}"}}
"""
_SERVICES: Final = """\
version: 2
services:
  - {name: backend, type: python-fastapi, description: Things., database: false}
"""
_CONTROLLER: Final = '''\
"""The business logic of the domain `things{n}`."""

from {schemas} import Thing{n}Create, Thing{n}Read, Thing{n}Update


class Things{n}Controller:
    """Knows a single thing."""

    async def list_things{n}(self, after: int, limit: int) -> list[Thing{n}Read]:
        """The thing."""
        return [await self.get_thing{n}(after + 1)]

    async def create_thing{n}(self, payload: Thing{n}Create) -> Thing{n}Read:
        """Another thing."""
        return Thing{n}Read(id=1, **payload.model_dump())

    async def update_thing{n}(self, thing_id: int, payload: Thing{n}Update) -> Thing{n}Read:
        """The thing."""
        return await self.get_thing{n}(thing_id)

    async def delete_thing{n}(self, thing_id: int) -> None:
        """Nothing."""

    async def get_thing{n}(self, thing_id: int) -> Thing{n}Read:
        """The thing."""
        return Thing{n}Read(id=thing_id, name="A thing", weight=1.5, tags=["old", "blue"])
'''
_MAIN: Final = """\
from services.backend.src.generated.app import create_app

app = create_app()
"""

_SCHEMAS_BY_HAND: Final = '''\
"""What the API of things{n} takes and answers."""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Thing{n}Colour(StrEnum):
    RED = "red"
    GREEN = "green"
    BLUE = "blue"


class Thing{n}Create(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=200)]
    colour: Thing{n}Colour = Thing{n}Colour.RED
    weight: Annotated[float | None, Field(ge=0)] = None
    tags: list[str] = []


class Thing{n}Update(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Annotated[str | None, Field(min_length=1, max_length=200)] = None
    colour: Thing{n}Colour | None = None
    weight: Annotated[float | None, Field(ge=0)] = None
    tags: list[str] | None = None


class Thing{n}Read(BaseModel):
    id: int
    name: str
    colour: Thing{n}Colour = Thing{n}Colour.RED
    weight: float | None = None
    tags: list[str] = []
'''
_ROUTER_BY_HAND: Final = '''\
"""The routes of things{n}."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from controllers.things{n} import Things{n}Controller
from schemas.things{n} import Thing{n}Create, Thing{n}Read, Thing{n}Update

_controller = Things{n}Controller()


async def get_controller() -> Things{n}Controller:
    return _controller


Controller = Annotated[Things{n}Controller, Depends(get_controller)]

router = APIRouter(prefix="/things{n}", tags=["things{n}"])


@router.get("")
async def list_things{n}(
    controller: Controller,
    after: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> list[Thing{n}Read]:
    return await controller.list_things{n}(after, limit)


@router.post("", status_code=201)
async def create_thing{n}(payload: Thing{n}Create, controller: Controller) -> Thing{n}Read:
    return await controller.create_thing{n}(payload)


@router.patch("/{{thing_id}}")
async def update_thing{n}(thing_id: int, payload: Thing{n}Update, controller: Controller) -> Thing{n}Read:
    return await controller.update_thing{n}(thing_id, payload)


@router.delete("/{{thing_id}}", status_code=204)
async def delete_thing{n}(thing_id: int, controller: Controller) -> None:
    await controller.delete_thing{n}(thing_id)


@router.get("/{{thing_id}}")
async def get_thing{n}(thing_id: int, controller: Controller) -> Thing{n}Read:
    return await controller.get_thing{n}(thing_id)
'''


def make_generated(folder: Path, operations: int) -> Path:
    """Make a project with so many operations, a multiple of five. Raises `BenchError`."""
    _write(folder, _generated(operations // PER_RESOURCE))
    generate(folder)
    return folder


def make_by_hand(folder: Path, operations: int) -> Path:
    """Write the same service as `main:app` for the import root `folder`."""
    _write(folder, _by_hand(operations // PER_RESOURCE))
    return folder


def _generated(resources: int) -> Iterator[tuple[str, str]]:
    yield "services.yml", _SERVICES
    yield "shared/shared/__init__.py", ""
    yield "services/backend/src/main.py", _MAIN
    for n in range(resources):
        yield f"shared/spec/models/things{n}.yaml", _MODEL.format(n=n)
        get = _GET.format(n=n)  # the first of all, and the last
        first, last = ("", get) if n else (get, "")
        domain = _DOMAIN.format(n=n, first=first, last=last)
        yield f"services/backend/spec/things{n}.yaml", domain
        controller = _CONTROLLER.format(n=n, schemas="shared.generated.schemas")
        yield f"services/backend/src/controllers/things{n}.py", controller


def _by_hand(resources: int) -> Iterator[tuple[str, str]]:
    names = [f"things{n}" for n in range(resources)]
    imports = "".join(f"from routers import {name}\n" for name in names)
    included = "".join(f"app.include_router({name}.router)\n" for name in names)
    yield "main.py", f'from fastapi import FastAPI\n\n{imports}\napp = FastAPI(title="backend")\n{included}'
    for n in range(resources):
        yield f"schemas/things{n}.py", _SCHEMAS_BY_HAND.format(n=n)
        yield f"controllers/things{n}.py", _CONTROLLER.format(n=n, schemas=f"schemas.things{n}")
        yield f"routers/things{n}.py", _ROUTER_BY_HAND.format(n=n)


def _write(folder: Path, files: Iterator[tuple[str, str]]) -> None:
    for name, text in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
