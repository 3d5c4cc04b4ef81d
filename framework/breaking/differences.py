"""What differs between two types, fields or parameters so that one side can no longer read the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from framework.breaking.change import Change
from framework.breaking.finding import Section, Subject
from framework.breaking.flows import Flow
from framework.breaking.limits import exceeded
from framework.breaking.types import mismatches, text
from framework.source import short
from framework.system import Enum, Field, Param
from framework.types import EnumType, Scalar, ScalarType, SchemaType, Type


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that changed in a flow; whom it breaks depends on where that flow begins."""

    flow: Flow
    code: str
    name: str
    message: str
    subject: Subject
    was: Subject | None


@dataclass(frozen=True, slots=True)
class Contact:
    """Two schemas, by their names, of which one is written where the other is read."""

    flow: Flow
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Part:
    """A place for values: a field, a parameter, an input or an output, and where the specs have it.

    `was` is None for what is new.
    """

    name: str
    subject: Subject
    was: Subject | None

    def __truediv__(self, key: str) -> Part:
        return Part(self.name, self.subject / key, self.was / key if self.was else None)

    def differs(self, flow: Flow, kind: str, message: str) -> Difference:
        """A difference here; `kind` is the second half of its code."""
        return Difference(flow, f"{flow.word}-{kind}", self.name, message, self.subject, self.was)


def in_types(part: Part, old: Type, new: Type, flow: Flow, change: Change) -> Iterator[Difference | Contact]:
    """What differs between the types of two values, and the schemas on which it depends."""
    written, read = (old, new) if flow.is_old_to_new else (new, old)
    for left, right in mismatches(written, read, flow):
        before, after = (left, right) if flow.is_old_to_new else (right, left)
        match before, after:
            case SchemaType(old_name), SchemaType(new_name):
                yield Contact(flow, old_name, new_name)
            case EnumType(old_name), EnumType(new_name):
                yield from _in_enums(change.old_enums[old_name], change.new_enums[new_name], flow)
            case _:
                yield part.differs(flow, "type-changed", f"{part.name} was {text(old)} and is {text(new)}")
                return


def _in_enums(old: Enum, new: Enum, flow: Flow) -> Iterator[Difference]:
    before, after = ({value for _, value in enum.members} for enum in (old, new))
    subjects = Subject(Section.ENUM, new.name, ("values",)), Subject(Section.ENUM, old.name, ("values",))
    part = Part(old.name, *subjects)
    if flow.is_old_to_new and before - after:
        gone = ", ".join(short(value) for value in sorted(before - after))
        yield part.differs(flow, "enum-value-removed", f"{old.name} no longer has {gone}")
    elif not flow.is_old_to_new and after - before:
        added = ", ".join(short(value) for value in sorted(after - before))
        yield part.differs(flow, "enum-value-added", f"{old.name} may be {added} now")


def in_values(
    part: Part, old: Field | Param, new: Field | Param, flow: Flow, change: Change
) -> Iterator[Difference | Contact]:
    """What differs between two fields or parameters, apart from whether they are there."""
    if _gains_null(old, new, flow):
        types = (text(each.type, nullable=each.nullable) for each in (old, new))
        message = f"{part.name} was {' and is '.join(types)}"
        yield (part / "type").differs(flow, "type-changed", message)
    else:
        yield from in_types(part / "type", old.type, new.type, flow, change)
    yield from _in_constraints(part, old, new, flow)
    if not flow.is_from_service and not (old.required or new.required) and old.default != new.default:
        message = f"the default of {part.name} was {short(old.default)} and is {short(new.default)}"
        yield (part / "default").differs(flow, "default-changed", message)


def _gains_null(old: Field | Param, new: Field | Param, flow: Flow) -> bool:
    """Whether null is written where it is not read."""
    if flow is Flow.PARAM:
        return False  # there is no null in a URL: the parameter is left out
    written, read = (old, new) if flow.is_old_to_new else (new, old)
    return written.nullable and not read.nullable and read.type != ScalarType(Scalar.JSON)


def _in_constraints(part: Part, old: Field | Param, new: Field | Param, flow: Flow) -> Iterator[Difference]:
    written, read = (old, new) if flow.is_old_to_new else (new, old)
    whole = written.type == ScalarType(Scalar.INT)
    for name in exceeded(written.constraints, read.constraints, whole=whole):
        kind = "constraint-tightened" if flow.is_old_to_new else "constraint-loosened"
        before, after = getattr(old.constraints, name), getattr(new.constraints, name)
        yield (part / name).differs(flow, kind, f"{part.name} {_limit_changed(name, before, after)}")


def _limit_changed(name: str, before: object, after: object) -> str:
    if before is None:
        return f"has {name}: {short(after)} now"
    if after is None:
        return f"no longer has {name}: {short(before)}"
    return f"had {name}: {short(before)} and has {short(after)}"
