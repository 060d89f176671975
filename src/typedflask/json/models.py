"""How objects of attrs, msgspec and pydantic become JSON, none of which need be installed.

Nothing is imported here to find out what a value is: its class says so by an attribute that its
library documents or has kept since its first release. What each becomes is decided in
docs/decisions/022-values-of-models.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

# Any, in all of this module: a model may hold whatever its author put into it.

_EMPTY_KINDS: Final = (list, dict, set, frozenset, tuple)


def model_conversion(value: Any, /) -> Callable[[Any], Any] | None:
    """How to turn an object of attrs, msgspec or pydantic into what stands for it in JSON.

    :returns: a function of the object that gives a dict, as a rule; what is inside is converted
        in its turn. None: the value is nothing of the kind.
    """
    if isinstance(value, type):
        return None
    kind = _class_of(value)
    if hasattr(kind, "__attrs_attrs__"):
        return _attrs_fields
    if hasattr(kind, "__struct_config__"):
        return _struct_fields
    if callable(getattr(kind, "model_dump", None)):
        return _dumped_model
    return None


def _class_of(value: object, /) -> Any:
    """The class, with attributes that only its library's types would know of."""
    return type(value)


def _attrs_fields(value: Any, /) -> dict[str, Any]:
    """Every attribute that attrs knows of, by its name."""
    kind = _class_of(value)
    return {field.name: getattr(value, field.name) for field in kind.__attrs_attrs__}


def _struct_fields(value: Any, /) -> dict[str, Any] | list[Any]:
    """The fields of a Struct, named, left out and tagged as its class statement says."""
    kind = _class_of(value)
    config = kind.__struct_config__
    if config.array_like:
        tag = [] if config.tag is None else [config.tag]
        return [*tag, *(getattr(value, name) for name in kind.__struct_fields__)]
    tagged = {} if config.tag is None else {config.tag_field: config.tag}
    return tagged | dict(_shown_fields(value, kind))


def _shown_fields(value: Any, kind: Any, /) -> Iterator[tuple[str, Any]]:
    # Whoever has made a Struct has imported msgspec.
    from msgspec import UNSET

    names, defaults = kind.__struct_fields__, kind.__struct_defaults__
    required = len(names) - len(defaults)
    omits = kind.__struct_config__.omit_defaults
    for place, (name, written) in enumerate(zip(names, kind.__struct_encode_fields__, strict=True)):
        content = getattr(value, name)
        if content is UNSET:
            continue
        if omits and place >= required and _is_default(content, defaults[place - required]):
            continue
        yield written, content


def _is_default(content: Any, default: Any, /) -> bool:
    """Whether msgspec takes a value for its field's default: the very object, or as empty."""
    if content is default:
        return True
    factory = getattr(default, "factory", None)
    return factory in _EMPTY_KINDS and type(content) is factory and not content


def _dumped_model(value: Any, /) -> Any:
    """What a pydantic model says of itself, by the serializers its author gave it."""
    return value.model_dump(mode="json")
