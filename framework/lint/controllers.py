"""Controllers in step with the protocols of their domains."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from framework.diagnostics import Diagnostics, Place, nearest
from framework.generators import controllers as stubs
from framework.generators.imports import Imports
from framework.generators.methods import controller, package, takes_session
from framework.generators.protocols import controller_methods
from framework.lint.annotations import Comparison, type_of
from framework.lint.modules import Code, Module
from framework.lint.refusals import undeclared_errors
from framework.lint.signatures import Function, Signature, Wanted, WantedArgument
from framework.load import Specs
from framework.source import Source, Spot
from framework.system import Domain, Operation, Service, System

_WITHOUT_METHODS = {"builtins.object", "abc.ABC", "typing.Protocol", "typing.Generic"}
"""Bases that bring no method of an operation; neither do the protocols that generation makes."""

_OPERATION = "the operation"
"""What is at the other place that a diagnostic names."""


def check_controllers(root: Path, code: Code, specs: Specs, system: System, diagnostics: Diagnostics) -> None:
    """Compare the controller of every domain with its operations. The specs must be sound."""
    comparison = Comparison(frozenset(enum.name for enum in system.enums))
    spots = {loaded.source.path: loaded.spot for loaded in specs.domains}
    for service in system.services:
        for domain in service.domains:
            if not _has_another_factory(code, service, domain):
                spot = spots[domain.source]
                check = _Check(root, code, system, service, domain, spot, comparison, diagnostics)
                check.run()


def _has_another_factory(code: Code, service: Service, domain: Domain) -> bool:
    """Whether the registry is told to make the controller in a way of the person's own."""
    argument = f"get_{domain.name}_controller"
    return any(
        isinstance(node, ast.keyword) and node.arg == argument
        for module in code.of_service(service.name)
        if argument in module.source.text
        for node in ast.walk(module.tree)
    )


@dataclass(frozen=True)
class _Members:
    """What a class has, with what it inherits; not all of it, if a base is out of sight."""

    methods: Mapping[str, tuple[Module, ast.stmt]]
    is_complete: bool


@dataclass(frozen=True)
class _Check:
    """Compares the controller of one domain."""

    root: Path
    code: Code
    system: System
    service: Service
    domain: Domain
    spot: Spot
    comparison: Comparison
    diagnostics: Diagnostics

    def run(self) -> None:
        name, path = controller(self.domain), stubs.path(self.service, self.domain)
        module = self.code.modules.get(f"{package(self.service)}.controllers.{self.domain.name}")
        if module is None:
            if not (self.root / path).exists():
                self._missing_file(path)
            return
        if found := self.code.class_of(f"{module.name}.{name}"):
            self._class(*found)
        elif not module.names.has(name):
            close = nearest(name, module.names.classes)
            message = f"there is no class {name!r} here, which carries out the operations of {self._spec}"
            paste = "" if close else stubs.module(self.service, self.domain)
            hint = f"call it {name!r}, if this is the one" if close else "begin with this:"
            place = module.place_of_name(module.names.classes[close]) if close else module.source.file
            self.diagnostics.add("missing-controller", place, message, hint=hint, paste=paste)

    @property
    def _spec(self) -> str:
        return self.domain.source

    def _missing_file(self, path: str) -> None:
        message = f"the operations of {self._spec} have no controller"
        hint = "`make generate-from-spec` writes one to begin with"
        if moved := self._controller_elsewhere():
            hint = f"if it was renamed: git mv {moved} {path}"
        self.diagnostics.add("missing-controller", Place(path), message, hint=hint)

    def _controller_elsewhere(self) -> str:
        """The file beside the missing one that has the class of the domain, if there is one."""
        folder, name = PurePosixPath("controllers"), controller(self.domain)
        beside = (each for each in self.code.of_service(self.service.name) if each.within.parent == folder)
        return next((each.source.path for each in beside if name in each.names.classes), "")

    def _class(self, module: Module, node: ast.ClassDef) -> None:
        members = _members(self.code, module, node)
        missing = []
        for operation in self.domain.operations:
            found = members.methods.get(operation.name)
            if found:
                self._method(operation, *found)
            elif members.is_complete:
                missing.append(operation)
        left = self._renamed(module, node, [operation.name for operation in missing])
        for operation in missing:
            self._missing_method(module, node, operation, left.get(operation.name))

    def _missing_method(
        self, module: Module, node: ast.ClassDef, operation: Operation, left: str | None
    ) -> None:
        """Tell of a missing method; `left` is the one that probably was it under another name."""
        text, imports = stubs.stub(self.service, self.domain, operation)
        needed = _lacking(module, imports)
        self.diagnostics.add(
            "missing-method",
            module.place_of_name(node),
            f"{node.name} has no method {operation.name!r}",
            hint=f"{f'rename {left!r}, or ' if left else ''}write it, beginning with this:",
            related=self._place(operation),
            note=_OPERATION,
            paste=f"{needed}\n\n{text}" if needed else text,
        )

    def _place(self, operation: Operation) -> Place:
        return (self.spot / "operations" / operation.name).key

    def _renamed(self, module: Module, node: ast.ClassDef, missing: list[str]) -> dict[str, str]:
        """Tell of methods left behind when an operation got a new name, and give them by that name."""
        left: dict[str, str] = {}
        known = {operation.name for operation in self.domain.operations}
        for method in _own(node):
            if not isinstance(method, Function) or method.name in known or method.name.startswith("_"):
                continue
            if meant := nearest(method.name, missing):
                message = f"{method.name!r} is no operation of {self._spec}"
                place = module.place_of_name(method)
                self.diagnostics.add("renamed-method", place, message, hint=f"did you mean {meant!r}?")
                left.setdefault(meant, method.name)
        return left

    def _method(self, operation: Operation, module: Module, node: ast.stmt) -> None:
        if not isinstance(node, Function):
            return
        self._errors(operation, module, node)
        wanted = self._wanted(operation)
        for found in Signature(self.code, module, node).mismatches(wanted, self.comparison):
            self.diagnostics.add(
                found.code,
                found.place,
                found.message,
                hint=found.hint,
                related=self._place(operation),
                note=_OPERATION,
            )

    def _errors(self, operation: Operation, module: Module, node: Function) -> None:
        """Tell of errors that callers over REST would meet, and their documents do not name."""
        if operation.rest is None:
            return
        for raised, name, status in undeclared_errors(self.code, module, node, operation, self.system):
            self.diagnostics.add(
                "undeclared-error",
                module.place(raised),
                f"{operation.name!r} does not name the error {name}",
                hint=f"add {name}: {status} to its errors",
                related=self._place(operation),
                note=_OPERATION,
            )

    def _wanted(self, operation: Operation) -> Wanted:
        imports = Imports()
        one = Domain(self.domain.name, self.domain.source, (operation,))
        [method] = controller_methods(self.service, one, imports)
        generated = Module(Source("", ""), ast.parse(str(imports)), "")

        def wanted(name: str, text: str) -> WantedArgument:
            expression = ast.parse(text, mode="eval").body
            return WantedArgument(name, text, type_of(self.code, generated, expression))

        arguments = [wanted(argument.name, argument.annotation) for argument in method.arguments]
        has_session = takes_session(self.service, operation)
        return Wanted(
            name=method.name,
            session=arguments[0] if has_session else None,
            arguments=arguments[1:] if has_session else arguments,
            returns=wanted("return", method.returns),
        )


def _members(code: Code, module: Module, node: ast.ClassDef, above: frozenset[str] = frozenset()) -> _Members:
    found: dict[str, tuple[Module, ast.stmt]] = {name: (module, each) for name, each in _named(node)}
    is_complete = "__getattr__" not in found
    for base in node.bases:
        name = code.named(module, base) or ""
        inherited = code.class_of(name)
        if name in above or name in _WITHOUT_METHODS or ".generated.protocols." in name:
            continue
        if inherited is None:
            is_complete = False
            continue
        members = _members(code, *inherited, above | {name})
        found = {**members.methods, **found}
        is_complete &= members.is_complete
    return _Members(found, is_complete)


def _named(node: ast.ClassDef) -> Iterator[tuple[str, ast.stmt]]:
    for statement in _own(node):
        match statement:
            case ast.FunctionDef(name) | ast.AsyncFunctionDef(name) | ast.ClassDef(name):
                yield name, statement
            case ast.Assign(targets):
                yield from ((target.id, statement) for target in targets if isinstance(target, ast.Name))
            case ast.AnnAssign(ast.Name(name)):
                yield name, statement


def _own(node: ast.ClassDef) -> Iterator[ast.stmt]:
    """The statements of a class, also those below an `if`."""
    waiting: list[ast.stmt] = list(reversed(node.body))
    while waiting:
        statement = waiting.pop()
        yield statement
        if isinstance(statement, (ast.If, ast.Try, ast.With)):
            waiting.extend(
                child
                for child in reversed(list(ast.iter_child_nodes(statement)))
                if isinstance(child, ast.stmt)
            )


def _lacking(module: Module, imports: str) -> str:
    """Those of some imports that a module does not have yet."""
    lines: list[str] = []
    for statement in ast.parse(imports).body:
        match statement:
            case ast.ImportFrom(source, names):
                wanted = [each for each in names if module.names.target(each.name) != f"{source}.{each.name}"]
                if wanted:
                    lines.append(ast.unparse(ast.ImportFrom(source, wanted, 0)))
            case ast.Import([alias]):
                if module.names.target(alias.asname or alias.name) != alias.name:
                    lines.append(ast.unparse(statement))
    return "\n".join(lines)
