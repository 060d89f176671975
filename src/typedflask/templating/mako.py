"""Mako as the template engine, with escaping switched on and its errors pointing into templates.

Needs the library Mako (`pip install "typedflask[mako]"`). What differs from a Mako set up by
hand is in decision 042.
"""

from __future__ import annotations

import inspect
import posixpath
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from traceback import walk_tb
from types import ModuleType
from typing import Any, Final, cast

from markupsafe import Markup

from typedflask.backends import missing_library
from typedflask.templating.contract import (
    EngineApp,
    MissingTemplate,
    TemplateMistake,
    UnsupportedByEngine,
)
from typedflask.templating.escaping import json_for_html
from typedflask.templating.folders import (
    TEMPLATE_ENDINGS,
    CompiledTemplates,
    TemplateFile,
    TemplateFolders,
)

try:
    from mako import exceptions
    from mako.lexer import Lexer
    from mako.lookup import TemplateCollection
    from mako.parsetree import Expression, Node, PageTag, TemplateNode
    from mako.template import ModuleInfo, Template
except ImportError as _error:
    raise missing_library("MakoTemplates", "mako") from _error

ESCAPE: Final = "__typedflask_escape"
MARKUP: Final = "__typedflask_markup"
IMPORTS: Final = (
    f"from markupsafe import escape as {ESCAPE}",
    f"from markupsafe import Markup as {MARKUP}",
)
"""The first lines of every compiled template."""

OWN_MARK: Final = "__typedflask_template__"
"""What a compiled template calls the `MakoTemplate` it belongs to."""

ESCAPING: Final = frozenset({"h", "x", "entity"})
"""Mako's own filters that escape as HTML; after one of them a value is not escaped again."""

REFUSED_NAMES: Final = frozenset({"self", "buffer", "context", "tmpl", "callable_"})
"""Names of Mako's own parameters, so that no variable of a template can be called so."""

NOT_EXPORTED: Final = frozenset({"runtime", "filters", "cache", "UNDEFINED", "STOP_RENDERING"})
"""What the module of every template has; the rest was written by the template's author."""

NOTE: Final = "Mako stopped in "
"""How the notes in errors begin."""

_compiling: Final = threading.Lock()
"""Held while Mako compiles: it keeps a table of modules, and replaces the hook for warnings."""


class MakoTemplates:
    """Mako over the folders of an application and its blueprints.

    Values are escaped in templates where Jinja would escape them (`select_jinja_autoescape`).
    Registered filters and globals are names: `${money(price)}` and `${price | money}`. Mako has
    no tests. A template is always given as one piece, also when it is streamed.

    :param app: the application.
    :param strict: a name that does not exist is an error that tells the name, as soon as the
        template or block that uses it begins; False gives Mako's `UNDEFINED`, which is an error
        when shown, and false when asked.
    :param imports: lines such as `"from decimal import Decimal"`, added to every template.
    """

    def __init__(self, app: EngineApp, *, strict: bool = True, imports: Sequence[str] = ()) -> None:
        self.folders: TemplateFolders = TemplateFolders(app)
        self._strict = strict
        self._imports = (*IMPORTS, *imports)
        self._templates = CompiledTemplates(self.folders, self._compile_file)
        self._lookup = _Lookup(self)

    def find(self, names: str | Sequence[str], /) -> MakoTemplate:
        """Find a template by its name, or the first that exists of several names.

        :raises MissingTemplate: none exists; it says where it was looked for.
        :raises mako.exceptions.MakoException: it does not compile; file and line are said.
        """
        return self._templates.find(names)

    def from_source(self, source: str, /) -> MakoTemplate:
        """Compile a template given as text."""
        return self._compile(None, source, None)

    # Any: what a template defines has a type only the template knows.
    def attribute(self, template_name: str, attribute: str, /) -> Any:
        """Give a def, as a function that gives its text, or a variable of a `<%! %>` block.

        :raises MissingTemplate: there is no such template.
        :raises AttributeError: it defines nothing of that name; the message lists what it does.
        """
        return self.find(template_name).attribute(attribute)

    def mistakes(self) -> Iterator[TemplateMistake]:
        """Compile every template, and give those that do not compile."""
        for file in self.folders.files((*TEMPLATE_ENDINGS, ".mako", ".mak")):
            try:
                self._compile_file(file)
            except (exceptions.SyntaxException, exceptions.CompileException) as error:
                yield TemplateMistake(file.path, error.lineno, file.name, str(error))
            except UnicodeDecodeError:
                continue  # no text, so no template

    def names(self) -> dict[str, Any]:  # Any: names stand for objects of many types
        """Give what every template knows: the application's names, filters and globals."""
        app = self.folders.app
        functions = app.template_functions
        return {
            "tojson": self._to_json,
            **app.template_names(),
            **functions.filters,
            **functions.globals,
        }

    # Any: what becomes JSON is decided by the application's provider.
    def _to_json(self, value: Any, /, **options: Any) -> Markup:
        return json_for_html(self.folders.app.json, value, **options)

    def _compile_file(self, file: TemplateFile) -> MakoTemplate:
        return self._compile(file.name, file.read(), file.path)

    def _compile(self, name: str | None, source: str, path: str | None) -> MakoTemplate:
        escaped = self.folders.app.select_jinja_autoescape(name)
        with _compiling:
            template = Template(
                source,
                filename=path,
                uri=name,
                lookup=self._lookup,
                default_filters=[ESCAPE] if escaped else ["str"],
                buffer_filters=[MARKUP] if escaped else [],
                strict_undefined=self._strict,
                imports=self._imports,
                lexer_cls=_EscapingLexer if escaped else None,
            )
            # Mako finds both by the module's name, which another template may take later.
            return MakoTemplate(self, name, template, (source, template.code), escaped)

    def included(self, name: str, /) -> Template:
        """Give Mako the template that another one includes, inherits from or imports.

        :raises MissingTemplate: there is none; it is an error of Mako's, too.
        """
        found = self._templates.get(name)
        if found is None:
            missing = self.folders.missing(name)
            raise _MissingInMako(missing.names, missing.places)
        return found.compiled()


class MakoTemplate:
    """A template of Mako's, as the engine found or compiled it.

    :param engine: made it.
    :param name: its name; None for one made from text.
    :param template: Mako's own.
    :param written: its text, and the Python that Mako made of it.
    :param escaped: whether its values are escaped.
    """

    source: str
    """Its text."""
    _code: str

    def __init__(
        self,
        engine: MakoTemplates,
        name: str | None,
        template: Template,
        written: tuple[str, str],
        escaped: bool,
    ) -> None:
        self.name = name
        self._engine = engine
        self._template = template
        self.source, self._code = written
        self._escaped = escaped
        vars(template.module)[OWN_MARK] = self

    # Any: templates take whatever the application wants to show.
    def render(self, context: Mapping[str, Any], /) -> str:
        """Give the whole text.

        :raises TypeError: a variable has a name that Mako needs for itself.
        """
        refused = REFUSED_NAMES.intersection(context)
        if refused:
            raise TypeError(
                f"no variable of a Mako template can be called {' or '.join(sorted(refused))},"
                f" which {self.description} was given; call it something else"
            )
        names = {**self._engine.names(), **context}
        return self._run(lambda: self._template.render_unicode(**names))

    def generate(self, context: Mapping[str, Any], /) -> Iterator[str]:
        """Give the whole text as one piece, made when it is asked for; Mako has no other way."""
        yield self.render(context)

    # Any: see MakoTemplates.attribute.
    def attribute(self, name: str, /) -> Any:
        """Give a def as a function, or a variable of a `<%! %>` block."""
        module = self._template.module
        defs = _defs_of(module)
        variables = {
            key
            for key in vars(module)
            if not key.startswith(("_", "render_")) and key not in NOT_EXPORTED
        }
        if name in defs:
            return self._function(name)
        if name in variables:
            return getattr(module, name)
        raise AttributeError(
            f"{self.description} defines no {name!r}; what it defines:"
            f" {', '.join(sorted(defs | variables)) or 'nothing'}",
            name=name,
            obj=self,
        )

    @property
    def description(self) -> str:
        """What messages call it."""
        return "a template given as text" if self.name is None else f"the template {self.name!r}"

    def compiled(self) -> Template:
        """Give what Mako made of it."""
        return self._template

    def line_of(self, module_line: int) -> int:
        """Give the line of the template that a line of its compiled module came from."""
        metadata = ModuleInfo.get_module_source_metadata(self._code, full_line_map=True)
        lines = cast("list[int]", metadata["full_line_map"])  # Mako's table, which has no type
        return lines[min(module_line, len(lines)) - 1]

    def _function(self, name: str) -> Callable[..., str]:
        part = self._template.get_def(name)
        own = set(inspect.signature(part.callable_).parameters)

        # Any: the parameters are those of the def.
        def call(*args: Any, **kwargs: Any) -> str:
            # A name every template knows must not take the place of a parameter's default.
            known = {key: value for key, value in self._engine.names().items() if key not in own}
            text = self._run(lambda: part.render_unicode(*args, **{**known, **kwargs}))
            return Markup(text) if self._escaped else text

        call.__name__ = name
        return call

    def _run(self, render: Callable[[], str]) -> str:
        try:
            return render()
        except Exception as error:
            _point_into_template(error)
            test = _test_missed(error, self._engine.folders.app)
            if test is not None:
                raise UnsupportedByEngine(
                    "Mako", f"tests, such as {test!r}, which {self.description} uses"
                ) from error
            raise


class _MissingInMako(MissingTemplate, exceptions.TemplateLookupException):
    """A missing template, of a kind that Mako lets pass as it is."""


class _Lookup(TemplateCollection):
    """Where Mako asks for the templates that templates name."""

    def __init__(self, engine: MakoTemplates) -> None:
        self._engine = engine

    def get_template(self, uri: str, relativeto: str | None = None) -> Template:
        return self._engine.included(self.adjust_uri(uri, relativeto) if relativeto else uri)

    def adjust_uri(self, uri: str, filename: str | None) -> str:
        """Read a name as relative to the folder of the template that has it in it."""
        if uri.startswith("/") or filename is None or filename.startswith("memory:"):
            return uri
        return posixpath.normpath(posixpath.join(posixpath.dirname(filename), uri))


class _EscapingLexer(Lexer):
    """Lets the filters of an expression work on the value, and escapes what they give.

    Mako would apply the default filter, which escapes, before those that an expression names:
    a filter for amounts of money would be given text, and `u` would quote `&amp;`.
    """

    def parse(self) -> TemplateNode:
        tree = super().parse()
        nodes = list(_all_nodes(tree))
        pages = [node for node in nodes if isinstance(node, PageTag)]
        of_page = [name for page in pages for name in page.filter_args.args]
        for node in nodes:
            if isinstance(node, Expression):
                _escape_last(node.escapes_code.args, of_page)
        return tree


def _all_nodes(node: Node) -> Iterator[Node]:
    for child in node.get_children():
        yield child
        yield from _all_nodes(child)


def _escape_last(filters: list[str], of_page: list[str]) -> None:
    """Change an expression's list of filters; Mako's `n` switches everything by default off."""
    wanted = [*of_page, *filters]
    if not wanted or "n" in wanted:
        return
    last = [] if wanted[-1] in ESCAPING else [ESCAPE]
    filters[:] = ["n", *wanted, *last]


def _defs_of(module: ModuleType) -> set[str]:
    """The names of the defs at the top level of a template."""
    return set(cast("Sequence[str]", module.__dict__["_exports"]))  # written by Mako, untyped


def _point_into_template(error: BaseException) -> None:
    """Note in the error, once, at which line of which template it happened."""
    if any(note.startswith(NOTE) for note in getattr(error, "__notes__", ())):
        return  # by the template that this one's function rendered
    place: tuple[MakoTemplate, int] | None = None
    for frame, line in walk_tb(error.__traceback__):
        owner = frame.f_globals.get(OWN_MARK)
        if isinstance(owner, MakoTemplate):
            inherits = frame.f_code.co_name == "_mako_inherit"
            place = owner, 0 if inherits else owner.line_of(line)
    if place is None:
        return
    template, line = place
    source = template.source.splitlines()
    line = line or _first_use(error, source)
    path = template.compiled().filename
    where = template.description if path is None else f"{template.description} ({path})"
    told = f", line {line}:\n    {source[line - 1].strip()}" if line else ""
    error.add_note(f"{NOTE}{where}{told}")


def _first_use(error: BaseException, source: Sequence[str]) -> int:
    """Find the line of what Mako looks up before the first line; 0 if it is not to be found.

    That is a name that does not exist, or else the template that this one inherits from.
    """
    unknown = re.match(r"'(\w+)' is not defined", str(error))
    wanted = re.compile(r"<%inherit\b" if unknown is None else rf"\b{unknown[1]}\b")
    return next((line for line, text in enumerate(source, 1) if wanted.search(text)), 0)


def _test_missed(error: Exception, app: EngineApp) -> str | None:
    """The registered test whose name a template uses as if Mako had tests."""
    if not isinstance(error, NameError):
        return None
    tests = app.template_functions.tests
    return next((name for name in tests if str(error) == f"{name!r} is not defined"), None)
