"""File names, dates and class lists as the platforms really write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from grader import roster_files
from grader.collect import names, times
from grader.collect.people import People
from grader.course import CourseProblem
from grader.roster import Person

ADA = Person("ada", "Synthetic Ada", "O'Example-Smith", "ada@example.org",
             {"ID": "4711", "SIS User ID": "S0001", "Student": "O'Example-Smith, Synthetic Ada"})
BEA = Person("bea", "Synthetic Bea", "Müller", "bea@example.org", {"ID": "4712"})
CEM = Person("cem", "Synthetic", "Twin", "cem@example.org")
CIA = Person("cia", "Synthetic", "Twin", "cia@example.org")
DOT, YEAR = Person("7", "Synthetic", "Dot"), Person("2011", "Synthetic", "Year")
CLASS = {person.student: person for person in (ADA, BEA, CEM, CIA, DOT, YEAR)}


@pytest.mark.parametrize(("platform", "name", "who", "file", "late", "order"), [
    # Canvas: sortable name without marks, small; the id of user and attachment; "-1" when renamed.
    ("canvas", "oexamplesmithsyntheticada_4711_88_01-sources.ipynb", "ada", "01-sources.ipynb",
     False, 88),
    ("canvas", "oexamplesmithsyntheticada_LATE_4711_99_01-sources-1.ipynb", "ada",
     "01-sources-1.ipynb", True, 99),
    ("canvas", "sub/müllersyntheticbea_4712_5_my_own_12_34_name.ipynb", "bea",
     "my_own_12_34_name.ipynb", False, 5),
    ("canvas", "oexamplesmithsyntheticada_4711_89_Copy of 01-sources (2).ipynb", "ada",
     "Copy of 01-sources (2).ipynb", False, 89),
    # Moodle: a folder (two spellings), flat, below a folder of the assignment.
    ("moodle", "Synthetic Ada OExample-Smith_12_assignsubmission_file/01-sources.ipynb", "ada",
     "01-sources.ipynb", False, 0),
    ("moodle", "Synthetic Bea Müller_13_assignsubmission_file_/data/01-sources.ipynb", "bea",
     "data/01-sources.ipynb", False, 0),
    ("moodle", "Course-01/Synthetic Bea Müller_13_assignsubmission_file_01-sources.ipynb", "bea",
     "01-sources.ipynb", False, 0),
    # Brightspace: the clock has no colon; flat; below a folder of the assignment.
    ("brightspace", "39786-640693 - Synthetic Bea Müller - Oct 10, 2026 1022 AM/01-sources.ipynb",
     "bea", "01-sources.ipynb", False, 0),
    ("brightspace", "Sources/12 - Synthetic Ada O'Example-Smith - 5 January, 2026 905 PM/a.ipynb",
     "ada", "a.ipynb", False, 0),
    ("brightspace", "39786-640693 - Synthetic Bea Müller - Oct 10, 2026 1022 AM - 01 - x.ipynb",
     "bea", "01 - x.ipynb", False, 0),
])
def test_real_file_names_say_whose_what_and_when(platform, name, who, file, late, order):
    piece = names.read(name, platform)
    assert (piece.file, piece.late, piece.order) == (file, late, order)
    assert People(CLASS).find(piece, platform) == (who, "")
    assert names.recognise([name, name]) == platform


@pytest.mark.parametrize(("platform", "name", "why"), [
    ("canvas", "anon_Xy9Zk_77_01-sources.ipynb", "anonymous grading"),
    ("canvas", "LATE_anon_Xy9Zk_77_01-sources.ipynb", "anonymous grading"),
    ("canvas", "oexamplesmithsyntheticada_4711_text.html", "typed text"),
    ("canvas", "oexamplesmithsyntheticada_LATE_4711_link.html", "a web address"),
    ("canvas", "nobodysynthetic_1_2_01-sources.ipynb", "is not on the roster"),
    # A number that is nobody's is somebody else, whatever the name.
    ("canvas", "oexamplesmithsyntheticada_9999_2_01-sources.ipynb", "is not on the roster"),
    ("canvas", "twinsynthetic_1_2_01-sources.ipynb", "2 students are called"),
    ("moodle", "Participant_123456_assignsubmission_file/01-sources.ipynb", "hid the name"),
    ("moodle", "Synthetic Ada OExample-Smith_12_assignsubmission_onlinetext/onlinetext.html",
     "typed into Moodle"),
    ("moodle", "Default group_assignsubmission_file/01-sources.ipynb", "by a group"),
    ("moodle", "Group A_12_assignsubmission_file/01-sources.ipynb", "if this is a group, give"),
    ("moodle", "Synthetic Twin_8_assignsubmission_file/01-sources.ipynb", "grading worksheet"),
    ("brightspace", "1-2 - Synthetic Twin - Oct 10, 2026 1022 AM/x.ipynb", "2 students are called"),
])
def test_whom_a_name_does_not_say_is_said(platform, name, why):
    who, reason = People(CLASS).find(names.read(name, platform), platform)
    assert who == ""
    assert why in reason


def test_a_participant_number_tells_two_of_one_name_apart():
    piece = names.read("Synthetic Twin_8_assignsubmission_file/01-sources.ipynb", "moodle")
    assert People(CLASS, {"8": "cia"}).find(piece, "moodle") == ("cia", "")


@pytest.mark.parametrize(("path", "text", "who", "why"), [
    ("ada/01-sources.ipynb", "", "ada", ""),
    ("week1/01-sources_ada.ipynb", "", "ada", ""),
    ("01-sources-BEA.ipynb", "", "bea", ""),
    ("Müller Synthetic Bea 01-sources.ipynb", "", "bea", ""),
    ("SyntheticBeaMüller_01-sources.ipynb", "", "bea", ""),
    ("mail/ada@example.org.ipynb", "", "ada", ""),
    ("S0001.ipynb", "", "ada", ""),
    ("01-sources.ipynb", "Name: Synthetic Bea Müller", "bea", ""),
    ("01-sources.ipynb", "handed in by (ada@example.org)", "ada", ""),
    ("01-sources.ipynb", "- **Student id:** bea", "bea", ""),
    ("7/01-sources.ipynb", "", "7", ""),
    ("01-sources_2011.ipynb", "", "2011", ""),
    # Short ids and common words stand anywhere.
    ("01-sources (7) final.ipynb", "in 2011, on day 7", "", "neither its name"),
    ("01-sources.ipynb", "I asked ada and she said so", "", "neither its name"),
    # The path comes before the text, and a part of a word is no id.
    ("ada/01-sources.ipynb", "my partner is bea", "ada", ""),
    ("01-sources.ipynb", "Canada and a beach", "", "neither its name"),
    ("ada and bea.ipynb", "", "", "more than one student (ada, bea)"),
    ("Synthetic Twin.ipynb", "", "", "more than one student (cem, cia)"),
])
def test_loose_notebooks_say_it_in_their_path_or_cells(path, text, who, why):
    found, reason = People(CLASS).find_loose(path, ["01-sources", "04-timeline"], text)
    assert found == who
    assert why in reason


def test_names_that_fit_no_platform_are_loose_files():
    assert names.recognise(["ada/01-sources.ipynb", "bea.ipynb"]) == "folder"
    assert names.recognise([]) == "folder"


@pytest.mark.parametrize(("text", "zone", "utc"), [
    ("Oct 10, 2026 1022 AM", "UTC", (2026, 10, 10, 10, 22)),
    ("Oct 10, 2026 1205 AM", "UTC", (2026, 10, 10, 0, 5)),
    ("Oct 10, 2026 2222", "UTC", (2026, 10, 10, 22, 22)),
    ("10 October, 2026 905", "UTC", (2026, 10, 10, 9, 5)),
    ("Sep 29, 2015 4:17 PM", "Europe/Berlin", (2015, 9, 29, 14, 17)),
    ("Wednesday, 10 June 2026, 2:14 PM", "UTC", (2026, 6, 10, 14, 14)),
    ("Wednesday, September 23, 2020, 9:00 PM", "UTC", (2020, 9, 23, 21, 0)),
    ("2026-10-12T20:01:02Z", "Europe/Berlin", (2026, 10, 12, 20, 1, 2)),
    ("2026-10-12 22:00:00.000000 UTC", "Asia/Tokyo", (2026, 10, 12, 22, 0)),
])
def test_dates_as_platforms_write_them(text, zone, utc):
    assert times.parse(text, zone) == datetime(*utc, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "-", "Monday", "10:22", "99 Smarch 2026", "9" * 90])
def test_what_is_no_date_is_none(text):
    assert times.parse(text, "UTC") is None


# --- class lists -----------------------------------------------------------------------------

CANVAS = ("\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,Exercise (12)\n,,,,,Manual Posting\n"
          "    Points Possible,,,,,10.00\n"
          '"Example, Synthetic Ada",4711,S0001,ada,"A, B",\n"Student, Test",99,,0a1b,A,\n')
SPLIT = ("LastName,FirstName,ID,SIS User ID,SIS Login ID,Section,Exercise (12)\n"
         "    Points Possible,,,,,,10.00\n"
         'Example,Synthetic Ada,4711,S0001,ada,"A, B",\nStudent,Test,99,,0a1b,A,\n')
MOODLE = ('"First name","Last name","ID number","Email address",Groups\n'
          "Synthetic Ada,Example,,ada@example.org,\n")
WORKSHEET = ("\ufeffIdentifier,\"Full name\",\"Email address\",Status,Grade\n"
             "Participant 12,Synthetic Ada Example,ada@example.org,,\n")
BRIGHTSPACE = ("OrgDefinedId;Username;Last Name;First Name;Email;End-of-Line Indicator\n"
               "#800;#ada;Example;Synthetic Ada;ada@example.org;#\n")
PLAIN = "id,first_name,last_name,email,lms_user_id\nada,Synthetic Ada,Example,ada@example.org,7\n"


@pytest.mark.parametrize(("text", "platform", "column", "student", "lms"), [
    (CANVAS, "canvas", "SIS Login ID", "ada", {"ID": "4711", "Section": "A, B"}),
    (SPLIT, "canvas", "SIS Login ID", "ada", {"ID": "4711", "Section": "A, B"}),
    (MOODLE, "moodle", "Email address", "ada@example.org", {}),
    (WORKSHEET, "moodle", "Email address", "ada@example.org",
     {"Full name": "Synthetic Ada Example"}),
    (BRIGHTSPACE, "brightspace", "Username", "ada", {"OrgDefinedId": "#800", "Username": "#ada"}),
    (PLAIN, "plain", "id", "ada", {"lms_user_id": "7"}),
])
def test_class_lists_are_known_by_their_columns(tmp_path, text, platform, column, student, lms):
    path = tmp_path / "list.csv"
    path.write_text(text, encoding="utf-8")
    found = roster_files.read(path)
    assert (found.platform, found.id_column, found.problems) == (platform, column, [])
    (person,) = found.people
    assert (person.student, person.first_name, person.last_name) == (
        student, "Synthetic Ada", "Example")
    assert lms.items() <= person.lms.items()


@pytest.mark.parametrize("text", [
    "Vorname;Nachname;ID-Nummer;E-Mail-Adresse;Gruppen\nSynthetic Ada;Example;;ada@example.org;\n",
    "Adı,Soyadı,E-posta adresi\nSynthetic Ada,Example,ada@example.org\n",
    "الاسم الأول,الاسم الأخير,عنوان البريد الإلكتروني\nSynthetic Ada,Example,ada@example.org\n",
    "Identifiant,Nom complet,Adresse de courriel,Groupe\nParticipant 12,Synthetic Ada Example,"
    "ada@example.org,Synthetic group\n",
    "Identificativo,Nome,Indirizzo email\nPartecipante 12,Synthetic Ada Example,ada@example.org\n"])
def test_moodles_lists_in_other_languages(tmp_path, text):
    path = tmp_path / "list.csv"
    path.write_text(text, encoding="utf-8")
    found = roster_files.read(path)
    assert (found.platform, found.id_column) == ("moodle", "Email address")
    assert [(one.student, one.first_name, one.last_name) for one in found.people] == [
        ("ada@example.org", "Synthetic Ada", "Example")]
    own = next(name for name in re.split("[;,\n]", text)
               if re.search("(?i)mail|البريد|posta|courriel", name))
    assert roster_files.read(path, own).id_column == "Email address"


@pytest.mark.parametrize(("text", "sentence"), [
    ("", "its columns: none"),
    ("Vorname,Nachname\nA,B\n", "in English"),
    ("id,first_name\n", "lists no student"),
    ("id\nJ\xf6rg\n", "is not in UTF-8"),
    ("PK\x03\x04", "spreadsheet or a zip"),
    ('id,first_name\n"ada,B', "is no CSV file"),
])
def test_what_is_no_class_list_is_refused_in_one_sentence(tmp_path, text, sentence):
    path = tmp_path / "list.csv"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(CourseProblem, match=sentence):
        roster_files.read(path)


def test_ids_that_cannot_name_a_folder_are_left_out_by_name(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("id,first_name,last_name\na/b,Synthetic,Slash\n..,Synthetic,Up\nok,Synthetic,Ok\n"
                    "ok,Synthetic,Again\n,Synthetic,Empty\n.x,Synthetic,Dot\n", encoding="utf-8")
    found = roster_files.read(path)
    assert [person.student for person in found.people] == ["ok"]
    assert [problem.split(" was")[0] for problem in found.problems] == [
        "Synthetic Slash", "Synthetic Up", "Synthetic Again", "Synthetic Empty", "Synthetic Dot"]
    assert "a slash" in found.problems[0]
    assert roster_files.read(path, "last_name").people[0].student == "Slash"
    with pytest.raises(CourseProblem, match="has no column number"):
        roster_files.read(path, "number")
