#!/usr/bin/env python3
"""Trains data/reference/languages.bin: the weights by which `identify::language` tells languages of one script apart.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install wordfreq==3.1.1 numpy scipy
    /tmp/venv/bin/python bench/languages/train.py data/reference/languages.bin

Takes the word frequencies that the package wordfreq 3.1.1 ships (data CC BY-SA 4.0, see NOTICE), gives one file of
weights. No running text is read: invented headlines are drawn word by word after the frequencies, which teaches the
same as text would, since no feature reaches across a space. The same seed gives the same file.

A feature is a character n-gram of 1 to 4 within ^word$ or the whole word, hashed (FNV-1a, 32 bits) into 2^BITS slots;
the model is a multinomial logistic regression over the sum of features, its weights one byte each, deflated.
"""
import argparse, math, struct, sys, unicodedata, zlib
import numpy as np
import scipy.sparse as sp
from wordfreq import get_frequency_dict

# Script -> slots (bits) and languages: the code we write, the code wordfreq knows it by.
# Serbian, Croatian and Bosnian are one list there, in Latin letters: `hr` in Latin, `sr` in Cyrillic.
MODELS = {
    "Latn": (14, "en fr de es it pt nl pl tr vi sv da no ro cs sk sl hr id ms fi hu ca lt lv is tl".split()),
    "Cyrl": (13, "ru uk bg sr mk".split()),
    "Arab": (12, "ar fa ur".split()),
}
LISTS = {"no": "nb", "hr": "sh", "sr": "sh", "tl": "fil"}
RANGES = {"Latn": [(0x41, 0x24F), (0x1E00, 0x1EFF)], "Cyrl": [(0x400, 0x52F)], "Arab": [(0x620, 0x64A), (0x66E, 0x6D3)]}
# The languages that this tool is for see more headlines, so that a draw between two goes their way.
WEIGHT = {"fr": 2.0, "en": 2.0, "de": 1.5, "es": 1.5, "it": 1.5, "pt": 1.5, "nl": 1.3, "ru": 2.0, "ar": 1.5, "ms": 0.6,
          "tl": 0.6, "no": 1.4, "ca": 0.6, "is": 0.7, "mk": 0.7}
# Letters that writers in a hurry, telexes and old systems leave off; others (ı, ł, đ …) stay.
UNACCENTED = {"fr": .15, "es": .12, "pt": .12, "it": .08, "ro": .2, "hu": .08, "tr": .08, "cs": .08, "pl": .08, "de": .08,
              "sk": .08, "hr": .1, "ca": .05, "sv": .03, "no": .03, "da": .03, "fi": .03}
TOP = 40_000
CYRILLIC = dict(zip("абвгдђежзијклмнопрстћуфхцчш", "a b v g d đ e ž z i j k l m n o p r s t ć u f h c č š".split()))
LATIN = {v: k for k, v in CYRILLIC.items()} | {"lj": "љ", "nj": "њ", "dž": "џ"}

def cyrillic(word):
    for pair in ("lj", "nj", "dž"): word = word.replace(pair, LATIN[pair])
    return "".join(LATIN.get(c, c) for c in word)

def unaccent(word):
    word = word.replace("ł", "l").replace("ı", "i").replace("ø", "o").replace("đ", "d").replace("ß", "ss")
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))

def words(lang, script):
    """(word, frequency): letters of the script only, cut at apostrophes as the reader cuts."""
    found = {}
    for word, freq in list(get_frequency_dict(LISTS.get(lang, lang), wordlist="best").items())[:TOP]:
        if lang == "sr": word = cyrillic(word)
        word = unicodedata.normalize("NFC", word).replace("i̇", "i")
        for part in word.replace("’", "'").split("'"):
            if part and all(c.isalpha() and any(a <= ord(c) <= b for a, b in RANGES[script]) for c in part):
                found[part] = found.get(part, 0.0) + freq
    return list(found.items())

def fnv(data):
    h = 0x811C9DC5
    for b in data: h = ((h ^ b) * 0x01000193) & 0xFFFFFFFF
    return h

def features(word, bits):
    """Slots of a word. The n of an n-gram is hashed with it, and a whole word is told from a 4-gram by a mark."""
    chars = "^" + word + "$"
    grams = [chars[i:i + n] for n in (1, 2, 3, 4) for i in range(len(chars) - n + 1) if chars[i:i + n] not in "^$"]
    if len(word) > 2: grams.append("=" + word)
    slots = []
    for gram in grams:
        h = fnv(gram.encode())
        slots.append((h ^ (h >> 15)) & ((1 << bits) - 1))
    return slots

def train(script, args, rng):
    bits, langs = MODELS[script]
    vocab, index, per = [], {}, []
    for lang in langs:
        ids, freqs = [], []
        for word, freq in words(lang, script):
            for form, share in ((word, 1.0), (unaccent(word), UNACCENTED.get(lang, 0))):
                if share and (form != word or share == 1.0):
                    if form not in index:
                        index[form] = len(vocab); vocab.append(form)
                    ids.append(index[form]); freqs.append(freq * share)
        per.append((np.array(ids), np.array(freqs)))
    rows, cols, vals = [], [], []
    for i, word in enumerate(vocab):
        slots = features(word, bits)
        rows += [i] * len(slots); cols += slots; vals += [1.0] * len(slots)
    table = sp.csr_matrix((np.array(vals, np.float32), (rows, cols)), shape=(len(vocab), 1 << bits))
    table.sum_duplicates()
    print(script, "words", len(vocab), file=sys.stderr)
    # Headlines: half as text has its words, half with the frequent ones rarer, as headlines leave articles out; one word
    # in twelve is anybody's (a name, a borrowing).
    draws, label = [], []
    everyone = np.concatenate([ids for ids, _ in per])
    for k, (lang, (ids, freqs)) in enumerate(zip(langs, per)):
        count = int(args.samples * WEIGHT.get(lang, 1.0))
        for power, share in ((1.0, .5), (.7, .5)):
            p = freqs ** power; p /= p.sum()
            lengths = rng.integers(2, 12, int(count * share))
            drawn = rng.choice(ids, lengths.sum(), p=p)
            foreign = rng.random(lengths.sum()) < 1 / 12
            drawn[foreign] = rng.choice(everyone, foreign.sum())
            draws.append((lengths, drawn)); label.append(np.full(len(lengths), k))
    lengths = np.concatenate([l for l, _ in draws]); drawn = np.concatenate([d for _, d in draws])
    y = np.concatenate(label)
    S = sp.csr_matrix((np.ones(len(drawn), np.float32), drawn, np.concatenate([[0], lengths.cumsum()])), shape=(len(y), len(vocab)))
    order = rng.permutation(len(y)); S = S[order]; y = y[order]
    W = np.zeros((1 << bits, len(langs)), np.float32)
    m, v = np.zeros_like(W), np.zeros_like(W)
    batch, step = 4096, 0
    total = args.epochs * math.ceil(len(y) / batch)
    for epoch in range(args.epochs):
        hits = 0
        for start in range(0, len(y), batch):
            X = (S[start:start + batch] @ table).tocsr(); t = y[start:start + batch]
            z = X @ W; z -= z.max(1, keepdims=True); p = np.exp(z); p /= p.sum(1, keepdims=True)
            hits += (p.argmax(1) == t).sum()
            p[np.arange(len(t)), t] -= 1
            g = (X.T @ p) / len(t) + args.decay * W
            step += 1; rate = args.rate * (1 - step / (total + 1))
            m = .9 * m + .1 * g; v = .999 * v + .001 * g * g
            W -= rate * (m / (1 - .9 ** step)) / (np.sqrt(v / (1 - .999 ** step)) + 1e-8)
        print(script, "epoch", epoch, "right", hits / len(y), file=sys.stderr)
    return langs, bits, W

def pack(script, langs, bits, W, step):
    """Magic-less block: script (4 bytes), bits, count, scale (f32), the codes (2 bytes each), weights slot by slot."""
    W = W - W.mean(1, keepdims=True)
    Q = np.clip(np.round(W / step), -127, 127).astype(np.int8)
    head = script.encode() + struct.pack("<BBf", bits, len(langs), step) + "".join(langs).encode()
    return head + Q.tobytes()

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("out")
    parser.add_argument("--samples", type=int, default=16_000)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--rate", type=float, default=.02)
    parser.add_argument("--decay", type=float, default=1e-6)
    parser.add_argument("--step", type=float, default=.06)
    parser.add_argument("--dump")
    args = parser.parse_args()
    rng = np.random.default_rng(20261123)
    blocks = b""
    for script in MODELS:
        langs, bits, W = train(script, args, rng)
        if args.dump: np.save(f"{args.dump}-{script}.npy", W)
        blocks += pack(script, langs, bits, W, args.step)
    packed = zlib.compress(blocks, 9)
    open(args.out, "wb").write(packed)
    print(len(blocks), "bytes,", len(packed), "deflated", file=sys.stderr)
