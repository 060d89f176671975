"""How objects of attrs, msgspec and pydantic become JSON, none of which need be installed.

Nothing is imported here to find out what a value is: its class says so by an attribute that its
library documents or has kept since its first release. What each becomes is decided in
docs/decisions/022-values-of-models.md.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

# Any, in all of this module: a model may hold whatever its author put into it.

_EMPTY_KINDS: Final = (list, dict, set, frozenset, tuple)


def class_of(value: object, /) -> Any:
    """The class, with attributes that only its library's types would know of."""
    return type(value)


def model_conversion(value: Any, /) -> Callable[[Any], Any] | None:
    """How to turn an object of attrs, msgspec or pydantic into what stands for it in JSON.

    :returns: a function of the object that gives a dict, as a rule; what is inside is converted
        in its turn. None: the value is nothing of the kind.
    """
    if isinstance(value, type):
        return None
    kind = class_of(value)
    if hasattr(kind, "__attrs_attrs__"):
        return _attrs_fields
    if hasattr(kind, "__struct_config__"):
        return _struct_fields
    if callable(getattr(kind, "model_dump", None)):
        return _dumped_model
    return None


def _attrs_fields(value: Any, /) -> dict[str, Any]:
    """Every attribute that attrs knows of, by its name."""
    kind = class_of(value)
    return {field.name: getattr(value, field.name) for field in kind.__attrs_attrs__}


def _struct_fields(value: Any, /) -> dict[str, Any] | list[Any]:
    """The fields of a Struct, named, left out and tagged as its class statement says."""
    # Whoever has made a Struct has imported msgspec.
    import msgspec

    kind = class_of(value)
    config = kind.__struct_config__
    contents = msgspec.structs.astuple(value)
    if config.array_like:
        return [*contents] if config.tag is None else [config.tag, *contents]
    shown = {
        name: content
        for name, content in zip(kind.__struct_encode_fields__, contents, strict=True)
        if content is not msgspec.UNSET
    }
    if config.omit_defaults:
        for name, content, default in _with_defaults(kind, contents):
            if _is_default(content, default):
                shown.pop(name, None)
    return shown if config.tag is None else {config.tag_field: config.tag} | shown


def _with_defaults(kind: Any, contents: tuple[Any, ...], /) -> zip[tuple[str, Any, Any]]:
    """Name, content and default of the fields that have one, which are the last ones."""
    defaults = kind.__struct_defaults__
    first = len(contents) - len(defaults)
    return zip(kind.__struct_encode_fields__[first:], contents[first:], defaults, strict=True)


def _is_default(content: Any, default: Any, /) -> bool:
    """Whether msgspec takes a value for its field's default: the very object, or as empty."""
    if content is default:
        return True
    factory = getattr(default, "factory", None)
    return factory in _EMPTY_KINDS and type(content) is factory and not content


def _dumped_model(value: Any, /) -> Any:
    """What a pydantic model says of itself, by the serializers its author gave it."""
    return value.model_dump(mode="json")
