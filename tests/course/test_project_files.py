"""What a repository is expected to have beside its code: licences, how to cite and contribute,
what changed, and GitHub's forms. Links lead somewhere, versions agree, the formats are right."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import date
from pathlib import Path

import pytest
import yaml
from course_tools import without_code
from places import ROOT
from test_words import LONGEST, sentences

FORMS = sorted(path for path in (ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml")
               if path.name != "config.yml")
ROOMS = ("seeds", "reader", "notebooks", "exercises", "grader", "tests", ".github", ".jupyter")
TOP = sorted(ROOT.glob("*.md")) + [ROOT / ".github/pull_request_template.md"]
PAGES = TOP + sorted(path for room in ROOMS for path in (ROOT / room).rglob("README.md"))
NEEDED = {"README", "CONTRIBUTING", "CODE_OF_CONDUCT", "SECURITY", "CHANGELOG", "LICENSE-CONTENT",
          "pull_request_template"}
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
each_form = pytest.mark.parametrize("form", FORMS, ids=lambda p: p.stem)


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def project() -> dict:
    return tomllib.loads(text("pyproject.toml"))["project"]


def test_what_is_installed_stands_in_packages_by_name():
    """Else setuptools warns whoever installs the course, in some hundred lines."""
    tool = tomllib.loads(text("pyproject.toml"))["tool"]["setuptools"]
    folders = {"/".join(name.split(".")) for name in tool["packages"]}
    assert all((ROOT / folder).is_dir() for folder in folders)
    assert not [pattern for patterns in tool["package-data"].values() for pattern in patterns
                if "/" in pattern]
    installed = [path for paths in tool["data-files"].values() for path in paths]
    assert {str(Path(path).parent) for path in installed} <= folders
    modules = {path.parent.relative_to(ROOT).as_posix() for room in ("seeds", "reader", "grader")
               for path in (ROOT / room).rglob("*.py")}
    assert modules == {folder for folder in folders if list((ROOT / folder).glob("*.py"))}


def test_everything_expected_is_there():
    assert {page.stem for page in TOP} >= NEEDED
    assert {form.stem for form in FORMS} == {"bug", "error_of_fact", "accessibility", "idea"}


# --- versions ----------------------------------------------------------------------------

def releases() -> list[tuple[str, str]]:
    heads = re.findall(r"^## (.+)$", text("CHANGELOG.md"), re.M)
    assert heads[0] == "[Unreleased]"
    found = [re.fullmatch(r"\[(\d+\.\d+\.\d+)\] - (\d{4}-\d\d-\d\d)", head) for head in heads[1:]]
    assert found and all(found), heads
    return [match.groups() for match in found]


def test_the_changelog_is_in_its_form():
    assert releases() == sorted(releases(), reverse=True, key=lambda release: release[1])
    assert all(date.fromisoformat(day) for _, day in releases())
    kinds = set(re.findall(r"^### (.+)$", text("CHANGELOG.md"), re.M))
    assert kinds <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def test_versions_agree():
    cite = yaml.safe_load(text("CITATION.cff"))
    assert [(cite["version"], cite["date-released"])] == releases()[:1]
    assert cite["version"] == project()["version"]


# --- citation and licences ---------------------------------------------------------------

# The fields of version 1.2.0 that we use, with the form that its schema asks for.
CFF = {"cff-version": r"1\.2\.0", "message": r".+", "title": r".+", "type": r"software|dataset",
       "version": r"\d+\.\d+\.\d+", "date-released": r"\d{4}-\d\d-\d\d", "license": r"MIT",
       "abstract": r"(?s).+"}


def test_the_citation_file_is_valid():
    cite = yaml.safe_load(text("CITATION.cff"))
    assert set(cite) == {*CFF, "authors", "keywords"}
    for field, form in CFF.items():
        assert isinstance(cite[field], str) and re.fullmatch(form, cite[field]), field
    assert cite["authors"] and all(set(author) == {"name"} for author in cite["authors"])
    assert len(set(cite["keywords"])) == len(cite["keywords"]) > 2


def test_the_two_licences():
    """Two licences in a list of a citation file mean a choice; here, each has its own part."""
    assert text("LICENSE").startswith("MIT License") and project()["license"] == "MIT"
    assert "CC BY 4.0" in yaml.safe_load(text("CITATION.cff"))["abstract"]
    content = text("LICENSE-CONTENT.md")
    assert "<https://creativecommons.org/licenses/by/4.0/legalcode>" in content
    holder = re.search(r"Copyright \(c\) \d{4} (.+)", text("LICENSE"))[1].strip()
    assert holder in content
    assert yaml.safe_load(text("CITATION.cff"))["authors"] == [{"name": holder}]
    package = json.loads(text("seeds/datapackage.json"))
    assert [licence["name"] for licence in package["licenses"]] == ["CC-BY-4.0"]


# --- links, paths, commands --------------------------------------------------------------

def slug(heading: str) -> str:
    """How GitHub writes a heading in an address."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def anchors(page: Path) -> set[str]:
    return {slug(head) for head in re.findall(r"^#+ +(.+)$", page.read_text("utf-8"), re.M)}


def broken(page: Path) -> list[str]:
    found = []
    for target in re.findall(r"\]\(([^)\s]+)\)", without_code(page.read_text("utf-8"))):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, part = target.partition("#")
        place = (page.parent / name).resolve() if name else page
        if not place.exists() or (part and place.suffix == ".md"
                                  and part.lower() not in anchors(place)):
            found.append(target)
    return found


@each_page
def test_links_lead_somewhere(page):
    assert not broken(page)


@pytest.mark.parametrize("link", ["[a](NOWHERE.md)", "[a](README.md#no-such-heading)", "[a](#no)"])
def test_a_broken_link_is_found(tmp_path, link):
    (tmp_path / "README.md").write_text("# Yes\n", encoding="utf-8")
    (tmp_path / "page.md").write_text(f"{link} [b](README.md#yes)\n", encoding="utf-8")
    assert len(broken(tmp_path / "page.md")) == 1


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "SECURITY.md", "LICENSE-CONTENT.md",
                                  "CODE_OF_CONDUCT.md", ".github/pull_request_template.md"])
def test_what_a_page_names_exists(name):
    """Paths and files in code, and targets of make. A learner's own files are not ours."""
    pieces = set(re.findall(r"`([^`\n]+)`", text(name)))
    paths = {p for p in pieces if p.split("/")[0] in ROOMS and " " not in p} - {"seeds/texts/"}
    missing = {p for p in paths if not list(ROOT.glob(p.rstrip("/")))}
    files = {p for p in pieces if re.fullmatch(r"\w+\.(py|js|yaml|csv)", p)}
    known = {p.name for room in ROOMS for p in (ROOT / room).rglob("*.*")}
    targets = set(re.findall(r"\bmake ([a-z]+)", " ".join(pieces) + text(name)))
    rules = set(re.findall(r"^([a-z-]+):", text("Makefile"), re.M))
    wanted = {t for t in targets if f"`make {t}" in text(name) or f"\nmake {t}" in text(name)}
    assert not missing and not files - known and not wanted - rules


# --- words -------------------------------------------------------------------------------

@pytest.mark.parametrize("page", TOP, ids=lambda p: p.name)
def test_nobody_is_invented(page):
    """No address of a person whom nobody knows: reports go where GitHub keeps them private."""
    assert not re.findall(r"[\w.+-]+@[\w-]+\.\w+", page.read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", [p for p in TOP if p.stem != "README"], ids=lambda p: p.name)
def test_sentences_are_short(page):
    long = [said for said in sentences(page.read_text(encoding="utf-8"))
            if len(said.split()) > LONGEST]
    assert not long, long


# --- GitHub's forms ----------------------------------------------------------------------

# What GitHub's form schema allows for each kind of field; the first name is the one it needs.
KINDS = {"markdown": ("value",), "input": ("label", "description", "placeholder", "value"),
         "textarea": ("label", "description", "placeholder", "value", "render"),
         "dropdown": ("label", "description", "multiple", "options", "default"),
         "checkboxes": ("label", "description", "options")}


def faults(form: dict) -> list[str]:
    """What GitHub would refuse in a form."""
    allowed = {"name", "description", "title", "body", "labels"}
    found = [f"top: {key}" for key in set(form) - allowed]
    found += [f"{key} is no text" for key in ("name", "description")
              if not (isinstance(form.get(key), str) and form[key].strip())]
    fields = form.get("body", [])
    asked = [field for field in fields if field.get("type") != "markdown"]
    if not asked:
        found.append("nothing is asked")
    for field in fields:
        kind, has = field.get("type"), field.get("attributes", {})
        if kind not in KINDS or set(field) - {"type", "id", "attributes", "validations"}:
            found.append(f"field {field}")
            continue
        found += [f"{kind}: {key}" for key in set(has) - set(KINDS[kind])]
        found += [f"{kind}: {key} is no text" for key, value in has.items()
                  if key not in ("options", "multiple", "default")
                  and not (isinstance(value, str) and value.strip())]
        if KINDS[kind][0] not in has:
            found.append(f"{kind} without {KINDS[kind][0]}")
        if kind in ("dropdown", "checkboxes"):
            options = [o.get("label") if isinstance(o, dict) else o for o in has.get("options", [])]
            if not options or len(set(options)) < len(options) or \
                    not all(isinstance(o, str) and o.lower() != "none" for o in options):
                found.append(f"options of {field.get('id')}")
    for names in ([field.get("id") for field in asked],
                  [field.get("attributes", {}).get("label") for field in asked]):
        if len(set(names)) < len(names) or not all(names):
            found.append(f"not unique: {names}")
    found += [f"id {field['id']}" for field in asked
              if "id" in field and not re.fullmatch(r"[\w-]+", field["id"])]
    return found


@each_form
def test_a_form_is_one_that_github_shows(form):
    read = yaml.safe_load(form.read_text(encoding="utf-8"))
    assert not faults(read)
    assert any(field.get("validations", {}).get("required") for field in read["body"])


@pytest.mark.parametrize("spoil", [
    lambda form: form.pop("name"),
    lambda form: form.update(colour="blue"),
    lambda form: form["body"].append({"type": "slider", "attributes": {}}),
    lambda form: form["body"].append(form["body"][-1]),
    lambda form: form["body"][1]["attributes"].pop("label"),
    lambda form: form["body"][1]["attributes"].update(label=True),
    lambda form: form["body"][1].update(id="a b"),
    lambda form: form.update(body=form["body"][:1]),
])
def test_a_spoilt_form_is_found(spoil):
    form = yaml.safe_load(text(".github/ISSUE_TEMPLATE/error_of_fact.yml"))
    spoil(form)
    assert faults(form)


def test_forms_have_names_of_their_own_and_are_no_barrier():
    names = [yaml.safe_load(form.read_text(encoding="utf-8"))["name"] for form in FORMS]
    assert len(set(names)) == len(names)
    config = yaml.safe_load(text(".github/ISSUE_TEMPLATE/config.yml"))
    assert config == {"blank_issues_enabled": True}


def test_the_form_for_errors_of_fact_asks_for_place_locator_and_source():
    form = yaml.safe_load(text(".github/ISSUE_TEMPLATE/error_of_fact.yml"))
    asked = {field.get("id"): field for field in form["body"]}
    assert {"place", "locator", "source"} <= set(asked)
    assert asked["source"]["validations"]["required"] is True
