#!/usr/bin/env python3
"""Reads what `vigie compare` and `vigie cite` write with other people's programs.

    pip install rispy 'bibtexparser<2' pandas jsonschema warcio
    python3 bench/outputs.py --vigie target/release/vigie

Makes the demonstration in a temporary folder, writes every form of its story, and reads RIS by rispy, BibLaTeX by
bibtexparser, CSV by pandas and by the rules of R's read.csv and readtext, JSON against the published schema, and the WARC
file of the bundle by `warcio check`. Prints a line for each; ends with 1 when one fails.
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
        csl(document, json.loads(compare("--format", "csl")))
        compare("--format", "csv", "--output", "tables/")
        tables(document, place / "tables")
        vigie("export", "articles", "--query", "@jack-lang", "--profile", "r", "--with-text", "-o", "r.csv")
        readtext(place / "r.csv")
        compare("--bundle", "story.zip")
        bundle(place / "story.zip", place)
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


def bibtex(document, text, name):
    import bibtexparser
    from bibtexparser.bparser import BibTexParser

    entries = bibtexparser.loads(text, BibTexParser(common_strings=True, ignore_nonstandard_types=False)).entries
    titles = [entry["title"].strip("{}") for entry in entries]
    wanted = [article["title"] for article in document["articles"]]
    check(f"{name} by bibtexparser", titles == wanted, f"{len(entries)} entries")


def csl(document, items):
    good = [item["URL"] for item in items] == [article["url"] for article in document["articles"]]
    good = good and all(len(item["accessed"]["date-parts"][0]) == 3 for item in items)
    check("CSL-JSON", good, f"{len(items)} items")


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
    check("records by warcio check", ran.returncode == 0 and digests > 0, f"{digests} records whose digest passes")


if __name__ == "__main__":
    main()
