"""The real counterparts, started once a session; only a run that asks for this folder collects it.

`pytest tests/acceptance` runs these tests, the plain `pytest` does not. Where a server can't be installed they are
skipped, but in CI, and if LESSONGEN_ACCEPTANCE is 1, they fail.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

from tests.acceptance import llama as llama_server
from tests.acceptance import mediawiki
from tests.acceptance.counterpart import Unavailable, is_required
from tests.acceptance.llama import Llama
from tests.acceptance.mediawiki import Wiki
from tests.acceptance.programs import chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_FOLDER = Path(__file__).parent
_LONGEST_SECONDS = 1200.0  # the first test of a machine installs the servers


def pytest_ignore_collect(config: pytest.Config) -> bool | None:
    """Leave this folder out of a run that does not name it."""
    if os.environ.get("LESSONGEN_ACCEPTANCE") == "1":
        return None
    named = [Path(config.invocation_params.dir, argument.partition("::")[0]).resolve() for argument in config.args]
    return None if any(path == _FOLDER or _FOLDER in path.parents for path in named) else True


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give the tests of this folder the time that an installation takes."""
    for item in items:
        if _FOLDER in item.path.parents:
            item.add_marker(pytest.mark.timeout(_LONGEST_SECONDS))


@pytest.fixture(scope="session")
def llama(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Llama]:
    """llama.cpp's server with SmolLM2."""
    with ExitStack() as stack:
        try:
            server = stack.enter_context(llama_server.serving(tmp_path_factory.mktemp("llama")))
        except Unavailable as error:
            _skip(error)
        yield server


@pytest.fixture(scope="session")
def wiki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wiki]:
    """A MediaWiki with some articles of the English Wikipedia; what a test writes there stays until the last test."""
    with ExitStack() as stack:
        try:
            server = stack.enter_context(mediawiki.serving(tmp_path_factory.mktemp("wiki")))
        except Unavailable as error:
            _skip(error)
        yield server


@pytest.fixture(scope="session")
def simple_wiki(wiki: Wiki, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wiki]:
    """A second MediaWiki, which stands for the one in simple English."""
    with mediawiki.serving(tmp_path_factory.mktemp("simple-wiki")) as server:
        yield server


def _skip(error: Unavailable) -> NoReturn:
    if is_required():
        raise error
    pytest.skip(str(error))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium."""
    from playwright.sync_api import sync_playwright  # not in the run of all other tests, which loads this file too

    try:
        path = chromium()
    except Unavailable as error:
        if is_required():
            raise
        pytest.skip(str(error))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield browser
        browser.close()
