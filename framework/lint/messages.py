"""Messages are generated from the specs: models that a person wrote beside them are told."""

from __future__ import annotations

import ast

from framework.diagnostics import Diagnostics
from framework.lint.annotations import SCHEMAS
from framework.lint.drafts import model_draft
from framework.lint.modules import Code, Module

_MODELS = {
    "framework.runtime.schema.Schema",
    "pydantic.BaseModel",
    "pydantic.RootModel",
    "pydantic.generics.GenericModel",
    "pydantic.main.BaseModel",
    "pydantic.root_model.RootModel",
    "pydantic.v1.BaseModel",
}
_TYPED_DICTS = {"typing.TypedDict", "typing_extensions.TypedDict"}
_DECORATORS = {"pydantic.dataclasses.dataclass", "pydantic.v1.dataclasses.dataclass"}
_FACTORIES = {"pydantic.create_model", "pydantic.main.create_model"}

_SETTINGS = ("settings.py", "settings")
"""Where a service may group its settings in models of Pydantic, within its source."""

_BOUNDARY = ("controllers", "routes.py", "routes")
"""Where a `TypedDict` is a message; elsewhere it is a dictionary of the person's own."""

_HINT = "describe it in shared/spec/models.yaml, and import it from shared.generated.schemas"


def check_messages(code: Code, diagnostics: Diagnostics) -> None:
    """Tell of every model that no spec describes."""
    for module in code:
        if module.service and module.within.parts[0] in _SETTINGS:
            continue
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ClassDef):
                _check_class(code, module, node, diagnostics)
            elif isinstance(node, ast.Call) and code.named(module, node.func) in _FACTORIES:
                message = "a model of Pydantic is made here by hand"
                place = module.place(node.func)
                diagnostics.add("hand-written-model", place, message, hint=_HINT)


def _check_class(code: Code, module: Module, node: ast.ClassDef, diagnostics: Diagnostics) -> None:
    kind = _kind(code, module, node)
    if not kind:
        return
    message = f"{node.name!r} is {kind}, written by hand"
    paste = model_draft(code, module, node)
    hint = f"{_HINT}:" if paste else _HINT
    diagnostics.add("hand-written-model", module.place_of_name(node), message, hint=hint, paste=paste)


def _kind(code: Code, module: Module, node: ast.ClassDef) -> str:
    """What kind of message a class is; empty if it is none."""
    roots = _roots(code, module, node)
    if roots & _MODELS or any(root.startswith(SCHEMAS) for root in roots):
        return "a model of Pydantic"
    if roots & _TYPED_DICTS and module.within.parts[0] in _BOUNDARY:
        return "a TypedDict"
    decorators = (each.func if isinstance(each, ast.Call) else each for each in node.decorator_list)
    if any(code.named(module, each) in _DECORATORS for each in decorators):
        return "a dataclass of Pydantic"
    return ""


def _roots(
    code: Code, module: Module, node: ast.ClassDef, above: frozenset[str] = frozenset()
) -> frozenset[str]:
    """The bases of a class that are not of the project's own code, over however many steps."""
    names = {name for base in node.bases if (name := code.named(module, base))} - above
    roots: frozenset[str] = frozenset()
    for name in names:
        found = code.class_of(name)
        roots |= _roots(code, *found, above | names) if found else {name}
    return roots
