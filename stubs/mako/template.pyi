# What typedflask uses of Mako, which has no types of its own.
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

from mako.lexer import Lexer
from mako.lookup import TemplateCollection

class Template:
    uri: str
    filename: str | None
    module: ModuleType
    callable_: Callable[..., Any]
    def __init__(
        self,
        text: str | None = ...,
        filename: str | None = ...,
        uri: str | None = ...,
        lookup: TemplateCollection | None = ...,
        default_filters: Sequence[str] | None = ...,
        buffer_filters: Sequence[str] = ...,
        strict_undefined: bool = ...,
        imports: Sequence[str] | None = ...,
        lexer_cls: type[Lexer] | None = ...,
    ) -> None: ...
    @property
    def code(self) -> str: ...
    @property
    def source(self) -> str: ...
    def render_unicode(self, *args: Any, **data: Any) -> str: ...
    def has_def(self, name: str) -> bool: ...
    def get_def(self, name: str) -> Template: ...

class ModuleInfo:
    @classmethod
    def get_module_source_metadata(
        cls, module_source: str, full_line_map: bool = ...
    ) -> dict[str, Any]: ...
