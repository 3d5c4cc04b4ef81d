"""A method of a controller compared with how its operation calls it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from framework.diagnostics import Place
from framework.lint.annotations import Comparison, Type, type_of
from framework.lint.modules import Code, Module

Function = ast.FunctionDef | ast.AsyncFunctionDef

_TRANSPARENT = {
    "abc.abstractmethod",
    "builtins.classmethod",
    "builtins.staticmethod",
    "typing.override",
    "typing_extensions.override",
}
"""Decorators that leave a signature as it is written."""

_AWAITABLE = {
    f"{module}.{name}"
    for module in ("typing", "collections.abc", "asyncio")
    for name in ("Awaitable", "Coroutine", "Future", "Task")
}

_SELF = 1  # arguments that Python gives by itself


@dataclass(frozen=True, slots=True)
class WantedArgument:
    """An argument that the operation gives; `text` is its annotation in generated code."""

    name: str
    text: str
    type: Type


@dataclass(frozen=True, slots=True)
class Wanted:
    """How an operation calls its method: the session by position, if there is one, the rest by name."""

    name: str
    session: WantedArgument | None
    arguments: Sequence[WantedArgument]
    returns: WantedArgument


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A way in which a method differs from what is wanted."""

    code: str
    place: Place
    message: str
    hint: str


@dataclass(frozen=True)
class Signature:
    """A method where it is written."""

    code: Code
    module: Module
    node: Function

    def mismatches(self, wanted: Wanted, comparison: Comparison) -> Iterator[Mismatch]:
        """Everything in which it differs; nothing if a decorator may have changed it."""
        if any(self.code.named(self.module, each) not in _TRANSPARENT for each in self.node.decorator_list):
            return
        if self._is_awaitable():
            yield from self._arguments(wanted, comparison)
            if isinstance(self.node, ast.AsyncFunctionDef):
                yield from self._returns(wanted, comparison)
            return
        message = f"{self.node.name!r} is not async, and its operation awaits it"
        yield Mismatch("not-async", self._name, message, "write `async def`")
        yield from self._arguments(wanted, comparison)
        yield from self._returns(wanted, comparison)

    @property
    def _name(self) -> Place:
        return self.module.place_of_name(self.node)

    def _is_awaitable(self) -> bool:
        returns = self.node.returns
        return isinstance(self.node, ast.AsyncFunctionDef) or (
            returns is not None and self.code.named(self.module, returns) in _AWAITABLE
        )

    def _arguments(self, wanted: Wanted, comparison: Comparison) -> Iterator[Mismatch]:
        positional = self._positional()
        session = self._session(wanted, positional)
        if wanted.session and session:
            yield from self._annotation(session, wanted.session, comparison)
        elif wanted.session and not self.node.args.vararg:
            yield self._without_session(wanted)
        name = session.arg if session else wanted.session.name if wanted.session else ""
        by_name = {each.arg: each for each in [*positional, *self.node.args.kwonlyargs] if each.arg != name}
        yield from self._names(wanted, by_name)
        for argument in wanted.arguments:
            if argument.name in by_name:
                yield from self._annotation(by_name[argument.name], argument, comparison)

    def _positional(self) -> list[ast.arg]:
        arguments = [*self.node.args.posonlyargs, *self.node.args.args]
        decorators = (self.code.named(self.module, each) for each in self.node.decorator_list)
        return arguments if "builtins.staticmethod" in decorators else arguments[_SELF:]

    def _session(self, wanted: Wanted, positional: Sequence[ast.arg]) -> ast.arg | None:
        """The argument that is given the session: the first, unless that is plainly another one."""
        if not (wanted.session and positional):
            return None
        first, *rest = positional
        others = {argument.name for argument in wanted.arguments}
        late = {argument.arg for argument in [*rest, *self.node.args.kwonlyargs]}
        return None if first.arg in others or wanted.session.name in late else first

    def _without_session(self, wanted: Wanted) -> Mismatch:
        assert wanted.session  # noqa: S101 - told only of operations with a session
        name = wanted.session.name
        arguments = [*self._positional(), *self.node.args.kwonlyargs]
        late = next((each for each in arguments if each.arg == name), None)
        if late:
            message = f"{name!r} is given by position, so that it must be the first argument after self"
            return Mismatch("wrong-parameters", self.module.place(late), message, "move it there")
        message = f"{self.node.name!r} has no argument for the session"
        hint = f"write `{name}: {wanted.session.text}` after self"
        return Mismatch("wrong-parameters", self._name, message, hint)

    def _names(self, wanted: Wanted, by_name: dict[str, ast.arg]) -> Iterator[Mismatch]:
        """Arguments that are given and not taken, or needed and not given; a pair of those is a new name."""
        only_by_position = set(self.node.args.posonlyargs)
        taken = {name for name, each in by_name.items() if each not in only_by_position}
        missing = [each for each in wanted.arguments if each.name not in taken]
        if self.node.args.kwarg:
            missing = []
        names = {argument.name for argument in wanted.arguments}
        needless = [each for each in self._required(by_name) if each.arg not in names]
        for argument, extra in zip_longest(missing, needless):
            yield self._wrong_name(argument, extra, by_name)

    def _wrong_name(
        self, argument: WantedArgument | None, extra: ast.arg | None, by_name: dict[str, ast.arg]
    ) -> Mismatch:
        if argument is None:
            assert extra  # noqa: S101 - one of the two is there
            message = f"nothing gives the argument {extra.arg!r}"
            hint = "remove it, or give it a default"
            return Mismatch("wrong-parameters", self.module.place(extra), message, hint)
        text = f"`{argument.name}: {argument.text}`"
        if extra:
            message = f"the argument {argument.name!r}, which is given by name, is called {extra.arg!r} here"
            return Mismatch("wrong-parameters", self.module.place(extra), message, f"write {text}")
        if argument.name in by_name:
            message = f"{argument.name!r} is given by name, and cannot be here"
            place = self.module.place(by_name[argument.name])
            return Mismatch("wrong-parameters", place, message, "move it behind the `/`")
        message = f"{self.node.name!r} does not take the argument {argument.name!r}"
        return Mismatch("wrong-parameters", self._name, message, f"add {text}")

    def _required(self, by_name: dict[str, ast.arg]) -> list[ast.arg]:
        arguments = self.node.args
        positional = [*arguments.posonlyargs, *arguments.args]
        optional = set(positional[len(positional) - len(arguments.defaults) :])
        optional |= {
            each
            for each, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
            if default is not None
        }
        return [each for each in by_name.values() if each not in optional]

    def _annotation(self, given: ast.arg, wanted: WantedArgument, types: Comparison) -> Iterator[Mismatch]:
        if given.annotation is None:
            message = f"the argument {given.arg!r} has no type"
            hint = f"write `{given.arg}: {wanted.text}`"
            yield Mismatch("wrong-annotation", self.module.place(given), message, hint)
        elif not types.fits(wanted.type, type_of(self.code, self.module, given.annotation)):
            message = f"the argument {given.arg!r} is given `{wanted.text}`"
            place = self.module.place(given.annotation)
            yield Mismatch("wrong-annotation", place, message, f"write `{wanted.text}`")

    def _returns(self, wanted: Wanted, types: Comparison) -> Iterator[Mismatch]:
        text = wanted.returns.text
        if self.node.returns is None:
            message = f"{self.node.name!r} does not say what it returns"
            yield Mismatch("wrong-annotation", self._name, message, f"write `-> {text}`")
        elif not types.fits(type_of(self.code, self.module, self.node.returns), wanted.returns.type):
            message = f"{self.node.name!r} must return `{text}`"
            place = self.module.place(self.node.returns)
            yield Mismatch("wrong-annotation", place, message, f"write `{text}`")
