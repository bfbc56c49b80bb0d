"""The file of an answer key: read strictly, and what is wrong with it said in plain words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

#: Where an instructor finds how a key is written.
GUIDE = "grader/answer_key/README.md says how a key is written"

# safe_load in C where libyaml is there: the key is read at every start of the command.
_Fast = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_SAID = {
    "missing": "it is missing",
    "extra_forbidden": "there is no field of this name",
    "union_tag_not_found": "it is missing",
    "model_attributes_type": "a question is a record of fields (id, kind, …)",
    "model_type": "a record of fields is expected",
    "dict_type": "names with their values are expected",
    "list_type": "a list is expected",
    "string_type": "a text is expected; put it in quotation marks",
    "finite_number": "a finite number is expected",
}


class LOADER(_Fast):  # the name that PyYAML's own functions take as an argument
    """YAML as it is safe to read, in which no name may stand twice: PyYAML keeps the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict:
        seen = set()
        for name, _ in node.value:
            if isinstance(name, yaml.ScalarNode) and name.tag != "tag:yaml.org,2002:merge":
                if (name.tag, name.value) in seen:
                    raise yaml.YAMLError(f"{name.value} stands twice in one record, the second "
                                         f"time in line {name.start_mark.line + 1}")
                seen.add((name.tag, name.value))
        return super().construct_mapping(node, deep)


def read_yaml(path: Path) -> Any:
    """The content of a key file.

    Raises
    ------
    FileNotFoundError
    ValueError
        When it cannot be read; says why.
    """
    try:
        if path.exists() and not path.is_file():
            raise ValueError("it is not a file")
        return yaml.load(path.read_text(encoding="utf-8"), LOADER)  # noqa: S506  a SafeLoader
    except FileNotFoundError:
        raise
    except OSError as error:
        raise ValueError(error.strerror or str(error)) from None
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(in_words(error)) from None


def in_words(error: Exception) -> str:
    """Why a text in YAML cannot be read, with line and column."""
    if isinstance(error, UnicodeDecodeError):
        line = error.object[:error.start].count(b"\n") + 1
        return f"line {line} is not UTF-8; save the file as UTF-8"
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    what = " ".join(str(getattr(error, "problem", None) or error).split())[:160]
    if "cannot start any token" in what:
        what += " (YAML knows no tabs: begin lines with spaces)"
    return f"line {mark.line + 1}, column {mark.column + 1}: {what}" if mark else what


def fault(raw: Any, error: ValidationError) -> str:
    """The first thing that is wrong with a key, as place and sentence without its end."""
    problem = error.errors()[0]
    where = list(problem["loc"])
    said = _said(problem)
    if not where and not isinstance(raw, dict):
        what = "nothing" if raw is None else f"only {'a list' if isinstance(raw, list) else 'text'}"
        return f"it holds {what}, and a key begins with topic: and questions:"
    if len(where) > 1 and where[0] in ("questions", "lesson_questions"):
        try:
            question = raw[where[0]][where[1]]["id"]
        except (KeyError, TypeError, IndexError):
            question = f"number {where[1] + 1}"
        path = ".".join(map(str, where[3:])) or "kind"
        return f"question {question}, field {path}: {said}"
    return f"field {'.'.join(map(str, where))}: {said}" if where else said


def _said(problem: Any) -> str:
    if problem["type"] == "union_tag_invalid":
        found = problem["ctx"]
        return f"there is no kind {found['tag']}; the kinds are " + (
            found["expected_tags"].replace("'", ""))
    return _SAID.get(problem["type"]) or problem["msg"].removeprefix("Value error, ").replace(
        "Input should", "it should", 1)
