"""Requests for everything there is on the site of `shortcut_site.py`, and for what there is not."""

from __future__ import annotations

from pathlib import Path
from wsgiref.util import FileWrapper

from tests import shortcut_site
from tests.both_ways import Sent
from tests.shortcut_site import RESULTS

FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=b"
MULTIPART = (
    b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
    b'--b\r\nContent-Disposition: form-data; name="f"; filename="x.txt"\r\n\r\nfile\r\n--b--\r\n'
)
UPGRADE = {"Connection": "Upgrade", "Upgrade": "websocket"}


def post(path: str, kind: str, body: bytes, **headers: str) -> Sent:
    """A request with a body."""
    return Sent(path, "POST", headers={"Content-Type": kind, **headers}, body=body)


PLAIN = [Sent(f"/{name}") for name in RESULTS]
VARIABLES = [
    Sent(path)
    for path in (
        *("/number/3", "/number/x", "/number/03", "/word/a", "/word/ü%20b/", "/word//", "/slow"),
        *("/path/a/b", "/path/a//b", "/several/1", "/several/1/2", "/page", "/page/1", "/page/2"),
        *("/socket", "/built", "/moved", "/leaf", "/leaf/", "//text", "/text/", "/missing", ""),
        *("/shop/", "/shop", "/shop/gone", "/shop/relative", "/shop/missing", "/shop/admin/"),
        *(
            "/shop/admin/gone",
            "/shop/admin/relative",
            "/static/nothing.py",
            "/static/../x",
            "/static/typing",
        ),
    )
]
METHODS = [
    Sent(path, method)
    for path in ("/text", "/dict", "/stream", "/number/3", "/told", "/shop/", "/redirect")
    for method in ("HEAD", "OPTIONS", "POST", "STRANGE", "get")
]
BODIES = [
    post("/told", FORM, b"a=1&b=%C3%BC&a=2&c"),
    post("/told", FORM, b"a=\xff%zz"),
    post("/told", FORM, b""),
    post("/told", PARTS, MULTIPART),
    post("/told", PARTS, MULTIPART[:30]),
    post("/told", "multipart/form-data", MULTIPART),
    post("/told", "text/plain; charset=utf-8", b"text"),
    post("/body", FORM, b"a=1"),
    post("/body", PARTS, MULTIPART),
    post(
        "/read-json",
        "application/json",
        b'{"a": [1, 2.5, null, "\\u00fc"], "b": 12345678901234567890}',
    ),
    post("/read-json", "application/json", b'{"a": NaN}'),
    post("/read-json", "application/json", b"{"),
    post("/read-json", "application/json", b'"\xff"'),
    post("/read-json", "application/problem+json", b"[]"),
    post("/read-json", "text/plain", b"{}"),
    post("/told", FORM, b"a=1", **{"Content-Length": "10"}),
    post("/told", FORM, b"a=1", **{"Content-Length": "x"}),
    Sent("/told", "PUT", headers={"Transfer-Encoding": "chunked"}),
    Sent("/told", query="a=1&b=%FF&c=+&&d"),
    Sent("/told", headers={"Cookie": 'a=1; b="x\\054"; c; =d'}),
    Sent("/told", headers={"Cookie": "a=1"}, scheme="https", host="Example.org:443", root="/r ü"),
]
HOSTS = [
    Sent("/urls", host=host, root=root, scheme=scheme)
    for host in ("localhost", "EXAMPLE.org:8080", "ex ample", "ü.org", "", None)
    for root, scheme in (("", "http"), ("/mount", "https"))
]
SESSIONS = [
    *(Sent(path) for path in ("/recall", "/remember", "/recall", "/text", "/flash", "/flash")),
    Sent("/remember", query="permanent=1"),
    *(Sent(path) for path in ("/text", "/recall", "/missing", "/forget", "/recall")),
    Sent("/recall", headers={"Cookie": "session=nonsense"}),
    Sent("/text", headers={"Cookie": "session=e30.aaaa.bbbb"}),
]
FILE = f"/static/{Path(shortcut_site.__file__).name}"
LONG_AGO, LATER = "Thu, 01 Jan 1998 00:00:00 GMT", "Fri, 01 Jan 2100 00:00:00 GMT"
CONDITIONS = (
    *({"Range": "bytes=0-9"}, {"Range": "bytes=-5"}, {"Range": "bytes=9-"}, {"Range": "bytes=9-2"}),
    *({"Range": "bytes=0-1,5-6"}, {"Range": "bytes=9999999-"}, {"Range": "lines=1-2"}),
    *({"If-None-Match": "*"}, {"If-None-Match": '"other"'}, {"If-Match": '"other"'}),
    *({"If-Modified-Since": LONG_AGO}, {"If-Modified-Since": LATER}, {"If-Modified-Since": "x"}),
    *({"If-Unmodified-Since": LONG_AGO}, {"If-Range": LATER, "Range": "bytes=0-1"}),
)
STATIC = [
    *(Sent(FILE), Sent(FILE), Sent(FILE, "HEAD"), Sent(FILE), Sent(FILE, "POST"), Sent("/file")),
    *(Sent(path, headers=headers) for headers in CONDITIONS for path in (FILE, "/file")),
    Sent("/open", "HEAD"),
    Sent("/open", more={"wsgi.file_wrapper": FileWrapper}),
    Sent(FILE, more={"wsgi.file_wrapper": FileWrapper}),
]
SOCKETS = [Sent(path, headers=UPGRADE) for path in ("/socket", "/text", "/missing", "/number/3")]
EVERY = [*PLAIN, *VARIABLES, *METHODS, *BODIES, *HOSTS, *SESSIONS, *STATIC, *SOCKETS]
"""Requests for everything."""
