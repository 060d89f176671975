"""The entries: listing them, reading one, writing a new one."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from typedflask import Blueprint, Flask, abort, flash, redirect, render_template, request, url_for
from typedflask.typing import ResponseReturnValue

from .auth import User, current_user, login_page
from .csrf import StaleForm
from .db import LARGEST_ID, get_db

TITLE_LIMIT: Final = 120
TEXT_LIMIT: Final = 10_000
PAGE_SIZE: Final = 20

blog = Blueprint("blog", __name__)

MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

SELECT: Final = """
    select entries.id, users.name as author, title, text, created
    from entries join users on users.id = entries.author_id
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something somebody wrote; plain text, shown as it was typed."""

    id: int
    author: str
    title: str
    text: str
    created: datetime


@dataclass(frozen=True, slots=True)
class Draft:
    """A title and a text on their way to become an entry."""

    title: str = ""
    text: str = ""

    @classmethod
    def from_form(cls, form: Mapping[str, str]) -> Draft:
        """Read the fields of the form; a title is one line, a text keeps its lines."""
        return cls(
            title=" ".join(form.get("title", "").split()),
            text=form.get("text", "").replace("\r\n", "\n").strip(),
        )

    def problems(self) -> dict[str, str]:
        """What is wrong, by the name of the field; empty when the draft can be posted."""
        found: dict[str, str] = {}
        for field, value, limit in (
            ("title", self.title, TITLE_LIMIT),
            ("text", self.text, TEXT_LIMIT),
        ):
            if not value:
                found[field] = f"Please write a {field}."
            elif len(value) > limit:
                found[field] = (
                    f"A {field} has at most {limit:,} characters; this has {len(value):,}."
                )
        return found


def entry_from(row: sqlite3.Row) -> Entry:
    """Give the columns of a row their types."""
    return Entry(
        id=int(row["id"]),
        author=str(row["author"]),
        title=str(row["title"]),
        text=str(row["text"]),
        created=datetime.fromtimestamp(int(row["created"]), UTC),
    )


def newest_entries(before: int) -> list[Entry]:
    """The newest entries with an id below `before`: a page of them, and one more if there is one."""
    statement = f"{SELECT} where entries.id < ? order by entries.id desc limit ?"
    rows = get_db().execute(statement, (before, PAGE_SIZE + 1)).fetchall()
    return [entry_from(row) for row in rows]


def find_entry(entry_id: int) -> Entry | None:
    """The entry with this id, if there is one."""
    row = get_db().execute(f"{SELECT} where entries.id = ?", (entry_id,)).fetchone()
    return None if row is None else entry_from(row)


def add_entry(author: User, draft: Draft, created: datetime | None = None) -> None:
    """Keep a draft that has no problems, as written now unless a time is given."""
    when = created or datetime.now(UTC)
    statement = "insert into entries (author_id, title, text, created) values (?, ?, ?, ?)"
    with get_db() as database:
        database.execute(statement, (author.id, draft.title, draft.text, int(when.timestamp())))


def as_entry_id(value: str) -> int:
    """Read the id in `?before=`; the ValueError for an impossible one makes Werkzeug ignore it."""
    number = int(value)
    if not 0 < number <= LARGEST_ID:
        raise ValueError(f"{value!r} is not the id of an entry")
    return number


def front_page(draft: Draft, problems: Mapping[str, str], notice: str | None = None) -> str:
    """The form for those who are signed in, and below it the newest entries."""
    before = request.args.get("before", LARGEST_ID, type=as_entry_id)
    entries = newest_entries(before)
    return render_template(
        "index.html",
        entries=entries[:PAGE_SIZE],
        older_than=entries[PAGE_SIZE - 1].id if len(entries) > PAGE_SIZE else None,
        first_page=before == LARGEST_ID,
        draft=draft,
        problems=problems,
        notice=notice,
        title_limit=TITLE_LIMIT,
        text_limit=TEXT_LIMIT,
    )


def sign_in_first(draft: Draft) -> ResponseReturnValue:
    """Ask who is writing, and hand back what was written so that it can be copied."""
    written = f"{draft.title}\n\n{draft.text}".strip()
    return login_page(problem="Please sign in to post.", draft=written), 403


@blog.get("/")
def index() -> ResponseReturnValue:
    """Show the newest entries, or the older ones that `?before=` asks for."""
    return front_page(Draft(), {})


@blog.get(f"/entries/<int(max={LARGEST_ID}):entry_id>")
def show(entry_id: int) -> ResponseReturnValue:
    """Show a single entry, at an address that stays."""
    entry = find_entry(entry_id)
    if entry is None:
        abort(404, "There is no such entry.")
    return render_template("entry.html", entry=entry)


@blog.post("/entries")
def add() -> ResponseReturnValue:
    """Post an entry; what cannot be posted comes back with its form, so that nothing is lost."""
    author = current_user()
    draft = Draft.from_form(request.form)
    if author is None:
        return sign_in_first(draft)
    problems = draft.problems()
    if problems:
        return front_page(draft, problems), 422
    add_entry(author, draft)
    flash("Your entry is online.", "success")
    return redirect(url_for("blog.index"), 303)


@blog.errorhandler(StaleForm)
def offer_again(error: StaleForm) -> ResponseReturnValue:
    """Give the text back with a fresh form: the writer may have been away for a long time."""
    draft = Draft.from_form(request.form)
    if current_user() is None:
        return sign_in_first(draft)
    return front_page(draft, {}, error.description), 400


def day_and_time(moment: datetime) -> str:
    """Write a moment for people, in English whatever language the server speaks."""
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}, {moment:%H:%M} UTC"


def register(app: Flask) -> None:
    """Add the pages, and let templates write `entry.created | day_and_time`."""
    app.register_blueprint(blog)
    app.add_template_filter(day_and_time)
