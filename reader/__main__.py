"""``python -m reader``: add your own copies of the articles, list and remove them."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import seeds
from reader import build, library
from reader.errors import ReaderError


def parser() -> argparse.ArgumentParser:
    """Return the command line of the reader."""
    top = argparse.ArgumentParser(prog="python -m reader", description=__doc__)
    commands = top.add_subparsers(dest="command", required=True)
    add = commands.add_parser("add", help="add copies of articles, as text files, or the record "
                                       "of an article that your instructor gives you")
    add.add_argument("files", nargs="+", metavar="FILE")
    add.add_argument("--as", dest="article", metavar="005",
                     help="add one file as an article of your own, with this id")
    for name, told in (("outlet", "who published it"), ("title", "its title"),
                       ("author", "its author"), ("published", "when: 2019-05-28 or 2019-05"),
                       ("url", "where"), ("language", "code, such as en")):
        add.add_argument(f"--{name}", help=told)
    commands.add_parser("list", help="say which articles you have a copy of")
    remove = commands.add_parser("remove", help="remove copies")
    remove.add_argument("articles", nargs="+", metavar="ID")
    make = commands.add_parser("build", help="maintainers: compute seeds/ from the raw texts")
    make.add_argument("folder", help="folder of the raw texts, one file per article")
    make.add_argument("--runs", type=Path, help="where to write the fingerprints of word runs")
    return top


def _each(items, work) -> int:
    """Work on every item: one bad file must not keep the others out."""
    code = 0
    for item in items:
        try:
            told = work(item)
        except ReaderError as error:
            print(error, file=sys.stderr)
            code = 2
        except OSError as error:
            print(f"{error.filename}: {error.strerror or error}.", file=sys.stderr)
            code = 2
        else:
            print(told if isinstance(told, str) else "\n".join(told))
    return code


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return 0, or 2 when something could not be done."""
    options = parser().parse_args(arguments)
    record = {name: getattr(options, name, None)
              for name in ("outlet", "title", "author", "published", "url", "language")}
    if options.command == "add":
        if options.article is None:
            if any(record.values()):
                print("Give an id with --as to add an article of your own.", file=sys.stderr)
                return 2
            return _each(options.files, library.add)
        if len(options.files) != 1:
            print("--as takes one file, because one id is one article.", file=sys.stderr)
            return 2
        return _each(options.files,
                     lambda file: library.add_as(file, options.article, **record))
    if options.command == "remove":
        return _each(options.articles, library.remove)
    if options.command == "list":
        return _each([None], lambda _: library.status())
    try:
        build.build(options.folder, Path(seeds.__file__).parent, options.runs)
    except (build.BuildError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    print("seeds/ is built.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
