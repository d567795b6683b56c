#!/usr/bin/env python3
"""Writes data/reference/words-zh.zst: Chinese words with their cost, to tell whether a name stands between two words.

    python3 tools/make-words-zh.py            fetches the pinned package with pip
    python3 tools/make-words-zh.py FOLDER     reads a copy at hand

A line is a word of one to four simplified characters and a sign: the cost is four times the natural logarithm of how
rare it is, counted from `!`. The words are those of jieba's dictionary. Left out are those that a name begins or ends
(法国政府, 中国人): the name is what is looked for there. Made after the gazetteer, whose names it reads.
"""

import hashlib
import io
import math
import pathlib
import re
import subprocess
import sys
import tarfile
import tempfile

import zstandard  # zstandard==0.25.0

ROOT = pathlib.Path(__file__).resolve().parent.parent
TARGET = ROOT / "data" / "reference" / "words-zh.zst"
ARCHIVE, PACKAGE = "jieba-0.42.1.tar.gz", "jieba==0.42.1"
SHA256 = "055ca12f62674fafed09427f176506079bc135638a14e23e25be909131928db2"
# Rarer words than this cut nothing that a reader would see.
LEAST = {1: 200, 2: 12, 3: 20, 4: 30}


def main():
    with tempfile.TemporaryDirectory() as folder:
        if len(sys.argv) > 1:
            folder = sys.argv[1]
        else:
            subprocess.run([sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", ":all:", "-d", folder, PACKAGE], check=True)
        content = (pathlib.Path(folder) / ARCHIVE).read_bytes()
    if hashlib.sha256(content).hexdigest() != SHA256:
        sys.exit(f"{ARCHIVE} is another file than the pinned one")
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        text = archive.extractfile("jieba-0.42.1/jieba/dict.txt").read().decode("utf-8")
    table = {}
    for line in (ROOT / "data" / "reference" / "t2s.tsv").read_text(encoding="utf-8").splitlines():
        one, two = line.split("\t")
        table[ord(one)] = two
    nations, towns = set(), set()
    packed = (ROOT / "data" / "reference" / "gazetteer.zst").read_bytes()
    for line in zstandard.ZstdDecompressor().decompress(packed).decode("utf-8").splitlines():
        _, kind, _, names = line.split("\t")
        for name in names.split("|"):
            name = name.lstrip("~").translate(table)
            if re.fullmatch("[㐀-鿿]+", name):
                (nations if kind == "C" else towns).add(name)
    lexicon = (ROOT / "lexicon.toml").read_text(encoding="utf-8")
    nations |= {name for line in re.findall(r"(?m)^names\.zh(?:-Hant)? = \[(.*?)\]", lexicon) for name in re.findall(r'"([㐀-鿿]+)"', line.translate(table))} - {"大学", "文化"}
    total, words = 0, {}
    for line in text.splitlines():
        word, count, tag = line.split(" ")
        word, count = word.translate(table), int(count)
        total += count
        if not re.fullmatch("[㐀-鿿]{1,4}", word) or count < LEAST[len(word)]:
            continue
        longer = [word[:n] for n in range(2, len(word))] + [word[n:] for n in range(1, len(word) - 1)]
        if any(part in nations for part in longer):
            continue
        if tag.startswith(("ns", "nt", "nz")) and any(part in towns for part in longer):
            continue
        words[word] = max(words.get(word, 0), count)
    lines = [word + chr(33 + min(90, round(4 * math.log(total / count)))) for word, count in sorted(words.items())]
    packed = zstandard.ZstdCompressor(level=19, write_content_size=True).compress("\n".join(lines).encode("utf-8"))
    TARGET.write_bytes(packed)
    print(f"{len(lines)} words, packed {len(packed)}", file=sys.stderr)


main()
