#!/usr/bin/env python3
"""Writes data/reference/french.zst: French words with what English calls them, for the dictionary bridge of a query.

    python3 tools/make-french.py            fetches the pinned packages with apt-get (Debian 12)
    python3 tools/make-french.py FOLDER     reads copies at hand

No dictionary of French and English was found whose licence allows it to be shipped, but WikDict (Wiktionary, CC BY-SA 3.0)
has French and English with five other languages each. A French and an English word that at least two of these call by the
same word, as the same part of speech, are taken for translations of one another; one language is enough where the two
words are also spelled alike. The more languages and words agree, the further to the front. A line is a French word in
small letters, a tab, and its English words between bars. The file is under the licence of WikDict, CC BY-SA 3.0.
"""

import collections
import difflib
import gzip
import hashlib
import pathlib
import re
import subprocess
import sys
import tempfile
import unicodedata

import zstandard  # zstandard==0.25.0

TARGET = pathlib.Path(__file__).resolve().parent.parent / "data" / "reference" / "french.zst"
VERSION = "2022.12.07-2"
PACKAGES = {
    "fra-fin": "b5ec25583a2b7236a4f035234d7119f9d707ab6eb6158fcbf22ea7e3b254e1c0",
    "fin-fra": "963d18ce3e9fd8beb1a9d2a7a081236c5092768eaa7d9c50eba0176b71e2acf3",
    "fra-pol": "498f449e44d297ee264ba13730598ba57f05020df28c64d75fcdd66d7a566b1c",
    "pol-fra": "9c564e9fa76b2f9285750906dc017c02bb62cfdb0ca015cfe61000ea936c9b6f",
    "fra-bul": "3328b6183408433dec5274fe435ead27562246e332804e008c178b625297b250",
    "fra-jpn": "320d31620f528d4534a1b9b53644d71343607af5c72fc3c5465cb53190b61c31",
    "fra-ell": "43ebe084353f4eea5a176b65ebccbc3c0d087c9d062f0d63b5d98f4ac377a5aa",
    "ell-fra": "d85f7a4d787dd18ad314dfc298d2dec156eb439f657232646c5ff020aa2d3210",
    "fin-eng": "7abc28d885e36b4e9e5d41c0a7f951fac33cca1d996602fa4a87a0c96934c6bf",
    "eng-fin": "037351c22b6f803358517d0293bab9619f6bef964e22cab68f63a174b5d22ebe",
    "pol-eng": "bb89dccd16967ebe5bdd9ca930cdfc17a6f1527ebae207b99183cbfa8692eeaa",
    "eng-bul": "91e23fe0ec1dfff19b27d302d7fba32fcc93f95e9b8965939d6f4c966e478389",
    "eng-jpn": "3d06a55a8fa16a529b9f95b8d2fe3f7163700cea03aa7ee5b53c40dcdd6c6868",
    "ell-eng": "4a6f9adeb8e085b8a807bf62dd67468dbbbb16ea7299ab41cdddb29e7d404242",
}
CLASSES = {"n": "noun", "v": "verb", "adj": "adjective", "adv": "adverb"}
# Of one French word, as one part of speech; and spelled alike, from 0 to 1.
MOST, ALIKE = 4, 0.75
FRENCH, ENGLISH = re.compile(r"[a-zà-ÿœ' -]{3,30}"), re.compile(r"[a-z' -]{3,30}")
MOST_WORDS = 3


def text(folder, pair):
    name = f"dict-freedict-{pair}_{VERSION}_all.deb"
    path = folder / name
    if hashlib.sha256(path.read_bytes()).hexdigest() != PACKAGES[pair]:
        sys.exit(f"{name} is another file than the pinned one")
    out = folder / pair
    subprocess.run(["dpkg-deb", "-x", path, out], check=True)
    found = gzip.decompress((out / "usr/share/dictd" / f"freedict-{pair}.dict.dz").read_bytes()).decode("utf-8")
    if "Creative Commons Attribution-ShareAlike 3.0" not in found[:5000]:
        sys.exit(f"{name} does not say that it is under CC BY-SA 3.0")
    return found


def form(word):
    word = re.sub(r"\(.*?\)|\[.*?\]", "", word).replace("’", "'").strip().lower()
    if re.search("[а-яα-ω]", word):
        # Stress, which one dictionary marks and the other does not.
        word = re.sub("[\u0300\u0301]", "", unicodedata.normalize("NFD", word))
    return unicodedata.normalize("NFC", word)


def pairs(folder, pair, turned):
    """Word, part of speech, translation. Below its head, an entry has translations and explanations line by line."""
    found, head, seen = set(), None, False
    for line in text(folder, pair).splitlines():
        begins = re.fullmatch(r"(.*?) (?:/.*/ )?<([^<>]+)>", line)
        if begins:
            head = form(begins.group(1).split(" /")[0])
            kind, seen = CLASSES.get(begins.group(2).split(",")[0]), False
            continue
        numbered = re.fullmatch(r"\d+\. (.*)", line)
        if not head or not line.strip() or seen and not numbered:
            continue
        seen = True
        for other in re.split("[,;，、]", numbered.group(1) if numbered else line):
            other = form(other)
            if kind and other:
                found.add((other, kind, head) if turned else (head, kind, other))
    return found


def bare(word):
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))


def alike(one, other):
    return len(one) > 4 and difflib.SequenceMatcher(None, bare(one), other).ratio() >= ALIKE


def main():
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        if len(sys.argv) > 1:
            for package in pathlib.Path(sys.argv[1]).glob("*.deb"):
                (folder / package.name).write_bytes(package.read_bytes())
        else:
            names = [f"dict-freedict-{pair}={VERSION}" for pair in PACKAGES]
            subprocess.run(["apt-get", "download", "-q", *names], check=True, cwd=folder)
        french, english = collections.defaultdict(set), collections.defaultdict(set)
        for pair in PACKAGES:
            first, second = pair.split("-")
            if "fra" in (first, second):
                french[second if first == "fra" else first] |= pairs(folder, pair, second == "fra")
            else:
                english[second if first == "eng" else first] |= pairs(folder, pair, first == "eng")
    # French word and part of speech → English word → language → the words that lead there.
    ways = collections.defaultdict(lambda: collections.defaultdict(lambda: collections.defaultdict(set)))
    for language in sorted(french):
        across = collections.defaultdict(set)
        for other, kind, word in english[language]:
            across[other, kind].add(word)
        for word, kind, other in french[language]:
            for one in across[other, kind]:
                ways[word, kind][one][language].add(other)
    table = {}
    for (word, kind), found in sorted(ways.items()):
        if not FRENCH.fullmatch(word) or len(word.split()) > MOST_WORDS:
            continue
        ranked = sorted((-len(by), -sum(map(len, by.values())), one) for one, by in found.items() if ENGLISH.fullmatch(one) and len(one.split()) <= MOST_WORDS)
        best = -ranked[0][0] if ranked else 0
        kept = [one for languages, _, one in ranked if -languages >= 2 and -languages * 2 >= best or best < 2 and alike(word, one)]
        own = table.setdefault(word, [])
        own += [one for one in kept[:MOST] if one not in own]
    lines = [f"{word}\t{'|'.join(found)}" for word, found in sorted(table.items()) if found]
    packed = zstandard.ZstdCompressor(level=19, write_content_size=True).compress("\n".join(lines).encode("utf-8"))
    TARGET.write_bytes(packed)
    print(f"{len(lines)} words, packed {len(packed)}", file=sys.stderr)


main()
