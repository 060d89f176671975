"""The shortcuts of the package, each with what it skips and how it is switched off.

A shortcut does what a general way would have done, in fewer steps. Here every one is a row, so that
tests can send the same requests both ways. A row is switched off by putting something else in one
place of the package, for the time of a `with`; applications are to be made inside of it, because
some of the shortcuts prepare themselves while an application is set up (decision 058).

`test_shortcuts_table.py` proves of each row that it changes which code runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from itsdangerous import HMACAlgorithm, Signer, URLSafeTimedSerializer
from werkzeug.datastructures import Headers as BaseHeaders
from werkzeug.formparser import FormDataParser
from werkzeug.routing import Rule as BaseRule
from werkzeug.routing.matcher import StateMachineMatcher
from werkzeug.wrappers import Request as BaseRequest

from tests.shortcut_switches import (
    Blank,
    DerivedContext,
    DerivedRequest,
    ForgetfulDict,
    ForgetfulSet,
    Nothing,
    Off,
    all_tags_asked,
    always,
    bind_by_environ,
    classes_that_do_not,
    eager_request,
    empty_each_time,
    forgetful,
    general_proxies,
    headers_at_once,
    hosts_read_each_time,
    in_order_by_the_book,
    list_of_its_own,
    never,
    no,
    plain_serializer,
    put,
    reread,
    signals_are_heard,
    value_at,
    without_only,
    without_settled,
    yes,
)
from typedflask.json.decode import read_by_the_book
from typedflask.json.provider import JSONProvider
from typedflask.json.quick import no_quick_way
from typedflask.responses.headers import headers_as_made
from typedflask.responses.response import SentStream
from typedflask.routing.branches import Pattern
from typedflask.sessions import ids


@dataclass(frozen=True)
class Shortcut:
    """One row."""

    name: str
    """What it does, as a heading."""
    skips: str
    """What the general way does besides."""
    off: Off
    """Switches it off as long as the `with` lasts."""
    general: str
    """A function the general way calls and the shortcut does not, by its full name."""
    request: str
    """Which request of `test_shortcuts_table.py` takes it."""
    inside: str = ""
    """The shortcut it is part of, and which is not taken either where this one would show."""


def memo(place: str, request: str, skips: str) -> Shortcut:
    """The row of a function that remembers its results."""
    name = f"remembers {place.rpartition('.')[2]}"
    return Shortcut(name, skips, forgetful(place), place, request)


CONTEXT = (
    Shortcut(
        "the usual kind of context",
        "asking for the active request by a function, and ending a context by a list of steps",
        put(("typedflask.app.RequestContext", DerivedContext)),
        "typedflask.ctx.context.AppContext._end",
        "text",
    ),
    Shortcut(
        "signals nobody listens to",
        "sending them",
        signals_are_heard,
        "blinker.base.Signal.send",
        "text",
    ),
    Shortcut(
        "functions are called directly",
        "wrapping each by `ensure_sync`, which gives it back as it is",
        put(("typedflask.lifecycle.site.is_default", no)),
        "typedflask.lifecycle.site.Site.ensure_sync",
        "text",
    ),
    Shortcut(
        "hooks without blueprints",
        "collecting the functions of every scope",
        put(
            ("typedflask.lifecycle.cycle.in_order", in_order_by_the_book),
            ("typedflask.lifecycle.ending.in_order", in_order_by_the_book),
            ("typedflask.lifecycle.urls.in_order", in_order_by_the_book),
        ),
        "tests.shortcut_switches.in_order_by_the_book",
        "text",
    ),
    Shortcut(
        "proxies",
        "Werkzeug's machinery between a name and its object",
        general_proxies,
        "werkzeug.local._ProxyLookup.__get__",
        "query",
    ),
)

RESPONSES = (
    Shortcut(
        "results by their class",
        "taking tuples apart, and checking what a row made",
        put(("typedflask.responses.rules.own_conversions", lambda conversions: {})),
        "typedflask.responses.build.build",
        "text",
    ),
    Shortcut(
        "responses made directly",
        "Werkzeug's constructor, which asks for what was not given",
        classes_that_do_not(
            "typedflask.responses.response.Response._made_directly",
            ("typedflask.responses.rules.USUAL", None),
        ),
        "werkzeug.wrappers.response.Response.__init__",
        "text",
    ),
    Shortcut(
        "responses sent directly",
        "copying the headers, counting the body, and what only redirects and HEAD need",
        classes_that_do_not(
            "typedflask.responses.response.Response._sent_directly",
            (
                "typedflask.responses.response.Response._pairs_as_made",
                headers_at_once(headers_as_made),
            ),
        ),
        "werkzeug.wrappers.response.Response.__call__",
        "text",
    ),
    Shortcut(
        "remembered files",
        "working out a file's headers",
        put(("typedflask.responses.files.is_plain", no)),
        "werkzeug.utils.send_from_directory",
        "file",
    ),
    Shortcut(
        "files handed to the server",
        "reading a file piece by piece",
        put(("typedflask.responses.open_files.is_plain", no)),
        "typedflask.responses.open_files.FileBody.__next__",
        "open file",
    ),
    Shortcut(
        "responses made of text without a call of their class",
        "asking for what was not given",
        put(("typedflask.responses.rules.USUAL", None)),
        "typedflask.responses.response.Response.__init__",
        "text",
    ),
    Shortcut(
        "generators that close what they send",
        "an object that closes it, around the pieces",
        put(("typedflask.responses.response.streamed", SentStream)),
        "typedflask.responses.response.SentStream.__init__",
        "stream",
    ),
    Shortcut(
        "usual headers",
        "spelling a content type and a length",
        put(("typedflask.responses.response.USUAL_HEADERS", ForgetfulDict())),
        "typedflask.responses.response.usual_headers",
        "text",
        inside="responses made directly",
    ),
    Shortcut(
        "headers as they were made",
        "looking each header up",
        put(
            (
                "typedflask.responses.response.Response._pairs_as_made",
                headers_at_once(list_of_its_own),
            ),
        ),
        "typedflask.responses.sendable.kinds_among",
        "text",
        inside="responses made directly",
    ),
    Shortcut(
        "headers made when somebody asks for them",
        "making an object of them",
        put(
            (
                "typedflask.responses.response.Response._pairs_as_made",
                headers_at_once(headers_as_made),
            ),
        ),
        "typedflask.responses.headers.Headers.as_made",
        "text",
        inside="responses made directly",
    ),
    Shortcut(
        "headers added as before",
        "looking each header up, and comparing its name with those there are",
        put(("typedflask.responses.response.headers_as_made", list_of_its_own)),
        "typedflask.responses.sendable.kinds_among",
        "hooked",
        inside="responses made directly",
    ),
    Shortcut(
        "known headers",
        "looking for faults in a header",
        put(
            ("typedflask.responses.headers.KNOWN", ForgetfulDict()),
            ("typedflask.responses.sendable.KNOWN", ForgetfulDict()),
            ("typedflask.responses.response.headers_as_made", list_of_its_own),
        ),
        "typedflask.responses.sendable._problem_of",
        "hooked",
    ),
    Shortcut(
        "known statuses",
        "looking for faults in a status",
        put(
            ("typedflask.responses.response.WITH_BODY", ForgetfulSet()),
            ("typedflask.responses.sendable.WITH_BODY", ForgetfulSet()),
        ),
        "typedflask.responses.sendable.has_body",
        "text",
        inside="responses sent directly",
    ),
    Shortcut(
        "known status lines",
        "spelling a status",
        put(("typedflask.responses.response.LINES", ForgetfulDict())),
        "typedflask.responses.response.line_of",
        "parts",
        inside="responses made directly",
    ),
    Shortcut(
        "simple headers beside a body",
        "collecting what is given more than once",
        put(("typedflask.responses.build.is_simple", no)),
        "werkzeug.datastructures.headers.Headers.setlist",
        "parts",
    ),
    Shortcut(
        "remembered redirects",
        "encoding the place, and writing a page",
        put(("typedflask.responses.redirects.REMEMBERED", None)),
        "werkzeug.utils.redirect",
        "elsewhere",
    ),
    Shortcut(
        "headers set directly",
        "lowering every name there is",
        put(
            ("typedflask.responses.headers.put", no),
            ("typedflask.responses.headers.Headers.__setitem__", BaseHeaders.__setitem__),
        ),
        "werkzeug.datastructures.headers.Headers.set",
        "hooked",
    ),
    Shortcut(
        "headers found directly",
        "raising an error to say that there is none",
        put(
            ("typedflask.responses.headers.Headers.get", BaseHeaders.get),
            ("typedflask.responses.headers.Headers.setdefault", BaseHeaders.setdefault),
            ("typedflask.responses.headers.Headers.__contains__", BaseHeaders.__contains__),
        ),
        "werkzeug.datastructures.headers.Headers._get_key",
        "hooked",
    ),
    Shortcut(
        "dated headers of files",
        "spelling the date of the day",
        put(
            ("typedflask.responses.remembered.SentFile._dated", always((0, []))),
            ("typedflask.responses.remembered._sent", {}),  # what has no dates is not met later
        ),
        "typedflask.responses.remembered.dated",
        "file",
        inside="remembered files",
    ),
    memo("typedflask.registration.scaffold.static_sender", "file", "importing what sends files"),
    memo("typedflask.responses.files.place_of", "file", "looking for ways out of the folder"),
)

REQUESTS = (
    Shortcut(
        "requests that say GET",
        "asking a request for its method",
        put(("typedflask.lifecycle.cycle.Request", DerivedRequest)),
        "typedflask.requests.request.Request.method",
        "text",
    ),
    Shortcut(
        "requests with nothing to close",
        "closing them",
        put(("typedflask.ctx.context.Request", DerivedRequest)),
        "typedflask.requests.request.Request.close",
        "text",
    ),
    Shortcut(
        "parts of a request when they are first read",
        "working out path, query string, headers, ... of every request",
        put(("typedflask.requests.request.Request.__init__", eager_request)),
        "werkzeug.sansio.request.Request.__init__",
        "text",
    ),
    Shortcut(
        "queries",
        "the standard library's parser with its options, and Werkzeug's constructor",
        put(("typedflask.requests.request.Request.args", value_at("werkzeug.Request.args"))),
        "werkzeug.sansio.request.Request.args",
        "query",
    ),
    Shortcut(
        "cookies",
        "Werkzeug's parser, and putting several headers together",
        put(("typedflask.requests.request.Request.cookies", value_at("werkzeug.Request.cookies"))),
        "werkzeug.sansio.request.Request.cookies",
        "cookie",
    ),
    Shortcut(
        "forms",
        "setting up a parser of forms, and the standard library's parser",
        put(
            (
                "typedflask.requests.request.Request._load_form_data",
                BaseRequest._load_form_data,
            ),
            (
                "typedflask.requests.parsing.StrictFormParser._parse_urlencoded",
                FormDataParser._parse_urlencoded,
            ),
        ),
        "werkzeug.formparser.FormDataParser._parse_urlencoded",
        "form",
    ),
    Shortcut(
        "dictionaries read directly",
        "Werkzeug's constructor, and looking twice for what is there",
        put(("typedflask.requests.pairs.USUAL", frozenset[type]())),
        "werkzeug.datastructures.MultiDict.__getitem__",
        "query",
    ),
    Shortcut(
        "steps nobody has replaced",
        "what a subclass may have between the environment and fields or JSON",
        classes_that_do_not("typedflask.requests.request.Request._reads_directly"),
        "werkzeug.wrappers.Request.get_json",
        "json body",
    ),
    Shortcut(
        "small bodies read at once",
        "reading piece by piece through a stream that counts",
        put(("typedflask.requests.request.small_body", never)),
        "typedflask.requests.streamed_body.body_stream",
        "form",
    ),
    memo(
        "typedflask.requests.parsing.content_type_parts",
        "form",
        "parsing the header of the content type",
    ),
    memo(
        "typedflask.requests.request.scopes_of",
        "blueprint",
        "taking an endpoint's name apart",
    ),
)

ROUTING = (
    Shortcut(
        "matches without an adapter",
        "binding the map to the request, and Werkzeug's matcher",
        put(("typedflask.lifecycle.urls.quick_match", never)),
        "werkzeug.routing.MapAdapter.match",
        "text",
    ),
    Shortcut(
        "matches that are remembered",
        "looking a rule without variables up in the tree",
        without_settled,
        "typedflask.routing.tree.RuleTree.find",
        "text",
        inside="matches without an adapter",
    ),
    Shortcut(
        "the tree of rules",
        "Werkzeug's matcher",
        put(("typedflask.routing.tree.RuleTree.find", never)),
        "werkzeug.routing.MapAdapter.match",
        "number",
    ),
    Shortcut(
        "one variable after what is known",
        "looking for anything else that a path could lead to",
        put(("typedflask.routing.tree.RuleTree._remember", never)),
        "typedflask.routing.tree.RuleTree.find",
        "number",
        inside="matches without an adapter",
    ),
    Shortcut(
        "the one way through the tree",
        "following each branch by a walk of its own",
        without_only,
        "typedflask.routing.branches.Node._branch",
        "pair",
        inside="matches without an adapter",
    ),
    Shortcut(
        "what a method leads to",
        "choosing among the rules of a place",
        put(("typedflask.routing.branches.Place.remember", never)),
        "typedflask.routing.tree.RuleTree._ending",
        "pair",
        inside="matches without an adapter",
    ),
    Shortcut(
        "the commonest patterns",
        "matching a regular expression",
        put(
            ("typedflask.routing.branches.FITTING", {}),
            ("typedflask.routing.branches.Pattern.of", staticmethod(Pattern)),
        ),
        "typedflask.routing.branches.Pattern._by_expression",
        "pair",
        inside="matches without an adapter",
    ),
    Shortcut(
        "values of variables",
        "asking Werkzeug's converters of numbers and text",
        put(("typedflask.routing.endings.readers_of", never)),
        "werkzeug.routing.converters.NumberConverter.to_python",
        "number",
    ),
    Shortcut(
        "adapters made directly",
        "working a subdomain out of the host, which decides nothing here",
        put(("typedflask.routing.match._bind_directly", bind_by_environ)),
        "werkzeug.routing.Map.bind_to_environ",
        "external url",
    ),
    Shortcut(
        "URLs without an adapter",
        "making an adapter, and asking which options were given",
        put(("typedflask.lifecycle.urls.UrlSteps._quick_link", never)),
        "typedflask.lifecycle.urls.UrlSteps._url_by_name",
        "url",
    ),
    Shortcut(
        "plans of URLs",
        "choosing among the rules of an endpoint, and weighing whether to name the host",
        put(("typedflask.routing.rule_map.RuleMap.plan", never)),
        "werkzeug.routing.MapAdapter.build",
        "url",
    ),
    Shortcut(
        "values that need no converter",
        "quoting text of which every character stays as it is",
        put(("typedflask.routing.plan.plain_types", lambda rule: dict.fromkeys(rule.variables))),
        "werkzeug.routing.converters.NumberConverter.to_url",
        "url",
    ),
    Shortcut(
        "query strings that need no quoting",
        "the standard library's encoder",
        put(("typedflask.routing.rule.Rule.encodes_plainly", False)),
        "werkzeug.routing.Rule._encode_query_vars",
        "url with a query",
    ),
    Shortcut(
        "rules compiled when somebody asks",
        "making parts, converters and functions of a rule that is added",
        put(("typedflask.routing.rule.variables_in", never)),
        "werkzeug.routing.Rule.compile",
        "another rule",
    ),
    Shortcut(
        "rules taken in by Werkzeug's matcher when it is asked",
        "building its states, and compiling the rules for them",
        put(("typedflask.routing.rule_map.LateMatcher", StateMachineMatcher)),
        "werkzeug.routing.matcher.StateMachineMatcher.add",
        "another rule",
    ),
    Shortcut(
        "rules compiled when they first build",
        "compiling two functions for each rule",
        put(
            ("typedflask.routing.rule.variables_in", never),
            ("typedflask.routing.rule.Rule._compile_builder", BaseRule._compile_builder),
        ),
        "werkzeug.routing.Rule._compile_builder",
        "another rule",
    ),
    memo("typedflask.routing.reading.names_in", "another rule", "reading a variable"),
    memo("typedflask.routing.reading.shared", "another rule", "keeping the same twice"),
    Shortcut(
        "hosts that are known",
        "reading a host's name",
        hosts_read_each_time,
        "typedflask.wsgi.canonical_host",
        "text",
    ),
    memo("typedflask.routing.match._named_host", "url of a named server", "as above"),
)

ERRORS = (
    Shortcut(
        "no error handlers",
        "asking for the active request, to look for what there is not",
        put(("typedflask.errors.table.ErrorTable.is_empty", always(False))),
        "typedflask.errors.table.ErrorTable.find",
        "gone",
    ),
    Shortcut(
        "no error handlers of blueprints",
        "asking for the active request, to know which blueprints it belongs to",
        put(("typedflask.errors.table.ErrorTable.is_scoped", always(True))),
        "typedflask.ctx.asking.request_context",
        "handled",
    ),
    Shortcut(
        "handlers found before",
        "searching by scope, status and class",
        put(
            ("typedflask.errors.table.ErrorTable._found", empty_each_time()),
            ("typedflask.errors.table.ErrorTable.unscoped", empty_each_time()),
        ),
        "typedflask.errors.table.search_order",
        "handled",
    ),
)

JSON = (
    Shortcut(
        "JSON written by orjson",
        "the standard library's encoder",
        put(
            (
                "typedflask.json.provider.DefaultJSONProvider._write_quickly",
                staticmethod(no_quick_way),
            ),
            ("typedflask.json.tag.fast_json", never),
        ),
        "json.encoder.JSONEncoder.encode",
        "json",
    ),
    Shortcut(
        "JSON read by orjson",
        "the standard library's decoder",
        put(
            ("typedflask.json.provider.DefaultJSONProvider._read", staticmethod(read_by_the_book)),
            ("typedflask.json.tag.read_json", read_by_the_book),
        ),
        "json.decoder.JSONDecoder.decode",
        "json body",
    ),
    Shortcut(
        "a result's JSON sent as it is written",
        "asking `app.json.response`",
        put(("typedflask.json.provider.DefaultJSONProvider.quick_body", JSONProvider.quick_body)),
        "typedflask.json.provider.DefaultJSONProvider.response",
        "json",
    ),
    Shortcut(
        "a client's JSON read at once",
        "looking for other encodings, and asking `app.json.loads`",
        put(("typedflask.json.provider.DefaultJSONProvider.loads_sent", JSONProvider.loads_sent)),
        "typedflask.json.provider.DefaultJSONProvider.loads",
        "json body",
    ),
    Shortcut(
        "settings of JSON",
        "reading them for each value",
        put(("typedflask.json.provider.is_worked_out", yes)),
        "typedflask.json.quick.Style.with_newline",
        "json",
    ),
    memo("typedflask.json.encode._encoder", "spaced json", "making an encoder"),
    Shortcut(
        "tags by the class of a value",
        "asking every tag about every value",
        all_tags_asked,
        "typedflask.json.tag.TagMarkup.check",
        "write tuple",
    ),
    Shortcut(
        "values that need no tag",
        "asking tags at all",
        put(("typedflask.json.tag.plain_text", never)),
        "typedflask.json.tag.TaggedJSONSerializer.tag",
        "write session",
    ),
    Shortcut(
        "texts without a tag",
        "looking for tags in every value",
        put(
            ("typedflask.json.tag.holds_no_tag", no),
            ("typedflask.json.tag.TaggedJSONSerializer.load_plain", reread),
        ),
        "typedflask.json.tag.TaggedJSONSerializer._read",
        "session",
    ),
    Shortcut(
        "texts known to have no tag",
        "looking for tags in a text that was read before",
        put(("typedflask.json.tag.TaggedJSONSerializer.load_plain", reread)),
        "typedflask.json.tag.TaggedJSONSerializer.loads",
        "session",
    ),
)

SESSIONS = (
    Shortcut(
        "sessions opened when touched",
        "opening a session that nobody reads",
        put(
            ("typedflask.lifecycle.cycle.RequestCycle.opens_sessions_late", no),
            ("typedflask.sessions.cookie.SecureCookieSessionInterface.is_plain", always(False)),
        ),
        "typedflask.sessions.cookie.SecureCookieSessionInterface.open_session",
        "text",
    ),
    Shortcut(
        "a backend asked once whether it opens late",
        "looking whether one of its methods was replaced",
        put(
            (
                "typedflask.sessions.cookie.SecureCookieSessionInterface.is_plain",
                always(False),
            )
        ),
        "typedflask.sessions.cookie.SecureCookieSessionInterface.may_open_late",
        "text",
    ),
    Shortcut(
        "the kept serializer",
        "making a serializer and a signer, and deriving the key",
        put(("typedflask.sessions.cookie.signing_serializer", plain_serializer)),
        "itsdangerous.Signer.derive_key",
        "session",
    ),
    Shortcut(
        "keys derived once",
        "deriving them for each signature",
        put(("typedflask.sessions.signing.KeepingSigner.derive_key", Signer.derive_key)),
        "itsdangerous.Signer.derive_key",
        "forged session",
        inside="the kept serializer",
    ),
    Shortcut(
        "HMACs with their key in",
        "putting the key in for each signature",
        put(
            (
                "typedflask.sessions.signing.KeyedHMAC.get_signature",
                HMACAlgorithm.get_signature,
            )
        ),
        "itsdangerous.HMACAlgorithm.get_signature",
        "write session",
    ),
    Shortcut(
        "cookies taken apart at once",
        "a list of signers, and a date of the time stamp",
        put(
            (
                "typedflask.sessions.signing.CookieSerializer.read",
                lambda self, cookie, seconds: self.loads(cookie, max_age=seconds),
            )
        ),
        "itsdangerous.URLSafeTimedSerializer.iter_unsigners",
        "session",
    ),
    Shortcut(
        "cookies that were good before",
        "verifying them again",
        put(
            ("typedflask.sessions.signing.LONGEST", -1),
            ("typedflask.sessions.signing._last_use", [None]),
            ("typedflask.sessions.signing._remembered", Nothing()),
        ),
        "typedflask.sessions.signing.CookieSerializer._verify",
        "session",
        inside="cookies taken apart at once",
    ),
    Shortcut(
        "cookies signed at once",
        "a signer's general steps, and writing the time stamp",
        put(
            (
                "typedflask.sessions.signing.CookieSerializer.dumps",
                URLSafeTimedSerializer.dumps,
            )
        ),
        "itsdangerous.URLSafeTimedSerializer.dumps",
        "write session",
    ),
    Shortcut(
        "the session's cookie found in the header",
        "reading all cookies",
        put(("typedflask.sessions.cookie.cookie_of", lambda sent, name: sent.cookies.get(name))),
        "typedflask.requests.pairs.cookies_of",
        "session",
    ),
    Shortcut(
        "headers of cookies that were read before",
        "looking for the session's cookie again",
        put(("typedflask.sessions.exchange.SEEN", Nothing())),
        "typedflask.sessions.exchange.found_cookie",
        "session",
        inside="the session's cookie found in the header",
    ),
    Shortcut(
        "remembers is_found_directly",
        "looking through the classes of a request",
        put(
            ("typedflask.sessions.exchange.SEEN", Nothing()),
            (
                "typedflask.sessions.exchange.is_found_directly",
                value_at("typedflask.sessions.exchange.is_found_directly").__wrapped__,
            ),
        ),
        "typedflask.sessions.exchange.is_found_directly",
        "session",
    ),
    Shortcut(
        "a cookie put together",
        "writing its attributes",
        put(("typedflask.sessions.exchange.SET_COOKIE", None)),
        "werkzeug.wrappers.Response.set_cookie",
        "write session",
    ),
    Shortcut(
        "a cookie that need not be looked at",
        "looking at all headers when they are sent",
        put(
            (
                "typedflask.responses.headers.Headers.add_cookie",
                lambda headers, value: headers.add("Set-Cookie", value),
            )
        ),
        "typedflask.responses.sendable.kinds_among",
        "write session",
        inside="a cookie put together",
    ),
    Shortcut(
        "attributes of a cookie written once",
        "writing them again",
        put(
            ("typedflask.sessions.exchange.AROUND", Nothing()),
            ("typedflask.sessions.exchange.LAST", Blank([None])),
        ),
        "typedflask.sessions.exchange.written_around",
        "write session",
        inside="a cookie put together",
    ),
    Shortcut(
        "the last cookie like this one",
        "comparing all of its attributes by value",
        put(("typedflask.sessions.exchange.LAST", Blank([None]))),
        "typedflask.sessions.exchange.usual_attributes",
        "write session",
        inside="a cookie put together",
    ),
    Shortcut(
        "text that was signed just now",
        "looking at each of its letters",
        put(("typedflask.sessions.exchange.SIGNED", [""])),
        "typedflask.sessions.exchange.is_bare",
        "write session",
        inside="a cookie put together",
    ),
    Shortcut(
        "tickets that were good before",
        "verifying them again",
        put(("typedflask.sessions.ids.TicketSigner.read", ids.TicketSigner._verified)),
        "typedflask.sessions.ids.TicketSigner._verified",
        "kept session",
    ),
    memo("typedflask.sessions.ids.ticket_signer", "kept session", "deriving the keys"),
    memo("typedflask.sessions.encryption.session_cipher", "kept session", "deriving the keys"),
    Shortcut(
        "a small window for small cookies",
        "clearing a quarter of a megabyte",
        put(
            (
                "typedflask.sessions.signing.CookieSerializer.dump_payload",
                URLSafeTimedSerializer.dump_payload,
            )
        ),
        "itsdangerous.url_safe.URLSafeSerializerMixin.dump_payload",
        "write session",
    ),
)

TEMPLATES = (
    Shortcut(
        "pages of Jinja as it comes",
        "looking for keys as attributes first, and making Markup of each value",
        put(("typedflask.templating.jinja.unchanged", no)),
        "jinja2.environment.Environment.getattr",
        "page",
    ),
)

SHORTCUTS: tuple[Shortcut, ...] = (
    *CONTEXT,
    *RESPONSES,
    *REQUESTS,
    *ROUTING,
    *ERRORS,
    *JSON,
    *SESSIONS,
    *TEMPLATES,
)
"""All there are."""


@contextmanager
def every_shortcut_off() -> Iterator[None]:
    """Let everything take the general way; applications made inside take it, too."""
    with ExitStack() as stack:
        for shortcut in SHORTCUTS:
            stack.enter_context(shortcut.off())
        yield
