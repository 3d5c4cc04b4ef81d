"""`shared/spec/models.yaml` and `shared/spec/models/*.yaml`: data models, their fields and variants."""

from typing import Annotated, Any, Literal

from pydantic import Field, JsonValue

from framework.spec.base import Constrained, Name, Names, Prose, Spec, TypeText, VariantName


class FieldSpec(Constrained):
    """One field of a model."""

    type: TypeText = Field(description="A type, such as `string`, `list[int]`, `Address` or `int | null`.")
    description: Prose = Field("", description="What the field means.")
    default: JsonValue = Field(None, description="The value of a field that is not given.")
    optional: bool = Field(False, description="May be absent or null, in every variant.")
    readonly: bool = Field(False, description="Set by the service: absent from Create and Update.")
    writeonly: bool = Field(False, description="Never shown: absent from Read.")
    deprecated: bool = Field(False, description="Kept for old clients; the OpenAPI document says so.")
    examples: Annotated[tuple[Any, ...], Field(strict=False)] = Field((), description="Sample values.")


class VariantSpec(Spec):
    """What one variant makes of the fields of its model."""

    exclude: Names = Field((), description="Fields that the variant does not have.")
    only: Names | None = Field(None, description="The fields that the variant has, and no others.")
    optional: Names | Literal["all"] = Field(
        (), description="Fields that may be absent; `all` for every field. Absent is not null."
    )


class ModelSpec(Spec):
    """A data model: one class, or one for each of its variants."""

    description: Prose = Field("", description="What the model stands for.")
    fields: dict[Name, FieldSpec] = Field(description="The fields by name.")
    variants: dict[VariantName, VariantSpec] = Field(
        default_factory=dict,
        description="`Create`, `Update`, `Read` or any other: the model `User` gives `UserCreate`. "
        "A model with variants has a class of its own name only if something refers to it.",
    )


class ModelsFile(Spec):
    """A file of models; all such files share one name space."""

    models: dict[Name, ModelSpec] = Field(description="The models by name.")
