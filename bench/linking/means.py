#!/usr/bin/env python3
"""Writes src/cluster/means.toml: the mean vector of each language.

means.py DATA... > src/cluster/means.toml

DATA are stores. For each language the mean of its articles' text vectors is taken, each of length one;
`other`, for languages with fewer than LEAST articles, is the mean of those means. Needs numpy.
"""
import collections
import sqlite3
import sys

import numpy as np

LEAST = 20


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    vectors = collections.defaultdict(list)
    for data in sys.argv[1:]:
        rows = sqlite3.connect(data + "/vigie.db").execute(
            "SELECT a.lang, v.scale, v.steps FROM vector v JOIN article a ON a.rowid = v.article WHERE v.part = 'text'"
        )
        for lang, scale, steps in rows:
            if lang:
                vectors[lang].append(np.frombuffer(steps, dtype=np.int8).astype(np.float64) * scale)
    means = {lang: np.mean(own, axis=0) for lang, own in vectors.items() if len(own) >= LEAST}
    means["other"] = np.mean(list(means.values()), axis=0)
    print("# Written by bench/linking/means.py.")
    for lang, mean in sorted(means.items()):
        scale = np.abs(mean).max() / 127
        steps = np.round(mean / scale).astype(int)
        print(f'\n[{lang}]\nscale = {scale:.8f}\nsteps = "' + "".join(f"{step & 255:02x}" for step in steps) + '"')


if __name__ == "__main__":
    main()
