"""A client for a language server, as small as asking for completions allows."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import IO, Any

HERE = "<here>"
"""Stands in a program where the cursor is."""

SECONDS = 60.0
"""How long an answer may take; the first one waits for the server to read the libraries."""


class LanguageServer:
    """Talks JSON-RPC with basedpyright over its standard input and output.

    :param process: the running server.
    :param folder: the folder that it is to take for the project.
    """

    def __init__(self, process: subprocess.Popen[bytes], folder: Path) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._input: IO[bytes] = process.stdin
        self._answers: Queue[dict[str, Any]] = Queue()
        self._last = 0
        self._folder = folder
        Thread(target=self._listen, args=[process.stdout], daemon=True).start()
        folders = [{"uri": folder.as_uri(), "name": folder.name}]
        self.ask(
            "initialize",
            {"processId": os.getpid(), "capabilities": {}, "workspaceFolders": folders},
        )
        self._send({"method": "initialized", "params": {}})

    def _listen(self, output: IO[bytes]) -> None:
        while line := output.readline():
            length = 0
            while line.strip():
                name, _, value = line.partition(b":")
                length = int(value) if name.lower() == b"content-length" else length
                line = output.readline()
            message: dict[str, Any] = json.loads(output.read(length))
            if "method" not in message:
                self._answers.put(message)
            elif "id" in message:  # the server asks something: about settings, mostly
                items = (message.get("params") or {}).get("items", [])
                result = [None for _ in items] if "items" in (message.get("params") or {}) else None
                self._send({"id": message["id"], "result": result})

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._input.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._input.flush()

    def ask(self, method: str, params: object) -> Any:
        """Send a request and wait for its answer."""
        self._last += 1
        self._send({"id": self._last, "method": method, "params": params})
        while (answer := self._answers.get(timeout=SECONDS))["id"] != self._last:
            pass
        assert "error" not in answer, answer["error"]
        return answer["result"]

    def completions(self, program: str) -> set[str]:
        """The names that are offered at the cursor.

        :param program: the text of a program with `HERE` in it.
        """
        before, _, after = program.partition(HERE)
        uri = (self._folder / f"program{self._last}.py").as_uri()
        document = {"uri": uri, "languageId": "python", "version": 1, "text": before + after}
        self._send({"method": "textDocument/didOpen", "params": {"textDocument": document}})
        position = {"line": before.count("\n"), "character": len(before.rpartition("\n")[2])}
        where = {"textDocument": {"uri": uri}, "position": position}
        answer = self.ask("textDocument/completion", where)
        items = answer["items"] if isinstance(answer, dict) else answer or []
        return {item["label"] for item in items}


@contextlib.contextmanager
def language_server(folder: Path) -> Iterator[LanguageServer]:
    """A server for a folder, with the packages of the environment that the tests run in."""
    settings = {"venvPath": str(Path(sys.prefix).parent), "venv": Path(sys.prefix).name}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    program = Path(sys.executable).parent / "basedpyright-langserver"
    process = subprocess.Popen(
        [str(program), "--stdio"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=folder,
    )
    try:
        yield LanguageServer(process, folder)
    finally:
        process.kill()
        process.communicate()
