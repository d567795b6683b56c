#!/usr/bin/env python3
"""Fits src/cluster/linking.toml.

fit.py NAME:PAIRS.csv:URLS.tsv:TRUTH.tsv ... [--out linking.toml]

PAIRS   what `cargo bench --bench linking -- --pairs DATA` prints of a store
URLS    id and url of its articles:  sqlite3 DATA/vigie.db "select id, url from article" -separator $'\\t'
TRUTH   url, story, language

Each stream is a set of articles with known stories. Stories are dealt into five folds; every figure printed is of
pairs and stories whose weights were fitted without them. Needs numpy and scikit-learn.
"""
import collections
import csv
import itertools
import sys

import numpy as np
from sklearn.linear_model import LogisticRegression

WITH = ["text", "title", "titles", "names", "named", "numbers", "days", "other_language"]
WITHOUT = ["names", "named", "common", "numbers", "words", "title_words", "chinese", "days", "other_language"]
LOGGED = {"named", "numbers"}
FOLDS = 5
FLOOR = -3.0


def load(spec):
    name, pairs, urls, truth = spec.split(":")
    url = dict(line.rstrip("\n").split("\t") for line in open(urls, encoding="utf-8"))
    story, lang = {}, {}
    for line in open(truth, encoding="utf-8"):
        u, s, g = line.rstrip("\n").split("\t")
        story[u], lang[u] = s, g
    ids = sorted(i for i in url if url[i] in story)
    at = {i: n for n, i in enumerate(ids)}
    rows, ends = [], []
    for row in csv.DictReader(open(pairs, encoding="utf-8")):
        if row["one"] in at and row["other"] in at:
            ends.append((at[row["one"]], at[row["other"]]))
            rows.append({k: float(v) for k, v in row.items() if k not in ("one", "other")})
    values = {k: np.array([r[k] for r in rows]) for k in rows[0]}
    for k in LOGGED:
        values[k] = np.log1p(values[k])
    stories = np.array([story[url[i]] for i in ids])
    langs = np.array([lang[url[i]] for i in ids])
    ends = np.array(ends)
    return dict(name=name, ends=ends, values=values, stories=stories, langs=langs,
                same=stories[ends[:, 0]] == stories[ends[:, 1]])


def matrix(stream, names):
    return np.stack([stream["values"][k] for k in names], 1)


def average_link(n, ends, scores, attach):
    w = np.full((n, n), FLOOR)
    s = np.maximum(scores - attach, FLOOR)
    w[ends[:, 0], ends[:, 1]] = s
    w[ends[:, 1], ends[:, 0]] = s
    np.fill_diagonal(w, -99)
    size, label = np.ones(n), np.arange(n)
    while True:
        i, j = divmod(int(w.argmax()), n)
        if w[i, j] < 0:
            return label
        w[i] = (w[i] * size[i] + w[j] * size[j]) / (size[i] + size[j])
        w[:, i] = w[i]
        w[i, i] = -99
        w[j] = -99
        w[:, j] = -99
        size[i] += size[j]
        label[label == j] = i


def scored(stream, label):
    gold, langs = stream["stories"], stream["langs"]
    n = len(gold)
    g, p = collections.defaultdict(set), collections.defaultdict(set)
    for i in range(n):
        g[gold[i]].add(i)
        p[label[i]].add(i)
    precision = np.mean([len(g[gold[i]] & p[label[i]]) / len(p[label[i]]) for i in range(n)])
    recall = np.mean([len(g[gold[i]] & p[label[i]]) / len(g[gold[i]]) for i in range(n)])
    a, b = np.triu_indices(n, 1)
    cross = langs[a] != langs[b]
    x, y = (gold[a] == gold[b])[cross], (label[a] == label[b])[cross]
    tp, fp, fn = (x & y).sum(), (~x & y).sum(), (x & ~y).sum()
    return 2 * precision * recall / (precision + recall), 2 * tp / (2 * tp + fp + fn), fp


def fitted(streams, names, keep):
    x = np.vstack([matrix(s, names)[keep(s)] for s in streams])
    y = np.concatenate([s["same"][keep(s)] for s in streams])
    return LogisticRegression(C=3.0, max_iter=5000).fit(x, y)


def fit(streams, names, title):
    everybody = sorted(set(itertools.chain.from_iterable(s["stories"] for s in streams)))
    order = np.random.RandomState(7).permutation(len(everybody))
    fold = {everybody[k]: n % FOLDS for n, k in enumerate(order)}
    for s in streams:
        s["fold"] = np.array([fold[x] for x in s["stories"]])
        s["out"] = np.zeros(len(s["ends"]))
        s["n_out"] = np.zeros(len(s["ends"]))
    for k in range(FOLDS):
        both = lambda s: (s["fold"][s["ends"][:, 0]] != k) & (s["fold"][s["ends"][:, 1]] != k)
        model = fitted(streams, names, both)
        for s in streams:
            one = ~both(s)
            s["out"][one] += model.decision_function(matrix(s, names)[one])
            s["n_out"][one] += 1
    model = fitted(streams, names, lambda s: np.ones(len(s["ends"]), bool))
    checkable = {}
    print(f"[{title}]")
    for s in streams:
        s["out"] /= s["n_out"]
        line = []
        for attach in np.arange(-3.0, 1.01, 0.5):
            b3, cross, false = scored(s, average_link(len(s["stories"]), s["ends"], s["out"], attach))
            line.append(f"{attach:+.1f} {b3:.3f}/{cross:.3f} ({false})")
        print(f"  {s['name']:8} " + "  ".join(line))
    weights = dict(zip(names, model.coef_[0]))
    print("  " + "  ".join(f"{k} {v:.2f}" for k, v in weights.items()) + f"  bias {model.intercept_[0]:.2f}")
    return weights, model.intercept_[0]


def main():
    args = sys.argv[1:]
    if not args:
        sys.exit(__doc__)
    streams = [load(a) for a in args if ":" in a]
    with_vectors = [s for s in streams if s["values"]["vectors"].max() > 0]
    if with_vectors:
        fit(with_vectors, WITH, "with_vectors")
    fit([s for s in streams if not s["name"].startswith("hard")] or streams, WITHOUT, "without_vectors")


if __name__ == "__main__":
    main()
