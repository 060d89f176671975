"""Reads one module of a project for what it registers, without running it.

What is found stays as it is written: names are dotted, and `links.py` finds out what they stand
for once all modules are read. What cannot be read is noted as such, so that nobody guesses.
"""

from __future__ import annotations

import ast
from typing import Final, cast

from typing_extensions import override

from .facts import Made, Module, Placement, Preprocessor, Route
from .reading import argument_of, constants, effects, keys_of, option, text_of

SHORTCUTS: Final = frozenset({"get", "post", "put", "patch", "delete"})
DECORATORS: Final = SHORTCUTS | {"route"}
HOOKS: Final = frozenset({"url_value_preprocessor", "app_url_value_preprocessor"})
DEFAULTS_HOOKS: Final = frozenset({"url_defaults", "app_url_defaults"})
BUILD_ERRORS: Final = "url_build_error_handlers"
BRANCHES: Final = ast.If | ast.For | ast.While | ast.Try | ast.TryStar | ast.Match | ast.IfExp
LEAVES: Final = frozenset({ast.Name, ast.Constant, ast.Load, ast.Store, ast.Pass})
"""What has no parts that are read."""

IMPORTERS: Final = frozenset(
    {"import_module", "import_string", "find_modules", "__import__", "exec", "entry_points"}
)


class Scope:
    """A module, class or function whose names are being read."""

    def __init__(self, dotted: str) -> None:
        self.dotted = dotted
        self.names: dict[str, str] = {}


def scan(name: str, path: str, text: str, is_package: bool) -> Module:
    """Read a module.

    :param name: its dotted name.
    :param path: the file.
    :param text: the file's text.
    :param is_package: whether it is the `__init__` of a package.
    :raises SyntaxError: the text is not Python.
    """
    module = Module(name, path)
    scanner = Scanner(module, name if is_package else name.rpartition(".")[0])
    scanner.read(ast.parse(text))
    return module


class Scanner(ast.NodeVisitor):
    """Walks a module in the order it runs; bodies of functions are read once it has run."""

    def __init__(self, module: Module, package: str) -> None:
        self.module = module
        self.package = package
        self.scopes: list[Scope] = [Scope(module.name)]
        self.later: list[tuple[list[Scope], list[ast.stmt]]] = []
        self.conditions: int = 0
        self.decorated: set[int] = set()
        self.functions: dict[str, ast.FunctionDef | ast.AsyncFunctionDef] = {}

    def read(self, tree: ast.Module) -> None:
        """Read a module: its own statements first, then the bodies of its functions."""
        self.generic_visit(tree)
        while self.later:
            self.scopes, body = self.later.pop(0)
            self.conditions = 0
            for statement in body:
                self.visit(statement)

    # --- names ---------------------------------------------------------------------------

    def resolve(self, node: ast.expr | None) -> str | None:
        """The dotted name an expression stands for, if it is made of names."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            try:
                return self.resolve(ast.parse(node.value, mode="eval").body)
            except SyntaxError:
                return None
        if isinstance(node, ast.Subscript):  # Flask[Extra]
            return self.resolve(node.value)
        if isinstance(node, ast.Attribute):
            value = self.resolve(node.value)
            return None if value is None else f"{value}.{node.attr}"
        if isinstance(node, ast.Name):
            for scope in reversed(self.scopes):
                if node.id in scope.names:
                    return scope.names[node.id]
            return f"{self.scopes[0].dotted}.{node.id}"
        return None

    def bind(self, name: str, target: str | None = None) -> str:
        """Let a name stand for something in the scope being read.

        :param name: the name.
        :param target: what it stands for; by default the definition of that name here.
        :returns: the dotted name it stands for.
        """
        scope = self.scopes[-1]
        own = f"{scope.dotted}.{name}"
        if scope.names.get(name, target or own) != (target or own) or own in self.module.made:
            self.module.made.pop(own, None)
            target = f"{own}!"  # bound twice: nobody knows which one is meant
        scope.names[name] = target or own
        if len(self.scopes) == 1 and target is not None:
            self.module.names[own] = target
        return scope.names[name]

    @override
    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            if alias.asname:
                self.bind(alias.asname, alias.name)
            else:
                first = alias.name.partition(".")[0]
                self.bind(first, first)

    @override
    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        origin = node.module or ""
        if node.level:
            above = self.package.split(".")
            above = above[: len(above) - node.level + 1]
            origin = ".".join([*above, origin] if origin else above)
        for alias in node.names:
            if alias.name != "*":
                self.bind(alias.asname or alias.name, f"{origin}.{alias.name}")

    @override
    def visit_Assign(self, node: ast.Assign) -> None:
        self.generic_visit(node)
        for target in node.targets:
            self._assign(target, node.value)

    @override
    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self.generic_visit(node)
        if node.value is not None:
            self._assign(node.target, node.value)

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            if isinstance(value, ast.Call):
                dotted = self.bind(target.id)
                function = self.resolve(value.func)
                if function is not None and not dotted.endswith("!"):
                    self.module.made[dotted] = Made(function, *constants(value))
            else:
                self.bind(target.id, self.resolve(value))
        elif isinstance(target, ast.Tuple | ast.List):
            for element in target.elts:
                self._assign(element, ast.Constant(None))
        elif isinstance(target, ast.Subscript):
            self._assign_item(target, value)
        elif isinstance(target, ast.Attribute) and target.attr in {"jinja_loader", "jinja_env"}:
            self.module.unread_templates = True

    def _assign_item(self, target: ast.Subscript, value: ast.expr) -> None:
        """`app.url_map.converters["name"] = Converter`."""
        if isinstance(target.value, ast.Attribute) and target.value.attr == "converters":
            name, converter = text_of(target.slice), self.resolve(value)
            if name is None or converter is None:
                self.module.unread_converters = True
            else:
                self.module.converters[name] = converter

    # --- definitions ---------------------------------------------------------------------

    @override
    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        dotted = self.bind(node.name)
        if dotted.endswith("!"):  # a function that is defined twice is a view all the same
            dotted = f"{dotted}{node.lineno}"
        self.functions[dotted] = node
        self.module.defined.add(dotted)
        returned = self.resolve(node.returns)
        if returned is not None:
            self.module.annotations[dotted] = returned
        for decorator in node.decorator_list:
            self._decorator(decorator, node, dotted)
            self.visit(decorator)
        inner = Scope(dotted)
        arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        for argument in arguments:
            own = f"{dotted}.{argument.arg}"
            inner.names[argument.arg] = own
            annotation = self.resolve(argument.annotation)
            self.module.given[own] = annotation or argument.arg
        outer = [scope for scope in self.scopes if scope.dotted not in self.module.bases]
        self.later.append(([*outer, inner], node.body))

    @override
    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self.visit_FunctionDef(node)

    @override
    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        dotted = self.bind(node.name)
        self.module.defined.add(dotted)
        bases = (self.resolve(base) for base in node.bases)
        self.module.bases[dotted] = tuple(base for base in bases if base is not None)
        self.module.methods[dotted] = frozenset(
            part.name for part in node.body if isinstance(part, ast.FunctionDef)
        )
        self.scopes.append(Scope(dotted))
        self.generic_visit(node)
        self.scopes.pop()

    @override
    def visit_Return(self, node: ast.Return) -> None:
        self.generic_visit(node)
        returned = self.resolve(node.value)
        if returned is not None:
            self.module.returns.setdefault(self.scopes[-1].dotted, set()).add(returned)

    @override
    def visit(self, node: ast.AST) -> None:
        """Read a node, and remember whether it always runs."""
        branches = isinstance(node, BRANCHES)
        self.conditions += branches
        super().visit(node)
        self.conditions -= branches

    @override
    def generic_visit(self, node: ast.AST) -> None:
        """Read the parts of a node; most are leaves, and passing over them saves half the time."""
        for name in node._fields:
            part: object = getattr(node, name, None)
            for each in cast("list[object]", part) if isinstance(part, list) else (part,):
                if isinstance(each, ast.AST) and type(each) not in LEAVES:
                    self.visit(each)

    # --- what is registered --------------------------------------------------------------

    def _decorator(
        self, node: ast.expr, function: ast.FunctionDef | ast.AsyncFunctionDef, dotted: str
    ) -> None:
        if isinstance(node, ast.Attribute) and node.attr in HOOKS | DEFAULTS_HOOKS:
            self._hook(node.attr, node.value, dotted)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            self.decorated.add(id(node))
            if node.func.attr in DECORATORS and (node.args or node.keywords):
                self._route(node, node.func, dotted, function.name)
            elif node.func.attr == "endpoint":
                endpoint = text_of(node.args[0] if node.args else None)
                self._add_route(node, node.func, None, endpoint, dotted)

    @override
    def visit_Call(self, node: ast.Call) -> None:
        function = node.func
        inner = function.func if isinstance(function, ast.Call) else None
        if not isinstance(function, ast.Call) or not isinstance(inner, ast.Attribute):
            pass
        elif inner.attr in DECORATORS and node.args:  # app.get("/")(view)
            self.decorated.add(id(function))
            self._route(function, inner, *self._view(node.args[0]))
        self.generic_visit(node)
        name = function.attr if isinstance(function, ast.Attribute) else ""
        if isinstance(function, ast.Name):
            name = function.id
        if name in IMPORTERS:
            self.module.unread_endpoints = self.module.unread_converters = True
        dotted = self.resolve(function) or f"?{name}"
        for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
            passed = self.resolve(argument) if isinstance(argument, ast.Name) else None
            if passed is not None:
                self.module.passed.append((dotted, passed))
        if isinstance(function, ast.Attribute):
            self._method_call(node, function)

    def _method_call(self, node: ast.Call, function: ast.Attribute) -> None:
        if function.attr == "route" and id(node) not in self.decorated:
            self._route(node, function, "?", None)
        elif function.attr == "add_url_rule":
            self._add_url_rule(node, function)
        elif function.attr == "register_blueprint":
            inner = self.resolve(node.args[0]) if len(node.args) == 1 else None
            spread = any(keyword.arg is None for keyword in node.keywords)
            options = None if spread else constants(node)[1]
            outer = self.resolve(function.value)
            self.module.placements.append(Placement(outer, inner, options))
        elif function.attr in HOOKS | DEFAULTS_HOOKS and node.args:
            self._hook(function.attr, function.value, self.resolve(node.args[0]) or "?")
        elif isinstance(function.value, ast.Attribute):
            owner = function.value.attr
            if owner == "converters" and function.attr in {"update", "setdefault"}:
                self.module.unread_converters = True
            elif (owner, function.attr) == ("url_map", "add") or owner == BUILD_ERRORS:
                self.module.unread_endpoints = True

    def _route(self, node: ast.Call, function: ast.Attribute, view: str, name: str | None) -> None:
        given = option(node, "endpoint")
        endpoint = name if given is None else text_of(given)
        rule = text_of(argument_of(node, 0, "rule"))
        self._add_route(node, function, rule, endpoint, view)

    def _add_url_rule(self, node: ast.Call, function: ast.Attribute) -> None:
        view = argument_of(node, 2, "view_func")
        identity, name = self._view(view)
        given = argument_of(node, 1, "endpoint")
        if given is None or (isinstance(given, ast.Constant) and given.value is None):
            endpoint = name
        else:
            endpoint = text_of(given)
        rule = text_of(argument_of(node, 0, "rule"))
        self._add_route(node, function, rule, endpoint, identity)

    def _view(self, node: ast.expr | None) -> tuple[str, str | None]:
        """Which view an argument is, and the name it gives to its endpoint."""
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr == "as_view":
                name = text_of(argument_of(node, 0, "name"))
                return f"{self.resolve(node.func.value)}()@{node.lineno}:{node.col_offset}", name
            return "?", None
        dotted = self.resolve(node)
        if dotted is None:
            return "?", None
        made = self.module.made.get(dotted)
        if made is None:
            known = isinstance(node, ast.Attribute) or dotted in self.functions
            imported = self.module.names.get(f"{self.module.name}.{dotted.rpartition('.')[2]}")
            named = known or imported == dotted
            return dotted, dotted.rpartition(".")[2] if named else None
        if made.function.endswith(".as_view") and made.arguments:
            named_by = made.arguments[0]
            return dotted, named_by if isinstance(named_by, str) else None
        return "?", None

    def _add_route(
        self,
        node: ast.Call,
        function: ast.Attribute,
        rule: str | None,
        endpoint: str | None,
        view: str,
    ) -> None:
        spread = any(keyword.arg is None for keyword in node.keywords)
        defaults = None if spread else keys_of(option(node, "defaults"))
        self.module.routes.append(
            Route(
                self.resolve(function.value),
                rule,
                None if spread else endpoint,
                view,
                defaults,
                node.lineno,
                node.col_offset,
                self.scopes[-1].dotted,
                self.conditions == 0,
            )
        )

    def _hook(self, name: str, owner: ast.expr, function: str) -> None:
        if name in DEFAULTS_HOOKS:
            self.module.adds_values = True
            return
        definition = self.functions.get(function)
        takes, puts = (None, True) if definition is None else effects(definition)
        everywhere = name.startswith("app_")
        self.module.preprocessors.append(Preprocessor(self.resolve(owner), everywhere, takes, puts))
