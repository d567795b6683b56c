#!/usr/bin/env python3
"""Reads what `vigie compare` and `vigie cite` write with other people's programs.

    pip install rispy 'bibtexparser<2' pybtex citeproc-py pandas jsonschema rfc3339-validator warcio
    python3 bench/outputs.py --vigie target/release/vigie

Makes the demonstration in a temporary folder, writes every form of its story, and reads RIS by rispy, BibLaTeX and BibTeX
by bibtexparser and pybtex, CSL-JSON by citeproc-py (every item is set), CSV by pandas and by the rules of R's read.csv and
readtext, JSON against the published schema, and the WARC file of the bundle by `warcio check`. Then the same of imported
articles whose titles are formulas, braces, markup and commands. Prints a line for each; ends with 1 when one fails.
"""

import argparse
import csv
import hashlib
import io
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

STORY = "@france @north-korea @jack-lang"
WINDOW = ["--since", "2009-12-14", "--until", "2009-12-18T06:00Z"]
FAILED = []


def check(name, good, detail):
    print(f"{'ok  ' if good else 'FAIL'} {name}: {detail}")
    if not good:
        FAILED.append(name)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--vigie", default="target/release/vigie")
    program = str(Path(parser.parse_args().vigie).resolve())
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)

        def vigie(*args):
            command = [program, "--now", "2009-12-18T06:00:00Z", *args]
            return subprocess.run(command, cwd=place, check=True, capture_output=True).stdout.decode()

        def compare(*args):
            return vigie("compare", STORY, *WINDOW, *args)

        subprocess.run([program, "demo", "--dir", ".", "--quiet"], cwd=place, check=True, stdout=subprocess.DEVNULL)
        document = json.loads(compare("--format", "json"))
        schema(document, json.loads(vigie("compare", "--schema")))
        ris(document, compare("--format", "ris"))
        bibtex(document, compare("--format", "bib"), "BibLaTeX")
        bibtex(document, compare("--format", "bibtex"), "BibTeX")
        csl(document, compare("--format", "csl"), place)
        compare("--format", "csv", "--output", "tables/")
        tables(document, place / "tables")
        vigie("export", "articles", "--query", "@jack-lang", "--profile", "r", "--with-text", "-o", "r.csv")
        readtext(place / "r.csv")
        compare("--bundle", "story.zip")
        bundle(place / "story.zip", place)
    with tempfile.TemporaryDirectory() as folder:
        hostile(program, Path(folder))
    print(f"{len(FAILED)} failed")
    sys.exit(1 if FAILED else 0)


def schema(document, described):
    import jsonschema

    validator = jsonschema.Draft202012Validator(described, format_checker=jsonschema.FormatChecker())
    errors = [error.message for error in validator.iter_errors(document)]
    check("JSON against its schema", not errors, errors[:3] or f"{len(json.dumps(document))} characters")


def ris(document, text):
    import rispy

    entries = rispy.loads(text)
    urls = [entry.get("urls", [entry.get("url")])[0] for entry in entries]
    wanted = [article["url"] for article in document["articles"]]
    check("RIS by rispy", urls == wanted, f"{len(entries)} entries, types {sorted({e['type_of_reference'] for e in entries})}")


def bibtex(document, text, name, plain=True):
    import bibtexparser
    from bibtexparser.bparser import BibTexParser
    from pybtex.database import parse_string

    entries = bibtexparser.loads(text, BibTexParser(common_strings=True, ignore_nonstandard_types=False)).entries
    titles = [entry["title"].strip("{}") for entry in entries]
    wanted = [article["title"] for article in document["articles"]]
    # A title with TeX's own signs is escaped: only their number is compared then.
    good = titles == wanted if plain else len(titles) == len(wanted)
    check(f"{name} by bibtexparser", good, f"{len(entries)} entries")
    found = parse_string(text, "bibtex").entries
    # Plain BibTeX has no field for an address: it stands in `howpublished`.
    where = [entry.fields.get("url") or entry.fields["howpublished"] for entry in found.values()]
    urls = [text.rpartition("\\url{")[2].replace("\\", "").strip("{}") for text in where]
    good = urls == [article["url"] for article in document["articles"]]
    check(f"{name} by pybtex", good, f"{len(found)} entries, keys such as {next(iter(found))}")


def csl(document, text, place):
    from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
    from citeproc.source.json import CiteProcJSON

    items = json.loads(text)
    good = [item["URL"] for item in items] == [article["url"] for article in document["articles"]]
    good = good and all(len(item["accessed"]["date-parts"][0]) == 3 for item in items)
    warnings = io.StringIO()
    import contextlib
    import warnings as told

    with contextlib.redirect_stderr(warnings), told.catch_warnings():
        told.simplefilter("ignore")
        style = CitationStylesStyle("harvard-cite-them-right", validate=False)
        bibliography = CitationStylesBibliography(style, CiteProcJSON(items), formatter.plain)
        for item in items:
            bibliography.register(Citation([CitationItem(item["id"])]))
        lines = [str(line) for line in bibliography.bibliography()]
    good = good and len(lines) == len(items)
    # A style may leave out what it does not know; the title it must set.
    whole = " ".join(lines).replace("\u2019", "'")
    missing = [item["title"] for item in items if item["title"].replace("\u2019", "'")[:12] not in whole]
    check("CSL-JSON by citeproc-py", good and not missing, f"{len(items)} items set; without their title: {missing}")


def tables(document, folder):
    import pandas

    files = sorted(folder.glob("*.csv"))
    rows = 0
    for file in files:
        frame = pandas.read_csv(file, dtype=str, keep_default_na=False)
        again = frame.to_csv(index=False, lineterminator="\n")
        theirs = list(csv.reader(io.StringIO(again)))
        ours = list(csv.reader(io.StringIO(file.read_text(encoding="utf-8"))))
        # R's read.csv: a header as long as each row, no unnamed and no repeated column.
        names = ours[0]
        good = theirs == ours and all(len(row) == len(names) for row in ours)
        good = good and all(names) and len(set(names)) == len(names) and b"\r" not in file.read_bytes()
        rows += len(frame)
        if not good:
            check(file.name, False, "pandas and the file differ, or R would rename a column")
    articles = pandas.read_csv(folder / "articles.csv")
    good = list(articles["article_id"]) == [article["id"] for article in document["articles"]]
    check("CSV by pandas and the rules of read.csv", good, f"{len(files)} files, {rows} rows")


def readtext(file):
    import pandas

    frame = pandas.read_csv(file, keep_default_na=False)
    good = list(frame.columns[:2]) == ["text", "doc_id"] and frame["doc_id"].is_unique and (frame["text"].str.len() > 0).all()
    check("profile r for readtext and quanteda", good, f"{len(frame)} documents, {len(frame.columns)} columns")


def bundle(file, place):
    with zipfile.ZipFile(file) as archive:
        broken = archive.testzip()
        names = archive.namelist()
        sums = dict(reversed(line.split("  ", 1)) for line in archive.read("SHA256SUMS").decode().splitlines())
        wrong = [name for name in sums if hashlib.sha256(archive.read(name)).hexdigest() != sums[name]]
        archive.extract("records.warc.gz", place)
    check("bundle by zipfile", not broken and not wrong, f"{len(names)} files, {file.stat().st_size} bytes")
    ran = subprocess.run([sys.executable, "-m", "warcio.cli", "check", "-v", str(place / "records.warc.gz")], capture_output=True)
    digests = ran.stdout.decode().count("digest pass")
    from warcio.archiveiterator import ArchiveIterator

    with open(place / "records.warc.gz", "rb") as records:
        kinds = [record.rec_type for record in ArchiveIterator(records)]
    check("a warcinfo record first", kinds[:1] == ["warcinfo"] and kinds.count("warcinfo") == 1, f"{len(kinds)} records")
    check("records by warcio check", ran.returncode == 0 and digests > 0, f"{digests} records whose digest passes")


TITLES = [
    "=HYPERLINK(\"http://x.example\",\"a\")",
    "-2+3 and @sum",
    "{Braces} and } more {",
    "100 % of $5 & #1 _under_ ~ ^ \\input{/etc/passwd}",
    "<script>alert(1)</script> & <b>",
    "Two\nlines,\"quoted\"; and a tab\there",
    "TY  - JOUR",
    "中文，标题「引」",
]


def hostile(program, place):
    """Titles as a hostile page would have them."""
    rows = [
        {"url": f"https://paper.example/{n}", "title": title, "text": "Pyongyang answered Paris.", "published": "2009-12-15", "lang": "en"}
        for n, title in enumerate(TITLES)
    ]
    (place / "rows.jsonl").write_text("\n".join(json.dumps(row) for row in rows))

    def vigie(*args):
        command = [program, "--now", "2009-12-18T06:00:00Z", *args]
        return subprocess.run(command, cwd=place, check=True, capture_output=True).stdout.decode()

    vigie("import", "rows.jsonl")
    story = ["compare", "Pyongyang", *WINDOW]
    document = json.loads(vigie(*story, "--format", "json"))
    check("hostile titles are held", len(document["articles"]) == len(TITLES), f"{len(document['articles'])} articles")
    schema(document, json.loads(vigie("compare", "--schema")))
    ris(document, vigie(*story, "--format", "ris"))
    bibtex(document, vigie(*story, "--format", "bib"), "BibLaTeX", plain=False)
    bibtex(document, vigie(*story, "--format", "bibtex"), "BibTeX", plain=False)
    csl(document, vigie(*story, "--format", "csl"), place)
    vigie(*story, "--format", "csv", "--output", "tables/")
    tables(document, place / "tables")


if __name__ == "__main__":
    main()
