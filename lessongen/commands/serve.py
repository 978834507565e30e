"""`serve`: the web API and its pages, until Ctrl-C."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lessongen.commands.session import NoStart, Run, Session, whole_number
from lessongen.system.errors import ConfigurationError, UsageError

if TYPE_CHECKING:
    from lessongen.web.server import Tls

_PORT = whole_number(0, 65_535)


def serve(
    *,
    host: Annotated[str | None, typer.Option(metavar="ADDRESS", help="The address to listen on; 127.0.0.1.")] = None,
    port: Annotated[
        int | None,
        typer.Option(metavar="N", parser=_PORT, help="The port, 8000; 0 takes a free one."),
    ] = None,
    require_token: Annotated[bool, typer.Option("--require-token", help="Demand a token on the loopback too.")] = False,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="A name that a proxy serves it under; repeatable."),
    ] = None,
    allow_origin: Annotated[
        list[str] | None,
        typer.Option(metavar="ORIGIN", help="Another site whose scripts may ask it; repeatable."),
    ] = None,
    allow_source: Annotated[
        list[str] | None,
        typer.Option(metavar="HOST", help="A host that sources may be fetched from, or *.example.org."),
    ] = None,
    tls_certificate: Annotated[
        Path | None, typer.Option(metavar="PATH", help="Serve HTTPS with this certificate.")
    ] = None,
    tls_key: Annotated[Path | None, typer.Option(metavar="PATH", help="The certificate's key.")] = None,
    no_start: NoStart = False,
    run: Run,
) -> None:
    """Serve the web API and its pages.

    On the loopback whoever has an account on this machine is let in. On another address a token is demanded:
    `lessongen token create`.
    """
    flags = {
        "web.host": host,
        "web.port": None if port is None else str(port),
        "web.require_token": "yes" if require_token else None,
        "web.allow_host": _joined(allow_host),
        "web.allow_origin": _joined(allow_origin),
        "web.allow_source": _joined(allow_source),
    }
    session = run.session(flags=flags)
    _require_web()
    tls = _tls(tls_certificate, tls_key)
    _serve(session, tls, starts_worker=not no_start)


def _serve(session: Session, tls: Tls | None, *, starts_worker: bool) -> None:
    from lessongen.queue.daemon import log_to_stderr
    from lessongen.web.server import demands_token, listen, serve

    app, output = session.app, session.output
    settings = app.settings
    app.store.follow()
    app.store.changed()  # what is wrong with the database is told now
    log_to_stderr()
    listening = listen(settings.web_host, settings.web_port)
    address = _address(settings.web_host, listening.getsockname()[1], is_tls=tls is not None)
    needs_token = demands_token(settings)

    def ready() -> None:
        if output.as_json:
            output.json({"url": address, "pages": f"{address}/pages", "token_required": needs_token})
            return
        output.line(f"Serving {address}  (pages: {address}/pages)")
        output.note("Ctrl-C ends it." if not needs_token else "A token is demanded. Ctrl-C ends it.")

    if needs_token:
        _warn(session, is_tls=tls is not None)
    serve(app, listening, starts_worker=starts_worker, tls=tls, ready=ready)


def _warn(session: Session, *, is_tls: bool) -> None:
    app, output = session.app, session.output
    if not any(token.revoked_at is None for token in app.store.tokens.all()):
        output.note(f"Nobody has a token yet. Make one: {app.command('token', 'create', '--user', 'NAME')}")
    from lessongen.web.server import is_loopback

    if not is_tls and not is_loopback(app.settings.web_host):
        output.note(
            "Tokens and lessons travel readable for others on the network: put a proxy with TLS before it, or give "
            "--tls-certificate and --tls-key."
        )


def _require_web() -> None:
    try:
        import fastapi  # noqa: F401 - only whether it is there
        import uvicorn  # noqa: F401
    except ImportError as error:
        raise ConfigurationError(
            "The web API is not installed.", hint="Install the extra: pip install 'lessongen[web]'"
        ) from error


def _tls(certificate: Path | None, key: Path | None) -> Tls | None:
    if certificate is None and key is None:
        return None
    if certificate is None or key is None:
        raise UsageError("--tls-certificate and --tls-key go together.", hint="Give both.")
    import ssl

    from lessongen.system.files import open_input
    from lessongen.web.server import Tls

    try:
        for each in (certificate, key):
            open_input(each).close()
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
    except OSError as error:  # ssl.SSLError is one
        raise ConfigurationError(
            f"The certificate and its key can't be used: {error.strerror or error}.", hint="Give two PEM files."
        ) from error
    return Tls(certificate=certificate, key=key)


def _address(host: str, port: int, *, is_tls: bool) -> str:
    shown = f"[{host}]" if ":" in host else host
    return f"{'https' if is_tls else 'http'}://{shown}:{port}"


def _joined(given: list[str] | None) -> str | None:
    return ",".join(given) if given else None
