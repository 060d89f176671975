"""Who is writing: user names, hashed passwords, signing in and out."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Final, NotRequired, TypedDict

import click
from werkzeug.security import check_password_hash, generate_password_hash

from typedflask import (
    Blueprint,
    Flask,
    flash,
    redirect,
    render_template,
    request,
    typed_g,
    typed_session,
    url_for,
)
from typedflask.cli import with_appcontext
from typedflask.ctx import AppGlobals
from typedflask.typing import ResponseReturnValue

from .csrf import StaleForm
from .db import get_db
from .errors import error_page

NAME_LIMIT: Final = 40
SHORTEST_PASSWORD: Final = 8

auth = Blueprint("auth", __name__)


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who may write entries."""

    id: int
    name: str


class SignedIn(TypedDict):
    """What this module keeps in the session."""

    user_id: NotRequired[int]


class Globals(AppGlobals):
    """What this module keeps in `g`."""

    user: User | None


session = typed_session(SignedIn)
g = typed_g(Globals)


def add_user(name: str, password: str) -> User:
    """Keep a new user; only a hash of the password is stored.

    A ValueError says what is wrong with the name or the password, also when the name is taken.
    """
    name = name.strip()
    if not name or len(name) > NAME_LIMIT:
        raise ValueError(f"A name has 1 to {NAME_LIMIT} characters; {name!r} has {len(name)}.")
    if len(password) < SHORTEST_PASSWORD:
        raise ValueError(f"A password has at least {SHORTEST_PASSWORD} characters.")
    statement = "insert into users (name, password_hash) values (?, ?) returning id"
    try:
        with get_db() as database:
            row = database.execute(statement, (name, generate_password_hash(password))).fetchone()
    except sqlite3.IntegrityError:
        raise ValueError(f"There is already a user called {name!r}; choose another name.") from None
    return User(int(row["id"]), name)


def find_user(user_id: int) -> User | None:
    """The user with this id, if there is one."""
    row = get_db().execute("select id, name from users where id = ?", (user_id,)).fetchone()
    return None if row is None else User(int(row["id"]), str(row["name"]))


def check_credentials(name: str, password: str) -> User | None:
    """The user with this name and this password, or None without saying which of them is wrong."""
    statement = "select id, name, password_hash from users where name = ?"
    row = get_db().execute(statement, (name.strip(),)).fetchone()
    if row is None:
        # Takes as long as a wrong password does, so that time does not tell which names exist.
        generate_password_hash(password)
        return None
    if not check_password_hash(str(row["password_hash"]), password):
        return None
    return User(int(row["id"]), str(row["name"]))


def current_user() -> User | None:
    """Who is signed in; looked up once for each request, when first asked for."""
    if "user" not in g:
        user_id = session.data.get("user_id")
        g.user = None if user_id is None else find_user(user_id)
    return g.user


def login_page(name: str = "", problem: str | None = None, draft: str = "") -> str:
    """The form, with what was typed before, what went wrong, and a text that could not be posted."""
    return render_template("login.html", name=name, problem=problem, draft=draft)


@auth.get("/login")
def login_form() -> ResponseReturnValue:
    """Show the form, unless there is no need for it."""
    return redirect(url_for("blog.index")) if current_user() else login_page()


@auth.post("/login")
def login() -> ResponseReturnValue:
    """Sign in, with a fresh session so that nothing of an earlier visitor stays in it."""
    name = request.form.get("name", "")
    user = check_credentials(name, request.form.get("password", ""))
    if user is None:
        return login_page(name, "This name and password do not belong together."), 403
    session.clear()
    session.data["user_id"] = user.id
    flash(f"Welcome, {user.name}. You are signed in.", "success")
    return redirect(url_for("blog.index"), 303)


@auth.post("/logout")
def logout() -> ResponseReturnValue:
    """Sign out; a POST, so that no link or image on another page can do it."""
    session.clear()
    flash("You are signed out. See you soon!", "info")
    return redirect(url_for("blog.index"), 303)


@auth.errorhandler(StaleForm)
def ask_again(error: StaleForm) -> ResponseReturnValue:
    """Show the form for signing in once more, with the name that was typed."""
    if request.endpoint != "auth.login":
        return error_page(error)
    return login_page(request.form.get("name", ""), error.description), 400


@click.command("add-user")
@click.argument("name")
@click.password_option(help="Asked for when it is not given here.")
@with_appcontext
def add_user_command(name: str, password: str) -> None:
    """Let NAME sign in and write entries."""
    try:
        user = add_user(name, password)
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{user.name} can sign in now.")


def register(app: Flask) -> None:
    """Add the pages and the command, and let templates ask for `current_user()`."""
    app.register_blueprint(auth)
    app.cli.add_command(add_user_command)
    app.add_template_global(current_user)
