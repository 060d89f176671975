"""Jinja as an application has it that changed nothing about it: the same pages in half the time.

Most of what a page takes is neither its text nor its values. Each value shown becomes a `Markup`
that is joined into a string at once; each key of a dict is first looked for as an attribute, by an
error; each rendering goes key by key through the names that all templates know. All this is done
otherwise here, through the doors that Jinja leaves open: a method of the environment, the class of
its code generator, the class of its templates (decision 017).
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeGuard

import jinja2
import markupsafe
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Context
from markupsafe import Markup

from typedflask.newer_typing import override

if TYPE_CHECKING:
    from jinja2 import nodes

# Any, in all of this module: what a template shows.

ATTRIBUTES_OF_DICTS: Final = frozenset(dir(dict))
"""What `row.items` means whatever keys the row has: in Jinja an attribute wins over a key."""

NEVER_ESCAPED: Final = frozenset({int, float})
"""Types whose text has nothing to escape in it."""

SPECIAL: Final = "<>&'\""


def _escaped_by_the_book(text: str, /) -> str:
    return str(markupsafe.escape(text))


# Any: whatever has the private name.
def find_escaped(found: Any) -> Callable[[str], str]:
    """What escapes plain text below `markupsafe.escape`, which makes a `Markup` of the result.

    It has no public name, so what is found is tried; without it the public function does the work.
    """
    try:
        escapes: bool = found(SPECIAL) == _escaped_by_the_book(SPECIAL)
    except Exception:
        escapes = False
    return found if escapes else _escaped_by_the_book


_escaped: Final = find_escaped(getattr(markupsafe, "_escape_inner", None))
_kind_of: Callable[[object], type[object]] = type


def shown(value: Any, /) -> str:
    """The text of `escape(value)`, for the places where it is joined to other text at once."""
    kind = _kind_of(value)
    if kind is str:
        return _escaped(value)
    if kind in NEVER_ESCAPED:
        return str(value)
    text: str = value if kind is Markup else markupsafe.escape(value)
    return text


class QuickGenerator(CodeGenerator):
    """Writes `environment.typedflask_shown(value)` where Jinja writes `escape(value)` to be joined.

    Code that may be run by another environment, one of a bytecode cache or of a compiled folder,
    is Jinja's; and so is what a `finalize` function sees.
    """

    @override
    def _output_child_pre(
        self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo
    ) -> None:
        escapes = frame.eval_ctx.autoescape and not frame.eval_ctx.volatile
        stays_here = not self.defer_init and self.environment.bytecode_cache is None
        if escapes and stays_here and finalize.src is None:
            self.write("environment.typedflask_shown(")
        else:
            super()._output_child_pre(node, frame, finalize)


def _is_chain(names: object, /) -> TypeGuard[ChainMap[str, Any]]:
    return type(names) is ChainMap


class QuickTemplate(jinja2.Template):
    """A template whose renderings put together the names it knows map by map, not key by key."""

    @override
    def new_context(
        self,
        vars: dict[str, Any] | None = None,
        shared: bool = False,
        locals: Mapping[str, Any] | None = None,
    ) -> Context:
        """The context of a rendering, as Jinja documents it."""
        kind = self.environment.context_class
        known = self.globals
        if shared or locals or kind is not Context or not _is_chain(known):
            return super().new_context(vars, shared, locals)
        of_all: dict[str, Any] = {}
        for names in reversed(known.maps):
            of_all.update(names)
        # As keywords: a name that is no text is an error, as it is in Jinja.
        parent = dict(of_all, **(vars or {}))
        # Of the names of all templates, the context only asks which these are.
        return kind(self.environment, parent, self.name, self.blocks, globals=of_all)


class QuickJinja(jinja2.Environment):
    """What is otherwise in the environment of applications that leave it as it is."""

    code_generator_class: type[CodeGenerator] = QuickGenerator
    template_class: type[jinja2.Template] = QuickTemplate
    # Any: whatever a template shows.
    typedflask_shown: Callable[[Any], str] = staticmethod(shown)

    @override
    def getattr(self, obj: Any, attribute: str) -> Any:
        """An attribute of an object, or else the item of that name.

        A plain dict has no attributes but those of its class, so its keys need not wait for the
        error that says so.
        """
        if _kind_of(obj) is not dict or attribute in ATTRIBUTES_OF_DICTS:
            try:
                return getattr(obj, attribute)
            except AttributeError:
                pass
        try:
            return obj[attribute]
        except (TypeError, LookupError, AttributeError):
            return self.undefined(obj=obj, name=attribute)


REPLACED: Final = ("code_generator_class", "getattr", "template_class")
"""What is otherwise here than in Jinja."""

_JINJAS: Final = [getattr(jinja2.Environment, name) for name in REPLACED]


def unchanged(kind: type[jinja2.Environment]) -> bool:
    """Whether a class of environments has these as Jinja has them, and nobody replaced one."""
    return [getattr(kind, name) for name in REPLACED] == _JINJAS
