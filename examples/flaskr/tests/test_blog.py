"""Reading and writing entries."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from flaskr.auth import User, check_credentials
from flaskr.blog import PAGE_SIZE, TEXT_LIMIT, TITLE_LIMIT, Draft, add_entry, day_and_time
from flaskr.tests.visitor import NAME, PASSWORD, Visitor, said
from typedflask import Flask

TYPED = '<script>alert("hello")</script> & <b>bold</b>'
SHOWN = "&lt;script&gt;alert(&#34;hello&#34;)&lt;/script&gt; &amp; &lt;b&gt;bold&lt;/b&gt;"


def write(app: Flask, *titles: str) -> None:
    """Add entries past the form, as ada, in this order."""
    with app.app_context():
        ada = check_credentials(NAME, PASSWORD)
        assert isinstance(ada, User)
        for title in titles:
            add_entry(ada, Draft(title, f"About {title}"), datetime(2024, 2, 9, 8, 5, tzinfo=UTC))


def test_an_empty_blog_says_so(visitor: Visitor) -> None:
    assert "Nothing has been written yet." in visitor.read()


def test_the_newest_entry_stands_on_top(app: Flask, visitor: Visitor) -> None:
    write(app, "One", "Two")
    page = visitor.read()
    assert 0 < page.index("About Two") < page.index("About One")


def test_an_entry_names_its_author_and_time(app: Flask, visitor: Visitor) -> None:
    write(app, "One")
    page = visitor.read()
    assert "ada 9 February 2024, 08:05 UTC One About One" in said(page)
    assert '<time datetime="2024-02-09T08:05:00+00:00">' in page


def test_reading_sets_no_cookie(app: Flask, visitor: Visitor) -> None:
    write(app, "One")
    assert "Set-Cookie" not in visitor.client.get("/").headers


def test_who_is_signed_in_can_post(writer: Visitor) -> None:
    response = writer.send(
        "/entries", title=" A  title\n", text=" First line\r\n  second line \r\n"
    )
    assert (response.status_code, response.location) == (303, "/")
    page = writer.read()
    assert "Your entry is online." in page
    assert ">A title<" in page
    assert ">First line\n  second line<" in page


def test_a_message_is_shown_once(writer: Visitor) -> None:
    writer.send("/entries", title="Title", text="Text")
    assert '<p class="flash success" role="status">Your entry is online.</p>' in writer.read()
    assert "Your entry is online." not in writer.read()


def test_who_is_not_signed_in_sees_no_form(visitor: Visitor) -> None:
    assert "<form" not in visitor.read()


def test_posting_requires_signing_in_and_loses_nothing(visitor: Visitor) -> None:
    response = visitor.send("/entries", title="My title", text="My <long> text")
    assert response.status_code == 403
    assert "Please sign in to post." in response.text
    assert "My title\n\nMy &lt;long&gt; text</textarea>" in response.text
    assert "My title" not in visitor.read()


def test_markup_in_an_entry_is_shown_as_text(writer: Visitor) -> None:
    writer.send("/entries", title=TYPED, text=TYPED)
    for address in ("/", "/entries/1"):
        page = writer.read(address)
        assert f">{SHOWN}</" in page
        assert "<script" not in page
        assert "<b>" not in page


@pytest.mark.parametrize(
    ("title", "text", "problem"),
    [
        ("", "Some text", "Please write a title."),
        (" \n ", "Some text", "Please write a title."),
        ("Some title", " ", "Please write a text."),
        ("t" * (TITLE_LIMIT + 1), "Some text", "A title has at most 120 characters; this has 121."),
        (
            "Some title",
            "t" * (TEXT_LIMIT + 1),
            "A text has at most 10,000 characters; this has 10,001.",
        ),
    ],
)
def test_what_cannot_be_posted_comes_back_with_the_reason(
    writer: Visitor, title: str, text: str, problem: str
) -> None:
    response = writer.send("/entries", title=title, text=text)
    assert response.status_code == 422
    assert problem in response.text
    assert 'aria-invalid="true"' in response.text
    assert f'value="{title.strip()}"' in response.text
    assert f"{text.strip()}</textarea>" in response.text
    assert "Nothing has been written yet." in writer.read()


def test_both_fields_can_be_wrong_and_both_may_be_missing(writer: Visitor) -> None:
    page = writer.send("/entries").text
    assert "Please write a title." in page
    assert "Please write a text." in page


def test_the_longest_title_and_text_are_kept_whole(writer: Visitor) -> None:
    title, text = "ü" * TITLE_LIMIT, "🙂" * TEXT_LIMIT
    assert writer.send("/entries", title=title, text=text).status_code == 303
    page = writer.read("/entries/1")
    assert f"<h1>{title}</h1>" in page
    assert f">{text}</p>" in page


def test_a_long_blog_is_read_page_by_page(app: Flask, visitor: Visitor) -> None:
    write(app, *(f"Number {number}." for number in range(1, PAGE_SIZE + 3)))
    first = visitor.read()
    assert first.count("<article") == PAGE_SIZE
    assert "Number 22." in first
    assert 'href="/?before=3"' in first
    second = visitor.read("/?before=3")
    assert second.count("<article") == 2
    assert "Number 2." in second
    assert "Older entries" not in second
    assert "Newest entries" in second
    assert "There is nothing older." in visitor.read("/?before=1")


@pytest.mark.parametrize("before", ["", "x", "0", "-1", "9" * 19, "9" * 5000, "1.5", "%00", "%ff"])
def test_an_impossible_page_is_the_first(app: Flask, visitor: Visitor, before: str) -> None:
    write(app, "One")
    page = visitor.read(f"/?before={before}")
    assert "About One" in page
    assert "Newest entries" not in page


def test_an_entry_has_an_address_of_its_own(app: Flask, visitor: Visitor) -> None:
    write(app, "One", "Two")
    page = visitor.read("/entries/1")
    assert "<title>One – Flaskr</title>" in page
    assert "About Two" not in page


@pytest.mark.parametrize(
    "address", ["/entries/7", f"/entries/{2**63}", "/entries/x", "/entries/-1"]
)
def test_an_entry_that_does_not_exist_is_not_found(visitor: Visitor, address: str) -> None:
    assert visitor.client.get(address).status_code == 404


def test_moments_are_written_in_english() -> None:
    assert day_and_time(datetime(2023, 12, 1, 0, 9, tzinfo=UTC)) == "1 December 2023, 00:09 UTC"
