"""Files."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING

from typedflask import Flask, current_app, send_file, send_from_directory

if TYPE_CHECKING:
    from typedflask.typing import ResponseReturnValue


def register(app: Flask) -> None:
    """Add the views."""

    @app.get("/file")
    def file() -> ResponseReturnValue:
        return send_file("static/note.txt", max_age=90)

    @app.get("/download")
    def download() -> ResponseReturnValue:
        return send_file(
            BytesIO(b"some,values\n"),
            mimetype="text/csv",
            as_attachment=True,
            download_name="Größen.csv",
            last_modified=datetime(2024, 1, 2, tzinfo=UTC),
            etag="given",
        )

    @app.get("/folder/<path:name>")
    def folder(name: str) -> ResponseReturnValue:
        return send_from_directory("static", name)

    @app.get("/resource")
    def resource() -> str:
        with current_app.open_resource("templates/plain.txt", "r") as source:
            return str(source.read())
