"""Where the gradebook is, and whether it is one of this course and of this nbgrader.

SQLite in ``classroom/`` unless ``gradebook:`` in ``class.yaml`` or the environment variable
``READING_IDLIB_GRADEBOOK`` names another database, as an SQLAlchemy URL such as
``postgresql://grader@db.example.edu/idlib``.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from sqlalchemy import create_engine, inspect, text
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError

from . import settings

ENVIRONMENT = "READING_IDLIB_GRADEBOOK"
#: The driver that we test; SQLAlchemy would take psycopg2.
_POSTGRESQL = "postgresql+psycopg"
# nbgrader's own steps open the gradebook without a course, and leave this one behind.
_NO_COURSE = "default_course"


def gradebook_url(root: Path) -> str:
    """The SQLAlchemy URL for ``c.CourseDirectory.db_url``, password included.

    Raises :class:`grader.settings.SettingsProblem` when what is set is no URL of a database.
    """
    chosen = os.environ.get(ENVIRONMENT) or settings.load(root).gradebook
    if not chosen:
        return f"sqlite:///{root}/classroom/gradebook.db"
    try:
        url = make_url(chosen)
        if url.drivername in ("postgresql", "postgres"):
            url = url.set(drivername=_POSTGRESQL)
        url.get_dialect().import_dbapi()
    except ImportError:
        raise settings.SettingsProblem(
            f"Python has no driver for the gradebook's database ({url.drivername}); for PostgreSQL "
            "run `pip install \"psycopg[binary]\"`.") from None
    except (ArgumentError, ValueError):
        # The sentence must not repeat the address: it may hold a password.
        raise settings.SettingsProblem(
            f"What {settings.FILE} or {ENVIRONMENT} names as gradebook is no address of a "
            "database; write it such as postgresql://USER@HOST/DATABASE.") from None
    return url.render_as_string(hide_password=False)


def is_own_file(db_url: str, classroom: Path) -> bool:
    """Whether the gradebook is the file in ``classroom/``, which belongs to this course alone."""
    url = make_url(db_url)
    return url.get_backend_name() == "sqlite" and bool(url.database) and (
        Path(url.database).resolve().parent == Path(classroom).resolve())


def shown(db_url: str) -> str:
    """The address without its password."""
    return make_url(db_url).render_as_string(hide_password=True)


def misfit(db_url: str, course_id: str) -> str:
    """Why a database is no gradebook of this course, in one sentence; empty where it is one.

    An empty database is one: nbgrader makes its tables there.

    Raises
    ------
    sqlalchemy.exc.DBAPIError
        When the database cannot be reached or read.
    """
    url = make_url(db_url)
    if url.get_backend_name() == "sqlite" and not (url.database and Path(url.database).is_file()):
        return ""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return _misfit(connection, url, course_id)
    finally:
        engine.dispose()


def _misfit(connection: Connection, url: URL, course_id: str) -> str:
    tables = set(inspect(connection).get_table_names())
    where = url.render_as_string(hide_password=True)
    if not tables:
        return ""
    if "assignment" not in tables:
        return (f"{where} is a database of something else: it has tables, but not nbgrader's. "
                "Name an empty one.")
    found = "alembic_version" in tables and connection.scalar(
        text("SELECT version_num FROM alembic_version"))
    head, known = _revisions()
    if found != head:
        if found and found not in known:
            return (f"The gradebook {where} was made by a newer nbgrader (revision {found}): "
                    "install that version, as requirements.txt of that course says, or take "
                    "another gradebook.")
        return (f"The gradebook {where} was made by an older nbgrader (revision "
                f"{found or 'none'}): make a copy of it, run `nbgrader db upgrade`, then the same "
                "command again.")
    others = sorted(set(connection.scalars(text("SELECT DISTINCT course_id FROM assignment")))
                    - {course_id, _NO_COURSE})
    if others:
        return (f"The gradebook {where} belongs to another course ({', '.join(others)}; this one "
                f"is {course_id}): put the gradebook of this course there, or name another one.")
    return ""


@cache
def _revisions() -> tuple[str | None, frozenset[str]]:
    """The newest revision of nbgrader's tables, and all that this nbgrader knows."""
    from alembic.config import Config
    from alembic.script import ScriptDirectory
    from nbgrader.dbutil import ALEMBIC_DIR

    config = Config()
    config.set_main_option("script_location", ALEMBIC_DIR)
    scripts = ScriptDirectory.from_config(config)
    return scripts.get_current_head(), frozenset(one.revision for one in scripts.walk_revisions())
