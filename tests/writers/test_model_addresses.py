"""Addresses and keys of model servers as people write them, and the ways there: TLS, Unix sockets, proxies."""

from __future__ import annotations

from pathlib import Path

import pytest

from lessongen.system.errors import (
    ConfigurationError,
    KeyRefused,
    RequestRefused,
    Unavailable,
)
from lessongen.writers.openai.address import address_of
from lessongen.writers.openai.client import ModelClient, Server
from tests.asking import (
    GOOD,
    KEY,
    all_that_is_told,
    ask,
    assert_nothing_leaks,
    client_of,
)
from tests.relays import certified, relay, tls_context
from tests.scripted_model import ScriptedModel


@pytest.mark.parametrize("ending", ["/v1", "/v1/", "", "/", "/v1/chat/completions", "/some/path/v1"])
def test_an_address_may_be_written_in_several_ways(ending: str) -> None:
    with ScriptedModel(lambda request: GOOD) as server:
        assert ask(client_of(f"http://127.0.0.1:{server.port}{ending}")).data == GOOD
    expected = "/some/path/v1/chat/completions" if "path" in ending else "/v1/chat/completions"
    assert server.requests[-1].path == expected


def test_the_query_of_an_address_goes_with_each_request() -> None:
    with ScriptedModel(lambda request: GOOD, models=None) as server, pytest.raises(RequestRefused):
        ask(client_of(f"{server.base_url}?api-version=2031-05-01"))
    assert server.requests[-1].path == "/v1/chat/completions?api-version=2031-05-01"


@pytest.mark.parametrize(
    "address", ["localhost:8080", "ftp://127.0.0.1/v1", "http://", "http://a b/v1", "http://h:99999/v1", "unix:", "v1"]
)
def test_an_address_that_is_none_is_a_wrong_setting(address: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        client_of(address)
    assert caught.value.exit_code == 78
    assert "OPENAI_BASE_URL" in (caught.value.hint or "")


def test_a_password_in_an_address_is_refused_and_not_repeated() -> None:
    address = "http://ann:hunter2secret@127.0.0.1/v1"
    with pytest.raises(ConfigurationError) as caught:
        client_of(address)
    assert "hunter2secret" not in all_that_is_told(caught.value)
    assert "hunter2secret" not in repr(Server(base_url=address, model="m"))


def test_without_a_base_url_it_is_openais_own_server() -> None:
    assert address_of(None).url == address_of("").url == "https://api.openai.com/v1"


def test_a_server_of_ones_own_needs_no_key_and_openai_does() -> None:
    with ScriptedModel(lambda request: GOOD) as server:
        ask(client_of(server, api_key=""))
    assert server.requests[-1].headers["authorization"] == "Bearer none"
    with pytest.raises(ConfigurationError, match="no API key") as caught:
        ModelClient(Server(model="scripted-1"))
    assert "OPENAI_API_KEY" in (caught.value.hint or "")


def test_a_key_is_sent_without_the_line_break_that_a_file_gave_it() -> None:
    with ScriptedModel(lambda request: GOOD, api_key=KEY) as server:
        assert ask(client_of(server, api_key=f" {KEY}\n")).data == GOOD


@pytest.mark.parametrize("key", ["sk-schlüssel", "sk one", "sk\r\nX-Other: 1", "“sk”"])
def test_a_key_that_can_t_be_sent_is_a_wrong_setting_and_not_repeated(key: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        client_of("http://127.0.0.1:1/v1", api_key=key)
    assert key not in all_that_is_told(caught.value)


def test_a_wrong_key_is_refused() -> None:
    with ScriptedModel(lambda request: GOOD, api_key="another") as server, pytest.raises(KeyRefused) as caught:
        ask(client_of(server))
    assert_nothing_leaks(all_that_is_told(caught.value))


# httpcore2 2.16 leaves the socket that could not be connected to the garbage collector.
@pytest.mark.filterwarnings("ignore:.*unclosed.*AF_UNIX|.*socket.socket:pytest.PytestUnraisableExceptionWarning")
def test_a_server_behind_a_unix_socket_is_reached(tmp_path: Path) -> None:
    path = Path("/tmp") / f"lessongen-{tmp_path.name}.sock" if len(str(tmp_path)) > 80 else tmp_path / "a.sock"  # noqa: S108
    with ScriptedModel(lambda request: GOOD) as server, relay(server.port, path=path):
        assert ask(client_of(f"unix://{path}")).data == GOOD
    path.unlink()
    with pytest.raises(Unavailable, match="Nothing listens at unix://"):
        ask(client_of(f"unix://{path}"))


def test_https_is_spoken_and_a_certificate_that_nobody_knows_is_final(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, key = certified(tmp_path)
    with (
        ScriptedModel(lambda request: GOOD) as server,
        relay(server.port, context=tls_context(certificate, key)) as port,
    ):
        with pytest.raises(ConfigurationError, match="certificate") as caught:
            ask(client_of(f"https://127.0.0.1:{port}/v1"))
        assert "SSL_CERT_FILE" in (caught.value.hint or "")
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert ask(client_of(f"https://127.0.0.1:{port}/v1")).data == GOOD


def test_https_to_a_server_that_speaks_http_is_unavailable() -> None:
    with ScriptedModel(lambda request: GOOD) as server, pytest.raises(Unavailable) as caught:
        ask(client_of(f"https://127.0.0.1:{server.port}/v1"))
    assert "https" in (caught.value.hint or "")


def test_the_environments_proxy_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with ScriptedModel(lambda request: GOOD) as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
        assert ask(client_of("http://model.example/v1")).data == GOOD
    assert proxy.requests[-1].path == "http://model.example/v1/chat/completions"


@pytest.mark.parametrize(("variable", "value"), [("HTTP_PROXY", "nonsense://x"), ("SSL_CERT_FILE", "/nowhere.pem")])
def test_an_environment_that_can_t_be_used_is_a_wrong_setting(
    variable: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(ConfigurationError) as caught:
        ask(client_of("https://127.0.0.1:1/v1"))
    assert variable in (caught.value.hint or "")
