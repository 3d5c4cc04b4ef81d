"""What is known while specs are resolved: the names that models and enums gave, and where."""

from __future__ import annotations

from typing import NamedTuple

from framework.diagnostics import Diagnostics, Place
from framework.load import Specs
from framework.naming import NameKind, check_name
from framework.resolve.sameness import Sameness
from framework.resolve.type_text import Lookup, TypeMistake, parse
from framework.source import Spot
from framework.system import Enum, Error, Field, Param
from framework.types import SCALAR_TYPES, SCALARS, EnumType, NullableType, SchemaType, Type, references

OPERATION_FAILED = "OperationFailed"
"""The message of every `publish_on_error`; it comes with the runtime."""


class DeclaredError(NamedTuple):
    """An error, and the spot that names it first."""

    error: Error
    spot: Spot


class Scope:
    """The specs, the diagnostics, and the names declared so far; `used` are those that types referred to.

    `declared` are the types that names stand for, and `spots` what gave them, which the runtime's have not.
    `doubled` are the models that a name was taken from; what refers to their variants is not told as unknown.
    `unread` are the fields, each with its model, of which something could not be read: nothing is said of
    what seems to follow from them. `fields` are those that were worked out, by what the specs say of them;
    `optional_fields` are these where they may be absent, by the identity of the others.
    `params` are the parameters that were worked out, by what is said of them and of their place.
    `members` are those of enumerations, by the values that they have.
    """

    def __init__(self, specs: Specs, diagnostics: Diagnostics) -> None:
        self.specs = specs
        self.diagnostics = diagnostics
        self.declared: dict[str, SchemaType | EnumType] = {OPERATION_FAILED: SchemaType(OPERATION_FAILED)}
        self.spots: dict[str, Spot] = {}
        self.schemas = {OPERATION_FAILED}
        self.enums: dict[str, Enum] = {}
        self.used: set[str] = set()
        self._misnamed: set[tuple[NameKind, str]] = set()
        self.errors: dict[str, DeclaredError] = {}
        self.doubled: set[str] = set()
        self.unread: set[tuple[str, str]] = set()
        self.sameness = Sameness()
        self.fields: dict[tuple[str, str, bytes], Field] = {}
        self.optional_fields: dict[int, Field] = {}
        self.params: dict[tuple[str, bool, bool, bool, bytes], Param] = {}
        self.members: dict[tuple[str, ...], tuple[tuple[str, str], ...]] = {}

    def declare(self, name: str, type_: SchemaType | EnumType, spot: Spot) -> bool:
        """Take a name for a schema or an enum; False, with a diagnostic, if it is taken."""
        if name not in self.declared:
            self.declared[name] = type_
            self.spots[name] = spot
            if isinstance(type_, SchemaType):
                self.schemas.add(name)
            return True
        self.diagnostics.add(
            "duplicate-name",
            spot.key,
            f"there are two classes {name!r}",
            related=self.key_of(name),
        )
        return False

    def key_of(self, name: str) -> Place | None:
        """Where a name was declared; None for what comes with the runtime."""
        return self.spots[name].key if name in self.spots else None

    def named(self, kind: NameKind, name: str, spot: Spot, *, is_key: bool = True) -> bool:
        """Check a name that a spec gives; False, with a diagnostic, if it cannot be used."""
        mistake = check_name(kind, name)
        if mistake:
            if mistake.meant:
                self._misnamed.add((kind, mistake.meant))
            place = spot.key if is_key else spot.place
            self.diagnostics.add(mistake.code, place, mistake.message, hint=mistake.hint)
        return mistake is None

    def is_misnamed(self, kind: NameKind, name: str) -> bool:
        """Whether a name is the right form of one that was refused: its use is no mistake of its own."""
        return (kind, name) in self._misnamed

    def refuse_class(self, name: str, purpose: str, spot: Spot, *, is_key: bool = False) -> None:
        """Tell of a class of generated code whose name a model, an enum or an error has."""
        is_model = name in self.declared
        if is_model or name in self.errors:
            kind, article = ("model", "a") if is_model else ("error", "an")
            message = f"{article} {kind} has the name of the class {name} {purpose}"
            place = spot.key if is_key else spot.place
            related = self.key_of(name) if is_model else self.errors[name].spot.key
            self.diagnostics.add("duplicate-name", place, message, related=related, note=f"the {kind}")

    def type(self, text: str, holder: Spot, key: str, enum: str | None = None) -> Type | None:
        """Read the type expression at `key` of `holder`; None, with a diagnostic, if it has none.

        `enum` is the name of the enumeration that the word `enum` means here.
        """
        if scalar := SCALAR_TYPES.get(text):
            return scalar
        if text in self.schemas:
            self.used.add(text)
            return self.declared[text]
        if text == "enum" and enum is not None:
            return EnumType(enum)

        def lookup(name: str) -> Type | None:
            if name == "enum" and enum is not None:
                return EnumType(enum)
            return self.declared.get(name)

        type_ = lookup(text) or parse(text, lookup)
        if isinstance(type_, TypeMistake):
            self._tell(type_, text, holder / key, lookup)
            return None
        self.used |= references(type_)
        return type_

    def schema(self, name: str, holder: Spot, key: str) -> str | None:
        """The name of the model or variant at `key` of `holder`; None, with a diagnostic, if none is."""
        if name in self.schemas:
            self.used.add(name)
            return name
        if not self._is_in_gap(name):
            hint = self.diagnostics.did_you_mean(name, self.schemas)
            self.diagnostics.add("unknown-model", (holder / key).place, f"no model {name!r}", hint=hint)
        return None

    def _tell(self, mistake: TypeMistake, text: str, spot: Spot, lookup: Lookup) -> None:
        # Only mistakes need what other languages call types.
        from framework.resolve.foreign_types import is_foreign_word, leading_word, type_hint

        place = spot.within(mistake.start, mistake.end)
        name = mistake.unknown_name
        is_told = not self.diagnostics.is_full(place.path)
        hint = type_hint(text, mistake.start if name else 0, lookup) if is_told else ""
        word = leading_word(text)
        if name is None and is_foreign_word(word):
            self.diagnostics.add("bad-type", spot.within(0, len(word)), f"no type {word!r}", hint=hint)
        elif name is None:
            self.diagnostics.add("bad-type", place, mistake.message, hint=hint)
        elif name == "enum":
            self.diagnostics.add("bad-type", place, "an enum is possible only in fields and parameters")
        elif self._is_in_gap(name):
            return
        elif hint or name[0].islower() or name.casefold() in SCALARS:
            hint = hint or self.diagnostics.did_you_mean(name, _WORDS, SCALARS, self.declared)
            hint = hint or f"the types are {', '.join(_WORDS)}"
            self.diagnostics.add("bad-type", place, mistake.message, hint=hint)
        else:
            hint = self.diagnostics.did_you_mean(name, self.declared, SCALARS)
            self.diagnostics.add("unknown-model", place, f"no model {name!r}", hint=hint)

    def _is_in_gap(self, name: str) -> bool:
        """Whether `name` may come from a model that was left out, as itself, a variant or an enum."""
        beginnings = [name[:end] for end in range(len(name) + 1)]
        is_part = any(self.specs.may_have("models", each) for each in beginnings)
        is_misnamed = any(
            self.is_misnamed(NameKind.MODEL, each)
            or (each in self.declared and self.is_misnamed(NameKind.VARIANT, name.removeprefix(each)))
            for each in beginnings
        )
        is_doubled = not self.doubled.isdisjoint(beginnings)
        return is_part or is_doubled or is_misnamed or self.specs.may_have("types", name)


_WORDS = (
    *("int", "float", "decimal", "bool", "string", "bytes", "date", "time", "datetime", "duration"),
    *("uuid", "email", "url", "json", "list[T]", "set[T]", "dict[string, T]", "enum"),
)


def split_null(type_: Type) -> tuple[Type, bool]:
    """A type without `| null` at its top, and whether that was there."""
    return (type_.inner, True) if isinstance(type_, NullableType) else (type_, False)
