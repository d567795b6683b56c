#!/usr/bin/env python3
"""Writes src/cluster/means.toml and src/cluster/damped.toml: what is taken off vectors before they are compared.

means.py DIR DATA...        writes means.toml and damped.toml into DIR

DATA are stores. For each language the mean of its articles' text vectors is taken; `other`, for languages with fewer
than LEAST articles, is the mean of those means. What is left of the vectors once their language's mean is off differs
most in a few directions (sport or politics, report or comment), which say little of which event it is: the DAMPED
strongest are kept in part only, as much as a whitening of half strength would. Needs numpy.
"""
import collections
import pathlib
import sqlite3
import sys

import numpy as np

LEAST = 20
DAMPED = 64
# A direction is divided by (its variance / the largest + EASE) ** (STRENGTH / 2).
STRENGTH = 0.5
EASE = 0.02


def row(values):
    scale = np.abs(values).max() / 127
    steps = np.round(values / scale).astype(int)
    return f'scale = {scale:.8f}\nsteps = "' + "".join(f"{step & 255:02x}" for step in steps) + '"\n'


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    vectors = collections.defaultdict(list)
    for data in sys.argv[2:]:
        rows = sqlite3.connect(data + "/vigie.db").execute(
            "SELECT a.lang, v.scale, v.steps FROM vector v JOIN article a ON a.rowid = v.article WHERE v.part = 'text'"
        )
        for lang, scale, steps in rows:
            if lang:
                vectors[lang].append(np.frombuffer(steps, dtype=np.int8).astype(np.float64) * scale)
    vectors = {lang: np.array(own) for lang, own in vectors.items() if len(own) >= LEAST}
    if not vectors:
        sys.exit(f"no language has {LEAST} articles with a vector")
    means = {lang: own.mean(axis=0) for lang, own in vectors.items()}
    rest = np.vstack([own - means[lang] for lang, own in vectors.items()])
    means["other"] = np.mean(list(means.values()), axis=0)
    directory = pathlib.Path(sys.argv[1])
    with open(directory / "means.toml", "w", encoding="utf-8") as out:
        out.write("# Written by bench/linking/means.py.\n")
        for lang, mean in sorted(means.items()):
            out.write(f"\n[{lang}]\n" + row(mean))
    variances, directions = np.linalg.eigh(rest.T @ rest / len(rest))
    variances, directions = variances[::-1], directions[:, ::-1]
    factors = (variances / variances[0] + EASE) ** (-STRENGTH / 2)
    with open(directory / "damped.toml", "w", encoding="utf-8") as out:
        out.write("# Written by bench/linking/means.py: directions, and how much of a vector is kept in each.\n")
        damped = min(DAMPED, len(factors) - 1)
        for n in range(damped):
            out.write(f"\n[[direction]]\nkept = {factors[n] / factors[damped]:.4f}\n" + row(directions[:, n]))


if __name__ == "__main__":
    main()
