"""A coding in three formats, checked against what their documents demand."""

import json
import re
import xml.etree.ElementTree as ET

import pytest

import seeds
from reader import annotations, codebook, corpus
from reader.errors import NoText, ReaderError

# --- W3C Web Annotation ------------------------------------------------------------------

IRI = re.compile(r"[a-z][a-z0-9+.-]*:\S+")
#: The purposes and motivations of the recommendation, section 3.3.5.
PURPOSES = {"assessing", "bookmarking", "classifying", "commenting", "describing", "editing",
            "highlighting", "identifying", "linking", "moderating", "questioning", "replying",
            "tagging"}


def check_selector(selector):
    if selector["type"] == "TextQuoteSelector":
        assert isinstance(selector["exact"], str) and set(selector) == {"type", "exact"}
        return
    assert set(selector) == {"type", "start", "end"}
    assert selector["type"] == "TextPositionSelector"
    for name in ("start", "end"):
        assert type(selector[name]) is int and selector[name] >= 0
    assert selector["start"] < selector["end"]


def check_collection(made):
    """What sections 3.1, 3.2.4, 4.1, 4.2.5, 5.1 and 5.2 of the recommendation demand (MUST) or
    recommend (SHOULD), as far as it concerns the properties that we use."""
    assert made["@context"] == "http://www.w3.org/ns/anno.jsonld"
    assert IRI.fullmatch(made["id"]) and made["type"] == "AnnotationCollection"
    assert isinstance(made["label"], str)
    page = made["first"]
    assert made["last"] == page["id"] and IRI.fullmatch(page["id"])
    assert page["type"] == "AnnotationPage" and "@context" not in page
    assert page["partOf"] == made["id"] and page["startIndex"] == 0
    assert len(page["items"]) == made["total"] > 0
    for item in page["items"]:
        assert IRI.fullmatch(item["id"]) and item["type"] == "Annotation"
        assert item["motivation"] in PURPOSES
        for body in item["body"]:
            assert body["type"] == "TextualBody" and isinstance(body["value"], str)
            assert body["purpose"] in PURPOSES
            assert body["format"] == "text/plain" and body["language"] == "en"
        target = item["target"]
        assert target["type"] == "SpecificResource"
        source = target["source"]
        assert IRI.fullmatch(source["id"]) and source["type"] == "Text"
        assert source["format"] == "text/plain" and IRI.fullmatch(source["via"])
        selectors = target["selector"]
        for selector in selectors if isinstance(selectors, list) else [selectors]:
            check_selector(selector)
        assert item.get("creator", {"type": "Person"})["type"] == "Person"
    ids = [made["id"], page["id"], *(item["id"] for item in page["items"])]
    assert len(set(ids)) == len(ids)


def test_web_annotations_fit_the_recommendation(both):
    check_collection(json.loads(json.dumps(annotations.web_annotation(both))))


def test_a_web_annotation_says_what_the_row_says(rows):
    item = annotations.web_annotation(rows)["first"]["items"][2]
    assert [(body["purpose"], body["value"]) for body in item["body"]] == [
        ("tagging", "NC"), ("classifying", "quoted"), ("commenting", "the minister's words")]
    assert item["target"]["selector"] == {"type": "TextPositionSelector", "start": 1094,
                                          "end": 1112}
    # The checksum of 001 in seeds/articles.csv begins 55 eb de 99: in base64, Ve v e m ...
    assert item["target"]["source"]["id"].startswith("ni:///sha-256;Vevem")
    assert len(item["target"]["source"]["id"]) == len("ni:///sha-256;") + 43


def test_the_same_coding_has_the_same_names(rows):
    assert annotations.web_annotation(rows) == annotations.web_annotation(rows)
    assert annotations.web_annotation(rows)["id"] != annotations.web_annotation(rows[:2])["id"]


# --- Label Studio and Prodigy ------------------------------------------------------------


def names(config: str) -> dict[str, ET.Element]:
    return {tag.get("name"): tag for tag in ET.fromstring(config).iter() if tag.get("name")}


def test_label_studio_tasks_fit_their_interface(both):
    """Each result names a control of the interface and an object that it is for, and holds a
    value of the control's type within the text of the task (the documented task format)."""
    controls = names(annotations.label_studio_config())
    labels = [tag.get("value") for tag in controls["code"]]
    assert labels == codebook.codes()["code"].tolist()
    tasks = json.loads(json.dumps(annotations.label_studio(both)))
    assert len(tasks) == 40
    for task in tasks:
        text = task["data"]["text"]
        assert controls["text"].get("value") == "$text"
        assert task["data"]["coders"] == ["A", "B"] and len(task["annotations"]) == 2
        for note in task["annotations"]:
            regions = {}
            for result in note["result"]:
                control, kind = controls[result["from_name"]], result["type"]
                assert control.tag.lower() == kind
                assert control.get("toName") == result["to_name"] == "text"
                value = result["value"]
                assert 0 <= value["start"] < value["end"] <= len(text)
                regions.setdefault(result["id"], []).append(
                    (result["from_name"], value["start"], value["end"]))
                allowed = [tag.get("value") for tag in control]
                told = value["text" if kind == "textarea" else kind]
                assert kind == "textarea" or set(told) <= set(allowed)
            for parts in regions.values():
                assert [name for name, *_ in parts][:2] == ["code", "voice"]
                assert len({tuple(place) for _, *place in parts}) == 1


def test_label_studio_counts_from_the_start_of_the_segment(rows):
    first, sixth, empty = annotations.label_studio(rows)
    # 001 P6 begins at 1071, so 1094 is its character 23.
    assert sixth["data"]["offset"] == 1071
    assert sixth["annotations"][0]["result"][0]["value"] == {"start": 23, "end": 41,
                                                             "labels": ["NC"]}
    assert first["annotations"][0]["result"][3]["value"]["choices"] == ["author"]
    assert empty["annotations"] == [{"result": []}]


def test_prodigy_tasks_have_the_documented_keys(both):
    tasks = annotations.prodigy(both)
    assert len(tasks) == 80
    for task in tasks:
        assert isinstance(task["text"], str) and task["answer"] in ("accept", "reject", "ignore")
        assert task["_annotator_id"] in ("A", "B")
        assert corpus.normalise_locator(task["meta"]["locator"]) == task["meta"]["locator"]
        for span in task["spans"]:
            assert 0 <= span["start"] < span["end"] <= len(task["text"])
            assert codebook.known_code(span["label"]) == span["label"]
    assert sum(len(task["spans"]) for task in tasks) == 201  # 203 rows, two of them none


def test_prodigy_files_have_one_task_a_line(tmp_path, rows):
    path = annotations.save_prodigy(rows, tmp_path / "coding.jsonl")
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == annotations.prodigy(rows)


def test_the_other_files_hold_what_the_functions_return(tmp_path, rows):
    for save, made in ((annotations.save_web_annotation, annotations.web_annotation),
                       (annotations.save_label_studio, annotations.label_studio)):
        assert json.loads(save(rows, tmp_path / "x.json").read_text(encoding="utf-8")) == \
            made(rows)


# --- no text unless asked for ------------------------------------------------------------


def test_without_asking_only_shipped_phrases_are_shown(both, mode):
    phrases = set(corpus.phrases()["phrase"])
    shown = [task["data"]["text"] for task in annotations.label_studio(both)]
    assert shown == [task["text"] for task in annotations.prodigy(both)][::2]
    for text, locator in zip(shown, dict.fromkeys(both["locator"]), strict=True):
        segment = corpus.segments(locator).iloc[0]
        assert len(text) == segment["end"] - segment["start"]
        assert {part for part in text.split(annotations.HIDDEN) if part} <= phrases
    assert "TextQuoteSelector" not in json.dumps(annotations.web_annotation(both))


def test_your_own_copy_is_put_in_when_you_ask(both, real_texts, monkeypatch):
    monkeypatch.setattr(seeds, "TEXTS", real_texts)
    web = annotations.web_annotation(both, with_text=True)
    check_collection(web)
    assert annotations.DO_NOT_PASS_ON in web["label"]
    item = next(item for item in web["first"]["items"] if item["body"][0]["value"] == "LL")
    assert item["target"]["selector"][1] == {"type": "TextQuoteSelector",
                                             "exact": "bloody price"}
    for task in annotations.label_studio(both, with_text=True):
        assert task["data"]["text"] == corpus.passage(task["data"]["locator"]).text
        assert task["data"]["notice"] == annotations.DO_NOT_PASS_ON
    for task in annotations.prodigy(both, with_text=True):
        assert task["text"] == corpus.passage(task["meta"]["locator"]).text
        assert task["meta"]["notice"] == annotations.DO_NOT_PASS_ON


@pytest.mark.parametrize("export", [annotations.web_annotation, annotations.label_studio,
                                    annotations.prodigy])
def test_a_copy_that_is_not_here_cannot_be_put_in(rows, export):
    with pytest.raises(NoText, match="leave with_text out"):
        export(rows, with_text=True)
    with pytest.raises(ReaderError, match="no rows"):
        export([])
