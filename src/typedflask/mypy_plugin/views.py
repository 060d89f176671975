"""Whether a view can be called with the values of its rule: by name, and by type."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from mypy.nodes import (
    ARG_STAR,
    ARG_STAR2,
    AssignmentStmt,
    Block,
    CallExpr,
    Context,
    Decorator,
    FuncDef,
    ListExpr,
    MemberExpr,
    NameExpr,
    RefExpr,
    SetExpr,
    SymbolTableNode,
    TempNode,
    TupleExpr,
    TypeInfo,
    Var,
)
from mypy.subtypes import is_subtype
from mypy.types import (
    AnyType,
    CallableType,
    Instance,
    LiteralType,
    Overloaded,
    ProperType,
    Type,
    TypeVarType,
    UnionType,
    get_proper_type,
)

from typedflask.checks.rules import BUILT_IN_CONVERTERS, Kind, Parameter, RuleText, Variable

Lookup = Callable[[str], SymbolTableNode | None]

HTTP_METHODS: Final = frozenset(
    {"get", "post", "head", "options", "delete", "put", "trace", "patch"}
)


class View(NamedTuple):
    """One function that answers a rule."""

    name: str
    parameters: tuple[Parameter, ...]
    types: dict[str, Type]


def views_of(name: str, typ: Type | None) -> Iterator[View]:
    """The view that a type describes; none where it takes anything, or has overloads."""
    proper = get_proper_type(typ) if typ is not None else None
    if isinstance(proper, Instance):
        call = proper.type.get_method("__call__")
        if isinstance(call, FuncDef) and isinstance(call.type, CallableType):
            yield from of_callable(name, call.type, skip=1)
    elif isinstance(proper, CallableType):
        yield from of_callable(name, proper)


def of_callable(name: str, typ: CallableType, skip: int = 0) -> Iterator[View]:
    """What a function takes, without its first `skip` parameters."""
    typ = typ.with_unpacked_kwargs()
    if typ.is_ellipsis_args or typ.param_spec() is not None:
        return
    parameters: list[Parameter] = []
    types: dict[str, Type] = {}
    triples = zip(typ.arg_names, typ.arg_kinds, typ.arg_types, strict=True)
    for own_name, kind, own_type in list(triples)[skip:]:
        how: Kind = "by name"
        if kind == ARG_STAR:
            how = "other positions"
        elif kind == ARG_STAR2:
            how = "other names"
        elif own_name is None:
            how = "by position"
        called = own_name or positional_name(typ, len(parameters) + skip)
        parameters.append(Parameter(called, how, kind.is_required()))
        types[called] = own_type
    yield View(name, tuple(parameters), types)


def positional_name(typ: CallableType, position: int) -> str:
    """The name of a parameter that is taken by position only, where its definition is known."""
    definition = typ.definition
    function = definition.func if isinstance(definition, Decorator) else definition
    if isinstance(function, FuncDef) and position < len(function.arguments):
        return function.arguments[position].variable.name
    return f"parameter {position + 1}"


def class_views(info: TypeInfo, methods: frozenset[str] | None) -> Iterator[View]:
    """The methods of a class-based view that answer requests.

    :param info: the class.
    :param methods: the methods of the rule, in small letters; None for all that the class has.
    """
    if has_own(info, "decorators"):  # they may change what the methods are given
        return
    names = ["dispatch_request"]
    if info.has_base("typedflask.views.MethodView") and not has_own(info, "dispatch_request"):
        names = sorted(HTTP_METHODS if methods is None else HTTP_METHODS & methods)
    for name in names:
        node = info.get(name)
        if node is None or not has_own(info, name):
            continue
        function = node.node
        if isinstance(function, FuncDef) and isinstance(function.type, CallableType):
            skip = 0 if function.is_static else 1
            yield from of_callable(f"{info.name}.{name}", function.type, skip)
        elif isinstance(function, Decorator):
            typ = get_proper_type(function.var.type) if function.var.type is not None else None
            if isinstance(typ, CallableType):
                yield from of_callable(
                    f"{info.name}.{name}", typ, 0 if function.func.is_static else 1
                )


def has_own(info: TypeInfo, name: str) -> bool:
    """Whether a class, or one it is made of, defines a name that the framework defines too."""
    for base in info.mro:
        if base.fullname.startswith("typedflask."):
            return False
        if name in base.names:
            return True
    return False


def class_of(expression: object, body: list[object]) -> TypeInfo | None:
    """The class of `Class.as_view(...)`, also where a name of the module holds it."""
    if isinstance(expression, NameExpr) and isinstance(expression.node, Var):
        expression = assigned(expression.node, body)
    if isinstance(expression, CallExpr) and isinstance(expression.callee, MemberExpr):
        owner = expression.callee.expr
        if expression.callee.name == "as_view" and isinstance(owner, RefExpr):
            return owner.node if isinstance(owner.node, TypeInfo) else None
    return None


def assigned(variable: Var, body: list[object]) -> object:
    """What is assigned to a name, if it is assigned once."""
    found = [
        statement.rvalue
        for statement in statements(body)
        if isinstance(statement, AssignmentStmt)
        and any(isinstance(name, NameExpr) and name.node is variable for name in statement.lvalues)
    ]
    return found[0] if len(found) == 1 else None


def statements(body: list[object]) -> Iterator[object]:
    """The statements of a module and of its functions."""
    for statement in body:
        yield statement
        inner = statement.func if isinstance(statement, Decorator) else statement
        block = getattr(inner, "body", None)
        if isinstance(block, Block):
            yield from statements(list(block.body))


def literal_methods(given: object) -> frozenset[str] | None:
    """The methods of a rule in small letters, if they are written out."""
    if isinstance(given, ListExpr | TupleExpr | SetExpr):
        names = [getattr(item, "value", None) for item in given.items]
        if all(isinstance(name, str) for name in names):
            return frozenset(str(name).lower() for name in names)
    return None


# --- types -------------------------------------------------------------------------------


def given_type(variable: Variable, converters: dict[str, str], lookup: Lookup) -> ProperType | None:
    """What a variable gives to the view; None where that is not known."""
    own = converters.get(variable.converter)
    if own is not None:
        node = lookup(own)
        info = None if node is None else node.node
        return converted(info, lookup) if isinstance(info, TypeInfo) else None
    python = BUILT_IN_CONVERTERS.get(variable.converter)
    return None if python is None else instance_of(f"{python.__module__}.{python.__name__}", lookup)


def instance_of(fullname: str, lookup: Lookup) -> Instance | None:
    """The type of a class, if the program knows that class."""
    node = lookup(fullname)
    if node is not None and isinstance(node.node, TypeInfo):
        return Instance(node.node, [])
    return None


WERKZEUG_CONVERTERS: Final = {
    "IntegerConverter": "builtins.int",
    "FloatConverter": "builtins.float",
    "UUIDConverter": "uuid.UUID",
    "BaseConverter": "builtins.str",
}


def converted(info: TypeInfo, lookup: Lookup) -> ProperType | None:
    """What the `to_python` of a converter gives."""
    node = info.get_method("to_python")
    if isinstance(node, FuncDef) and node.info.fullname.startswith("werkzeug."):
        for name, fullname in WERKZEUG_CONVERTERS.items():
            if info.has_base(f"werkzeug.routing.converters.{name}"):
                return instance_of(fullname, lookup)
    if isinstance(node, FuncDef) and isinstance(node.type, CallableType):
        result = get_proper_type(node.type.ret_type)
        return None if isinstance(result, AnyType | TypeVarType) else result
    return None


def fits(given: ProperType, taken: Type, variable: Variable) -> bool:
    """Whether a view may be given a value: its type, or one that is the same when it runs."""
    taken = get_proper_type(taken)
    if isinstance(taken, AnyType | TypeVarType | Overloaded):
        return True
    if isinstance(taken, UnionType):
        if any(fits(given, item, variable) for item in taken.items):
            return True
        if variable.converter != "any":
            return is_subtype(given, taken)
        literals = {literal_text(item) for item in taken.items}
        return set(choices(variable)) <= literals
    if isinstance(taken, LiteralType):
        return choices(variable) == [literal_text(taken)]
    if isinstance(taken, Instance) and taken.type.is_newtype:
        return fits(given, taken.type.bases[0], variable)
    return is_subtype(given, taken)


def literal_text(typ: Type) -> object:
    """The value of a literal type."""
    proper = get_proper_type(typ)
    return proper.value if isinstance(proper, LiteralType) else None


def choices(variable: Variable) -> list[str]:
    """What `any(a, b)` lets through."""
    if variable.converter != "any":
        return []
    return [choice.strip().strip("'\"") for choice in variable.arguments.split(",")]


def wrong_types(
    rule: RuleText, view: View, converters: dict[str, str], lookup: Lookup
) -> Iterator[str]:
    """A sentence for each variable whose converter gives what the view does not take.

    :param rule: the rule.
    :param view: the view.
    :param converters: the classes of the project's own converters, by their names in rules.
    :param lookup: finds a definition by its full name.
    """
    for name, variable in rule.variables.items():
        taken = view.types.get(name)
        given = given_type(variable, converters, lookup)
        kind = next((each.kind for each in view.parameters if each.name == name), None)
        if taken is None or given is None or kind != "by name" or fits(given, taken, variable):
            continue
        yield (
            f"The view {view.name!r} takes {name!r} as {shown(taken)}, but the variable {variable}"
            f" of the rule {rule.text!r} gives {shown(given)}."
        )


def shown(typ: Type) -> str:
    """A type as people write it."""
    return str(typ).replace("builtins.", "").replace("?", "")


def position_of(decorator: Decorator, node: Context) -> CallExpr | None:
    """The call among the decorators of a function that stands where `node` does."""
    for expression in decorator.original_decorators:
        if (expression.line, expression.column) == (node.line, node.column):
            return expression if isinstance(expression, CallExpr) else None
    return None


def is_temporary(node: object) -> Type | None:
    """The type of what is decorated: mypy hands it on in a node made for the purpose."""
    return node.type if isinstance(node, TempNode) else None
