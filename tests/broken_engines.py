"""Template engines that are wrong in one way each, for `test_conformance_templates.py`.

Each is Jinja with one mistake in it; `fails` names the tests that must notice, and no others may.
pytest collects nothing here by itself: no class is called `Test…`.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextvars import Context
from pathlib import Path
from typing import Any, ClassVar

import jinja2
from jinja2 import FileSystemLoader, TemplateNotFound
from markupsafe import Markup, escape

from tests.engine_sources import JINJA
from typedflask import Flask
from typedflask.templating import JinjaTemplates, Template, UnsupportedByEngine
from typedflask.testing.conformance.templates import Sample, TemplateConformance


class Page:
    """A template with nothing wrong: Jinja's own."""

    def __init__(self, inner: Template) -> None:
        self.inner = inner

    @property
    def name(self) -> str | None:
        return self.inner.name

    def render(self, context: Mapping[str, Any], /) -> str:
        return self.inner.render(context)

    def generate(self, context: Mapping[str, Any], /) -> Iterator[str]:
        yield from self.inner.generate(context)


class Engine:
    """An engine with nothing wrong."""

    page: Callable[[Template], Template] = Page

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.inner = JinjaTemplates(app)
        self.prepare()

    def prepare(self) -> None:
        """Make the mistake, if it is one of setting Jinja up."""

    def find(self, names: str | Sequence[str], /) -> Template:
        return type(self).page(self.inner.find(names))

    def from_source(self, source: str, /) -> Template:
        return type(self).page(self.inner.from_source(source))

    def attribute(self, template_name: str, attribute: str, /) -> Any:
        return self.inner.attribute(template_name, attribute)


class Broken(TemplateConformance):
    engine: type[Engine] = Engine
    fails: ClassVar[set[str]] = set()

    def make_engine(self, app: Flask) -> Engine:
        return self.engine(app)

    def source(self, sample: Sample) -> str:
        return JINJA[sample]


class NothingWrong(Broken):
    """What is beneath all the others."""


# --- escaping ----------------------------------------------------------------------------


class UnescapedEngine(Engine):
    def prepare(self) -> None:
        self.app.jinja_options = {"autoescape": False}


class EscapesNothing(Broken):
    engine = UnescapedEngine
    fails: ClassVar[set[str]] = {
        "a_template_may_include_another",
        "a_text_is_a_template_without_a_name",
        "every_template_knows_the_request_and_its_like",
        "objects_are_escaped_as_their_text",
        "registered_filters_and_globals_are_used",
        "the_application_decides_what_is_escaped",
        "the_pieces_make_the_same_text",
        "the_request_lives_until_the_stream_ends",
        "these_endings_are_escaped",
        "values_are_escaped_in_html",
        "what_a_template_defines_can_be_used_or_is_refused",
    }


class ThoroughEngine(Engine):
    def prepare(self) -> None:
        self.app.jinja_options = {"autoescape": True}


class EscapesEverything(Broken):
    engine = ThoroughEngine
    fails: ClassVar[set[str]] = {"other_endings_are_not_escaped"}


class EndingsEngine(Engine):
    def prepare(self) -> None:
        endings = (".html", ".htm", ".xml", ".xhtml", ".svg")
        self.app.jinja_options = {"autoescape": lambda name: not name or name.endswith(endings)}


class KnowsNoCapitals(Broken):
    engine = EndingsEngine
    fails: ClassVar[set[str]] = {
        "these_endings_are_escaped",
        "the_application_decides_what_is_escaped",
    }


class TextPage(Page):
    """Makes text of every value first, and so forgets which are HTML."""

    def render(self, context: Mapping[str, Any], /) -> str:
        return self.inner.render(self.as_text(context))

    def generate(self, context: Mapping[str, Any], /) -> Iterator[str]:
        yield from self.inner.generate(self.as_text(context))

    def as_text(self, context: Mapping[str, Any]) -> dict[str, Any]:
        return {
            key: "".join(str(value)) if hasattr(value, "__html__") else value
            for key, value in context.items()
        }


class TextEngine(Engine):
    page = TextPage


class EscapesTwice(Broken):
    engine = TextEngine
    fails: ClassVar[set[str]] = {
        "markup_is_not_escaped_again",
        "a_value_with_html_of_its_own_shows_that",
        "nothing_is_made_before_the_first_piece_is_asked_for",
    }


class StringsPage(Page):
    """Escapes strings by itself, and trusts everything else."""

    def render(self, context: Mapping[str, Any], /) -> str:
        trusted = {
            key: Markup(value) if type(value).__name__ in {"Comment", "dict", "list"} else value
            for key, value in context.items()
            if key == "who"
        }
        return self.inner.render({**context, **trusted})


class StringsEngine(Engine):
    page = StringsPage


class EscapesStringsAlone(Broken):
    engine = StringsEngine
    fails: ClassVar[set[str]] = {"objects_are_escaped_as_their_text"}


# --- rendering ---------------------------------------------------------------------------


class BytesPage(Page):
    """Gives bytes for a page in which only one name is shown."""

    # Any: it lies about the type.
    def render(self, context: Mapping[str, Any], /) -> Any:
        text = self.inner.render(context)
        return text.encode() if context == {"who": "Ada"} else text


class BytesEngine(Engine):
    page = BytesPage


class GivesBytes(Broken):
    engine = BytesEngine
    fails: ClassVar[set[str]] = {
        "a_template_is_rendered_with_its_values",
        "each_rendering_has_its_own_values",
        "the_application_comes_first_then_blueprints_as_they_were_registered",
        "the_first_name_that_exists_is_taken",
    }


class FirstPage(Page):
    """Keeps the first text for ever."""

    kept: str | None = None

    def render(self, context: Mapping[str, Any], /) -> str:
        self.kept = self.kept or self.inner.render(context)
        return self.kept


class FirstEngine(Engine):
    page = FirstPage


class RemembersItsValues(Broken):
    engine = FirstEngine
    fails: ClassVar[set[str]] = {
        "each_rendering_has_its_own_values",
        "values_of_all_kinds_are_shown",
        "registered_tests_are_used",
        "a_name_that_does_not_exist",
    }


class AddingPage(Page):
    def render(self, context: Mapping[str, Any], /) -> str:
        assert isinstance(context, dict)
        context["added"] = 1
        return self.inner.render(context)


class AddingEngine(Engine):
    page = AddingPage


class ChangesTheContext(Broken):
    engine = AddingEngine
    fails: ClassVar[set[str]] = {"the_given_context_is_left_as_it_was"}


class FloatPage(Page):
    def render(self, context: Mapping[str, Any], /) -> str:
        numbers = {key: float(value) for key, value in context.items() if type(value) is int}
        return self.inner.render({**context, **numbers})


class FloatEngine(Engine):
    page = FloatPage


class RoundsNumbers(Broken):
    engine = FloatEngine
    fails: ClassVar[set[str]] = {
        "registered_filters_and_globals_are_used",
        "functions_that_are_registered_later_are_used_too",
        "threads_do_not_see_each_others_values",
        "two_applications_do_not_share_templates",
        "values_of_all_kinds_are_shown",
    }


class SharedPage(Page):
    """Has one place for the values of all threads."""

    context: ClassVar[Mapping[str, Any]] = {}

    def render(self, context: Mapping[str, Any], /) -> str:
        SharedPage.context = context
        time.sleep(0.001)
        return self.inner.render(SharedPage.context)


class SharedEngine(Engine):
    page = SharedPage


class MixesThreadsUp(Broken):
    engine = SharedEngine
    fails: ClassVar[set[str]] = {"threads_do_not_see_each_others_values"}


class AlonePage(Page):
    """Renders where no request is active."""

    def render(self, context: Mapping[str, Any], /) -> str:
        return Context().run(self.inner.render, context)

    def generate(self, context: Mapping[str, Any], /) -> Iterator[str]:
        yield Context().run(self.inner.render, context)


class AloneEngine(Engine):
    page = AlonePage


class LeavesTheRequest(Broken):
    engine = AloneEngine
    streams = False
    fails: ClassVar[set[str]] = {
        "every_template_knows_the_request_and_its_like",
        "the_request_lives_until_the_stream_ends",
    }


class WrappingPage(Page):
    """Hides what a template raises behind an error of its own."""

    def render(self, context: Mapping[str, Any], /) -> str:
        try:
            return self.inner.render(context)
        except Exception:
            raise RuntimeError("the template failed") from None


class WrappingEngine(Engine):
    page = WrappingPage

    def find(self, names: str | Sequence[str], /) -> Template:
        try:
            return super().find(names)
        except jinja2.TemplateSyntaxError:
            raise RuntimeError("the template is wrong") from None


class HidesErrors(Broken):
    engine = WrappingEngine
    fails: ClassVar[set[str]] = {
        "what_a_template_calls_may_raise",
        "a_mistake_is_told_with_file_and_line",
        "a_failure_is_told_with_file_and_line",
        "a_template_that_includes_a_missing_one_is_a_lookup_error",
    }


class WordsEngine(Engine):
    def prepare(self) -> None:
        self.app.jinja_options = {"undefined": jinja2.DebugUndefined}


class ShowsTheName(Broken):
    engine = WordsEngine
    fails: ClassVar[set[str]] = {"a_name_that_does_not_exist"}


class SilentUndefined(Broken):
    """Says that names which do not exist are errors, and shows nothing."""

    undefined_is_an_error = True
    fails: ClassVar[set[str]] = {"a_name_that_does_not_exist"}


# --- in pieces ---------------------------------------------------------------------------


class EagerPage(Page):
    def generate(self, context: Mapping[str, Any], /) -> Iterator[str]:
        return iter(list(self.inner.generate(context)))


class EagerEngine(Engine):
    page = EagerPage


class MakesAllPiecesAtOnce(Broken):
    engine = EagerEngine
    fails: ClassVar[set[str]] = {
        "nothing_is_made_before_the_first_piece_is_asked_for",
        "rows_are_asked_for_as_the_pieces_are_taken",
    }


class ShortPage(Page):
    def generate(self, context: Mapping[str, Any], /) -> Iterator[str]:
        yield from list(self.inner.generate(context))[:-1]


class ShortEngine(Engine):
    page = ShortPage


class LosesTheLastPiece(Broken):
    engine = ShortEngine
    fails: ClassVar[set[str]] = {
        "a_text_is_a_template_without_a_name",
        "nothing_is_made_before_the_first_piece_is_asked_for",
        "receivers_hear_before_and_after",
        "rows_are_asked_for_as_the_pieces_are_taken",
        "the_pieces_make_the_same_text",
        "the_request_lives_until_the_stream_ends",
        "what_context_processors_give_is_known",
    }


# --- finding -----------------------------------------------------------------------------


class SilentEngine(Engine):
    def find(self, names: str | Sequence[str], /) -> Template:
        try:
            return super().find(names)
        except TemplateNotFound:
            raise LookupError("no template") from None


class TellsNothingOfTheMissing(Broken):
    engine = SilentEngine
    fails: ClassVar[set[str]] = {
        "names_without_a_template_are_a_lookup_error",
        "a_missing_template_tells_where_was_looked",
    }


class OtherErrorEngine(Engine):
    def find(self, names: str | Sequence[str], /) -> Template:
        try:
            return super().find(names)
        except TemplateNotFound as error:
            raise ValueError(str(error)) from error


class RaisesAnotherError(Broken):
    engine = OtherErrorEngine
    fails: ClassVar[set[str]] = {
        "a_missing_template_tells_where_was_looked",
        "a_path_from_the_root_is_no_name",
        "a_template_has_its_name_and_fits_the_contract",
        "names_that_lead_out_of_the_folder_are_missing",
        "names_without_a_template_are_a_lookup_error",
        "two_applications_do_not_share_templates",
    }


class OneNameEngine(Engine):
    def find(self, names: str | Sequence[str], /) -> Template:
        return super().find(names if isinstance(names, str) else list(names)[:1])


class TakesOneName(Broken):
    engine = OneNameEngine
    fails: ClassVar[set[str]] = {
        "names_without_a_template_are_a_lookup_error",
        "the_first_name_that_exists_is_taken",
    }


class NamelessPage(Page):
    @property
    def name(self) -> str | None:
        return f"template {self.inner.name}"


class NamelessEngine(Engine):
    page = NamelessPage


class GivesOtherNames(Broken):
    engine = NamelessEngine
    fails: ClassVar[set[str]] = {
        "a_template_has_its_name_and_fits_the_contract",
        "a_text_is_a_template_without_a_name",
        "receivers_hear_before_and_after",
    }


class PathEngine(Engine):
    """Joins names to the folder as they come."""

    def find(self, names: str | Sequence[str], /) -> Template:
        for name in [names] if isinstance(names, str) else names:
            path = os.path.join(self.app.root_path, "templates", name.replace("\\", "/"))
            if "\0" in name or not os.path.isfile(path):
                continue
            if name not in self.app.jinja_env.list_templates():
                return super().from_source(Path(path).read_text(encoding="utf-8"))
        return super().find(names)


class LeavesTheFolder(Broken):
    engine = PathEngine
    fails: ClassVar[set[str]] = {
        "names_that_lead_out_of_the_folder_are_missing",
        "a_path_from_the_root_is_no_name",
    }


class FixedLoaderEngine(Engine):
    """Looks into the folders there are when it is made, and reads what this system's locale says."""

    def prepare(self) -> None:
        folder = os.path.join(self.app.root_path, "templates")
        loader = FileSystemLoader(folder, encoding="latin-1")
        self.app.jinja_options = {"loader": loader}


class LooksOnce(Broken):
    engine = FixedLoaderEngine
    fails: ClassVar[set[str]] = {
        "files_are_utf_8",
        "a_blueprint_that_comes_later_is_found",
        "the_application_comes_first_then_blueprints_as_they_were_registered",
        "a_missing_template_tells_where_was_looked",
    }


class BackwardsLoader(jinja2.BaseLoader):
    def __init__(self, app: Flask) -> None:
        self.app = app

    def get_source(self, environment: jinja2.Environment, template: str) -> Any:
        owners = [*reversed(list(self.app.iter_blueprints())), self.app]
        loaders = [owner.jinja_loader for owner in owners if owner.jinja_loader is not None]
        return jinja2.ChoiceLoader(loaders).get_source(environment, template)


class BackwardsEngine(Engine):
    def prepare(self) -> None:
        self.app.jinja_options = {"loader": BackwardsLoader(self.app)}


class BlueprintsWin(Broken):
    engine = BackwardsEngine
    fails: ClassVar[set[str]] = {
        "the_application_comes_first_then_blueprints_as_they_were_registered",
        "a_missing_template_tells_where_was_looked",
    }


class ReloadingEngine(Engine):
    def prepare(self) -> None:
        self.app.jinja_options = {"auto_reload": True}


class AlwaysReloads(Broken):
    engine = ReloadingEngine
    fails: ClassVar[set[str]] = {
        "a_changed_file_is_read_again_when_configured_or_in_debug_mode",
    }


FOUND: dict[str, Template] = {}


class OneForAllEngine(Engine):
    """Keeps templates by name for all applications."""

    def find(self, names: str | Sequence[str], /) -> Template:
        if not isinstance(names, str) or self.app.config["TEMPLATES_AUTO_RELOAD"] is not None:
            return super().find(names)
        if names not in FOUND or (self.app.debug or Path(self.app.root_path).name == "shop"):
            FOUND[names] = super().find(names)
        return FOUND[names]


class SharesTemplates(Broken):
    engine = OneForAllEngine
    fails: ClassVar[set[str]] = {"two_applications_do_not_share_templates"}


# --- texts, macros, functions ------------------------------------------------------------


class NoTextEngine(Engine):
    def from_source(self, source: str, /) -> Template:
        raise UnsupportedByEngine("", "")


class RefusesTextsItCouldMake(Broken):
    engine = NoTextEngine
    fails: ClassVar[set[str]] = {"a_text_is_a_template_without_a_name"}


class PlainMacroEngine(Engine):
    def attribute(self, template_name: str, attribute: str, /) -> Any:
        found = super().attribute(template_name, attribute)
        return (lambda who: "".join(found(who))) if callable(found) else found


class GivesMacrosAsText(Broken):
    engine = PlainMacroEngine
    fails: ClassVar[set[str]] = {"what_a_template_defines_can_be_used_or_is_refused"}


class EarlyFilterEngine(Engine):
    """Escapes before the filters, as some engines do."""

    def find(self, names: str | Sequence[str], /) -> Template:
        filters = self.app.jinja_env.filters
        for name, function in self.app.template_functions.filters.items():
            filters[name] = lambda value, function=function: function(escape(value))
        return super().find(names)


class EscapesBeforeFilters(Broken):
    engine = EarlyFilterEngine
    fails: ClassVar[set[str]] = {"registered_filters_and_globals_are_used"}


class HastyEngine(Engine):
    """Takes the registered functions when it is first used, and never again."""

    def find(self, names: str | Sequence[str], /) -> Template:
        environment = self.app.jinja_env
        if not hasattr(self, "taken"):
            self.taken = dict(environment.filters), dict(environment.globals)
        environment.filters, environment.globals = map(dict, self.taken)
        return super().find(names)


class MissesLaterFunctions(Broken):
    engine = HastyEngine
    fails: ClassVar[set[str]] = {"functions_that_are_registered_later_are_used_too"}


class NoTestsEngine(Engine):
    def find(self, names: str | Sequence[str], /) -> Template:
        for name in self.app.template_functions.tests:
            self.app.jinja_env.tests[name] = lambda value: False
        return super().find(names)


class IgnoresTests(Broken):
    engine = NoTestsEngine
    fails: ClassVar[set[str]] = {"registered_tests_are_used"}


BROKEN = [
    each
    for each in list(globals().values())
    if isinstance(each, type) and issubclass(each, Broken) and each is not Broken
]
"""All of them, `NothingWrong` first."""
