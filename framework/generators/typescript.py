"""`types.ts`: every schema, enum and event for TypeScript, that is, for whoever speaks JSON with services."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any, NamedTuple

from framework.files import File, banner
from framework.generators.methods import folder
from framework.generators.schema_forms import Form
from framework.generators.templating import render
from framework.generators.text import WIDTH
from framework.generators.typescript_names import TypeNames
from framework.generators.typescript_text import doc_comment, literal, property_name
from framework.generators.typescript_types import ALIASES, Alias, nullable
from framework.system import Enum, Error, Event, Field, Schema, System
from framework.types import Scalar, Type

_INDENTED = "\n  "
"""Between the lines of a body."""

PATH = "shared/shared/generated/types.ts"


class _Interface(NamedTuple):
    """An interface: its properties, and the comments before them. Those of one schema are neighbours."""

    comment: str
    name: str
    body: str


class _Constant(NamedTuple):
    """An enum or what is like one: an object of its values, and the type of those under the same name."""

    comment: str
    name: str
    body: str


def generate(system: System) -> Iterator[File]:
    """The module of all types, for all and in each node service; its only values are those of enums."""
    writer = _Writer(system)
    text = render(
        "codegen/types.ts.j2",
        banner=banner("shared/spec", "// "),
        enums=[*map(_enum, system.enums), *writer.error_codes(system.errors)],
        interfaces=[*writer.interfaces(), *writer.event_map(system.events)],
        aliases=writer.aliases(),
        page=writer.page(system),
    )
    yield File(PATH, text)
    for service in system.services:
        if not service.type.is_python:
            # A copy, so that the folder of the service is all that a build of it needs.
            yield File(f"{folder(service)}/generated/types.ts", text)


class _Writer:
    """Writes interfaces under their names."""

    def __init__(self, system: System) -> None:
        self._names = TypeNames(system)
        self._properties = {
            form: _Properties(self._names.types(form), may_omit_defaults=form is Form.SENT) for form in Form
        }

    def aliases(self) -> list[Alias]:
        """The scalars that occur and that JSON has no word for."""
        return [_alias(scalar, name) for scalar, name in self._names.aliases.items()]

    def interfaces(self) -> list[_Interface]:
        """Every schema, in every form that it has."""
        return [self._interface(schema, form) for schema, form in self._names.forms]

    def error_codes(self, errors: Collection[Error]) -> Iterator[_Constant]:
        """The codes of all errors that operations are refused with, if there are any."""
        if errors:
            comment = doc_comment("Why operations are refused: `code` in problem documents (RFC 9457).")
            body = _members((error.name, error.code) for error in errors)
            yield _Constant(comment, self._names.error_code, body)

    def page(self, system: System) -> str:
        """The name of the interface of pages, if an operation answers in such."""
        domains = (domain for service in system.services for domain in service.domains)
        has_pages = any(each.pagination for domain in domains for each in domain.operations)
        return self._names.page if has_pages else ""

    def event_map(self, events: Collection[Event]) -> Iterator[_Interface]:
        """The message of every event, if there are any."""
        body = [
            line
            for event in events
            for line in (
                doc_comment(event.description, indent=2),
                f"{property_name(event.name)}: {event.message};",
            )
            if line
        ]
        if body:
            comment = doc_comment("What each event carries, by the name of the event.")
            yield _Interface(comment, self._names.event_map, _INDENTED.join(body))

    def _interface(self, schema: Schema, form: Form) -> _Interface:
        body = self._properties[form].of(schema)
        return _Interface(self._comment(schema, form), self._names.schema(schema.name, form), body)

    def _comment(self, schema: Schema, form: Form) -> str:
        words = [schema.description.strip()]
        if schema.variant:
            words.append(f"The variant `{schema.variant}` of `{schema.model}`.")
        if self._names.forms.has_two(schema.name):
            other = self._names.schema(schema.name, Form.ANSWERED if form is Form.SENT else Form.SENT)
            words.append(
                f"As it is sent to a service: what has a default may be left out. Answers are `{other}`."
                if form is Form.SENT
                else f"As a service answers it. What is sent to a service is `{other}`."
            )
        return doc_comment("\n\n".join(filter(None, words)) or f"The model `{schema.name}`.")


class _Properties:
    """Writes the properties of interfaces; `render` and `may_omit_defaults` are those of their form."""

    def __init__(self, render: Callable[[Type], str], *, may_omit_defaults: bool) -> None:
        self._render = render
        self._may_omit_defaults = may_omit_defaults
        # Most fields stand in several schemas.
        self._known: dict[int, str] = {}

    def of(self, schema: Schema) -> str:
        """The properties of a schema, and before each what is said of it, if anything."""
        return _INDENTED.join([self._known.get(id(field)) or self._write(field) for field in schema.fields])

    def _write(self, field: Field) -> str:
        may_be_absent = not field.required and (self._may_omit_defaults or not field.has_default)
        mark = "?" if may_be_absent else ""
        type_ = self._render(field.type)
        text = f"{property_name(field.name)}{mark}: {nullable(type_) if field.nullable else type_};"
        comment = doc_comment(field.description, self._tags(field), indent=2)
        written = self._known[id(field)] = f"{comment}{_INDENTED}{text}" if comment else text
        return written

    def _tags(self, field: Field) -> list[str]:
        tags = []
        if self._may_omit_defaults and field.has_default and field.default is not None:
            tags.append(f"@default {literal(field.default)}")
        if field.examples:
            tags += [f"@example {literal(example)}" for example in field.examples]
        if field.deprecated:
            tags.append("@deprecated")
        return tags


def _enum(enum: Enum) -> _Constant:
    return _Constant(doc_comment(f"The values of `{enum.name}`."), enum.name, _members(enum.members))


def _members(values: Iterable[tuple[str, Any]]) -> str:
    return _INDENTED.join([f"{name}: {literal(value)}," for name, value in values])


def _alias(scalar: Scalar, name: str) -> Alias:
    """A scalar under its name; the members of a union that no line can hold have a line each."""
    alias = ALIASES[scalar]
    type_ = " " + alias.type.replace(alias.name, name)
    if len(f"export type {name} ={type_};") > WIDTH:
        type_ = "".join(f"\n  |{member}" for member in type_.split(" |"))
    return Alias(name, type_, doc_comment(alias.description))
