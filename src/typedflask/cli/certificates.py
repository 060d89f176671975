"""The options `--cert` and `--key` of the development server: where a certificate comes from."""

from __future__ import annotations

import importlib
import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NoReturn, TypeAlias

import click

if TYPE_CHECKING:
    import ssl

Certificate: TypeAlias = "Path | Literal['adhoc'] | ssl.SSLContext"
"""A file, the word `adhoc`, or a context made by the user's own code."""

ServerCertificate: TypeAlias = "tuple[str, str | None] | Literal['adhoc'] | ssl.SSLContext | None"
"""What the server understands: certificate and key, the word `adhoc`, a context, or plain HTTP."""

if TYPE_CHECKING:
    CertificateType: TypeAlias = click.ParamType[Certificate]
else:
    # Newer versions of click know what a type converts to; older ones refuse the brackets.
    CertificateType = click.ParamType


class CertParamType(CertificateType):
    """Reads `--cert`: an existing file, `adhoc`, or the import path of an `ssl.SSLContext`.

    The three forms are those of Flask's documentation. `adhoc` makes a certificate that no
    browser trusts, and needs the library `cryptography`.
    """

    name = "path"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Certificate:
        """Read one value.

        :raises click.BadParameter: if Python lacks SSL, or if the value is none of the three.
        """

        def refuse(reason: str) -> NoReturn:
            self.fail(reason, param, ctx)

        try:
            import ssl
        except ImportError:
            refuse("this Python was built without SSL, so it cannot serve HTTPS.")
        if isinstance(value, ssl.SSLContext):
            return value
        text = str(value)
        if text.lower() == "adhoc":
            if importlib.util.find_spec("cryptography") is None:
                refuse(
                    "'adhoc' makes a certificate with the library `cryptography`, which is not"
                    " installed."
                )
            return "adhoc"
        if Path(text).is_file():
            return Path(text)
        context = _import_object(text)
        if not isinstance(context, ssl.SSLContext):
            refuse(
                f"{text!r} is neither a file, nor `adhoc`, nor the import path of an"
                " ssl.SSLContext."
            )
        return context


def _import_object(path: str) -> object:
    """Import `module.name` or `module:name`; None when there is no such thing."""
    module, _, name = path.replace(":", ".").rpartition(".")
    try:
        return getattr(importlib.import_module(module), name, None) if module else None
    except ImportError:
        return None


def join_certificate(cert: Certificate | None, key: str | None) -> ServerCertificate:
    """Put `--cert` and `--key` together.

    :raises click.BadParameter: if a file lacks its key, or if there is a key without a use.
    """
    if isinstance(cert, Path):
        if key is None:
            raise click.BadParameter(
                f"the certificate '{cert}' needs its key, `--key FILE`.", param_hint="'--key'"
            )
        return str(cert), key
    if key is not None:
        reason = (
            "a key needs the file of its certificate, `--cert FILE`."
            if cert is None
            else "only a certificate from a file is used with a key."
        )
        raise click.BadParameter(reason, param_hint="'--key'")
    return cert
