"""What the generated classes of a domain have in common: names, arguments and words of an operation."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple
from weakref import WeakKeyDictionary

from framework.generators.annotations import Annotations
from framework.generators.imports import Imports
from framework.generators.text import docstring, sentence
from framework.naming import argument_identifier
from framework.system import Domain, Error, Operation, ParamSource, Service

PAYLOAD = "payload"
"""The argument that an operation's input is given as."""

IDEMPOTENCY_KEY = "idempotency_key"
"""The argument that a request's key is given as; controllers do not see it."""

_BETWEEN = "\n        "
"""What stands between the arguments of a declaration, and before each line of a body."""


class Argument(NamedTuple):
    """An argument of a function; `default` is an expression, or empty where there is none."""

    name: str
    annotation: str
    default: str = ""

    @property
    def declaration(self) -> str:
        """The argument as it stands in a signature."""
        text = f"{self.name}: {self.annotation}"
        return f"{text} = {self.default}" if self.default else text


class Method(NamedTuple):
    """A method of a generated class: the arguments besides `self`, the annotation of what it returns.

    `parameters` are the arguments as they are declared, a line each.
    """

    name: str
    arguments: list[Argument]
    parameters: str
    returns: str
    docstring: str

    @property
    def text(self) -> str:
        """The method as it stands in a class, without its body."""
        declared = f"self,{_BETWEEN}{self.parameters}" if self.parameters else "self,"
        return (
            f"async def {self.name}({_BETWEEN}{declared}\n    ) -> {self.returns}:{_BETWEEN}{self.docstring}"
        )

    def taking(self, first: Argument) -> Method:
        """The method with one more argument, before the others."""
        declared = [parameters([first]), *([self.parameters] if self.parameters else [])]
        arguments = [first, *self.arguments]
        return Method(self.name, arguments, _BETWEEN.join(declared), self.returns, self.docstring)

    def ending(self, last: Sequence[Argument]) -> Method:
        """The method with more arguments, after the others."""
        arguments = [*self.arguments, *last]
        return self._replace(arguments=arguments, parameters=parameters(arguments))


class Methods(NamedTuple):
    """The methods of a domain, and what their annotations use."""

    methods: Sequence[Method]
    imports: Imports


# Protocols, operations and controllers have the same ones.
_known: WeakKeyDictionary[Domain, Methods] = WeakKeyDictionary()


def methods(domain: Domain, imports: Imports) -> Sequence[Method]:
    """The operations of a domain as methods; what these use is imported by the way.

    They lack what keys add that are no `params`: everyone has that in another form, and at the end.
    """
    known = _known.get(domain)
    if known is None:
        used = Imports()
        annotations = Annotations(used)
        found = [_method(operation, annotations) for operation in domain.operations]
        known = _known[domain] = Methods(found, used)
    imports.include(known.imports)
    return known.methods


def _method(operation: Operation, annotations: Annotations) -> Method:
    """An operation as a method: path parameters, the input, the other parameters."""
    arguments = _arguments(operation, annotations)
    return Method(
        operation.name,
        arguments,
        parameters(arguments),
        returns(operation, annotations),
        docstring(document(operation), 8) if operation.errors else summary(operation),
    )


def parameters(arguments: Sequence[Argument]) -> str:
    """Arguments as they are declared, a line each behind the first."""
    return _BETWEEN.join([f"{argument.declaration}," for argument in arguments])


def _arguments(operation: Operation, annotations: Annotations) -> list[Argument]:
    payload = [Argument(PAYLOAD, annotations(operation.input))] if operation.input else []
    if not operation.params:
        return payload
    in_path: list[Argument] = []
    others: list[Argument] = []
    for param in operation.params:
        if param.role:
            continue
        text = annotations(param.type, nullable=param.nullable)
        found = in_path if param.source is ParamSource.PATH else others
        found.append(Argument(argument_identifier(param.name), text))
    return [*in_path, *payload, *others]


def returns(operation: Operation, annotations: Annotations) -> str:
    """The annotation of an operation's result."""
    return annotations(operation.output) if operation.output else "None"


def document(operation: Operation, *others: str) -> str:
    """The docstring of an operation where code calls it: what it does, and what it raises.

    `others` are lines about what it raises besides its errors.
    """
    raised = [f"{error.name}: {_consequence(error, operation)}." for error in operation.errors]
    raised += others
    if not raised:
        return describe(operation)
    return "\n".join([describe(operation), "", "Raises:", *(f"    {line}" for line in raised)])


def _consequence(error: Error, operation: Operation) -> str:
    if operation.rest:
        return f"{error.status} over REST"
    return f"the {'event' if operation.subscription else 'run'} is not tried again"


def describe(operation: Operation) -> str:
    """The words on an operation: its description, else what its name says."""
    return _described(operation.name, operation.description, operation.deprecated)


def summary(operation: Operation) -> str:
    """The docstring of a function that is about an operation and stands in a class or a function."""
    return _summary(operation.name, operation.description, operation.deprecated)


@lru_cache(maxsize=16_384)  # module after module has a function for the same operation
def _summary(name: str, description: str, is_deprecated: bool) -> str:
    return docstring(_described(name, description, is_deprecated), 8)


def _described(name: str, description: str, is_deprecated: bool) -> str:
    words = description.strip() or sentence(name)
    return f"{words}\n\nDeprecated." if is_deprecated else words


def takes_session(service: Service, operation: Operation) -> bool:
    """Whether the controller is given a session for this operation."""
    return service.database and operation.transaction


def key_places(operation: Operation) -> dict[str, list[str]]:
    """Where parameters stand that an idempotency key is read with, besides path, query and body."""
    places = {
        "headers": [param.wire_name for param in operation.params if param.source is ParamSource.HEADER],
        "cookies": [param.wire_name for param in operation.params if param.source is ParamSource.COOKIE],
    }
    return {place: names for place, names in places.items() if names}


def protocol(domain: Domain) -> str:
    """The name of the Protocol that the domain's controller keeps."""
    return f"{domain.class_prefix}ControllerProtocol"


def controller(domain: Domain) -> str:
    """The name of the domain's controller."""
    return f"{domain.class_prefix}Controller"


def operations_class(domain: Domain) -> str:
    """The name of the domain's mediator."""
    return f"{domain.class_prefix}Operations"


def package(service: Service) -> str:
    """The package of a service's source."""
    return f"services.{service.name}.src"


def folder(service: Service) -> str:
    """The folder of a service's source."""
    return f"services/{service.name}/src"


def specs(service: Service) -> str:
    """Where the specs of a service are, as a banner says it."""
    return f"services/{service.name}/spec"
