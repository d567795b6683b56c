#!/usr/bin/env python3
"""Writes tests/onnx: a tiny transformer of invented weights, tokenizers of three kinds, and the vectors they give.

make-onnx-fixture.py        needs numpy, onnx, onnxruntime and tokenizers

The model is built as sentence transformers are when they are exported: tokens, positions and types are looked up, one
layer of attention heeds the mask, and both the tokens' vectors and their mean come out. Words of one meaning in English,
French and Chinese have nearly the same weights, so that it is of use for something. The vectors are worked out in numpy,
from the weights and not from the file, and held against onnxruntime.
"""
import json
import math
import pathlib

import numpy as np
import onnx
import onnxruntime
import tokenizers
from onnx import TensorProto, helper, numpy_helper

DIM = 16
POSITIONS = 32
FOLDER = pathlib.Path(__file__).parent.parent / "tests/onnx"
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
# One meaning a line.
MEANINGS = [
    "ferry bac 渡 轮", "night nuit 夜 间", "thursday jeudi 周 四", "sails reprend 恢 复",
    "library bibliotheque 图 书 馆", "bridge pont 桥", "mayor maire 市 长", "opens ouvre 开 放",
    "storm tempete 风 暴", "harbour port 港 口", "school ecole 学 校", "bread pain 面 包",
    "the le la 的", "in dans a 在", "##s ##es",
]
WORDS = [word for line in MEANINGS for word in line.split()]
VOCABULARY = SPECIAL + WORDS
TEXTS = [
    "The night ferry sails Thursday",
    "Le bac de nuit reprend jeudi",
    "夜间渡轮周四恢复",
    "library",
    "the bridges in the harbour",
    "",
    "the school opens " * 20,
]
MOST_TOKENS = 24


def weights():
    dice = np.random.RandomState(20)
    meanings = {word: n for n, line in enumerate(MEANINGS) for word in line.split()}
    of_meaning = dice.normal(size=(len(MEANINGS), DIM))
    words = [
        0.1 * dice.normal(size=DIM) if word in SPECIAL else of_meaning[meanings[word]] + 0.1 * dice.normal(size=DIM)
        for word in VOCABULARY
    ]
    small = lambda *shape: 0.1 * dice.normal(size=shape)
    return {
        "words": np.array(words),
        "positions": 0.05 * dice.normal(size=(POSITIONS, DIM)),
        "types": 0.05 * dice.normal(size=(2, DIM)),
        "query": small(DIM, DIM), "key": small(DIM, DIM), "value": small(DIM, DIM) + np.eye(DIM) * 0.3,
        "gain": 1 + small(DIM), "shift": small(DIM),
    }


def forward(w, ids):
    """Every token's vector."""
    x = w["words"][ids] + w["positions"][: len(ids)] + w["types"][0]
    scores = (x @ w["query"]) @ (x @ w["key"]).T / math.sqrt(DIM)
    scores = np.exp(scores - scores.max(axis=1, keepdims=True))
    x = x + scores / scores.sum(axis=1, keepdims=True) @ (x @ w["value"])
    centred = x - x.mean(axis=1, keepdims=True)
    return centred / np.sqrt((centred**2).mean(axis=1, keepdims=True) + 1e-5) * w["gain"] + w["shift"]


def model(w):
    constants = [numpy_helper.from_array(value.astype(np.float32), name) for name, value in w.items()]
    number = lambda name, value, kind: constants.append(numpy_helper.from_array(np.array(value, dtype=kind), name))
    number("root", math.sqrt(DIM), np.float32)
    number("far", -1e4, np.float32)
    number("one", 1, np.float32)
    number("epsilon", 1e-5, np.float32)
    number("least", 1e-9, np.float32)
    number("zero", 0, np.int64)
    number("step", 1, np.int64)
    number("second", 1, np.int64)
    number("heads", [1], np.int64)
    number("last", [-1], np.int64)
    node = helper.make_node
    nodes = [
        # As many positions as there are tokens.
        node("Shape", ["input_ids"], ["shape"]),
        node("Gather", ["shape", "second"], ["length"]),
        node("Range", ["zero", "length", "step"], ["places"]),
        node("Gather", ["positions", "places"], ["placed"]),
        node("Gather", ["words", "input_ids"], ["spelt"]),
        node("Gather", ["types", "token_type_ids"], ["typed"]),
        node("Add", ["spelt", "typed"], ["both"]),
        node("Add", ["both", "placed"], ["x"]),
        # What is only padding is far off.
        node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
        node("Unsqueeze", ["mask", "heads"], ["row"]),
        node("Sub", ["one", "row"], ["padding"]),
        node("Mul", ["padding", "far"], ["off"]),
        node("MatMul", ["x", "query"], ["q"]),
        node("MatMul", ["x", "key"], ["k"]),
        node("MatMul", ["x", "value"], ["v"]),
        node("Transpose", ["k"], ["turned"], perm=[0, 2, 1]),
        node("MatMul", ["q", "turned"], ["raw"]),
        node("Div", ["raw", "root"], ["scaled"]),
        node("Add", ["scaled", "off"], ["scores"]),
        node("Softmax", ["scores"], ["heed"], axis=-1),
        node("MatMul", ["heed", "v"], ["context"]),
        node("Add", ["x", "context"], ["sum"]),
        node("ReduceMean", ["sum"], ["mean"], axes=[-1], keepdims=1),
        node("Sub", ["sum", "mean"], ["centred"]),
        node("Mul", ["centred", "centred"], ["squared"]),
        node("ReduceMean", ["squared"], ["variance"], axes=[-1], keepdims=1),
        node("Add", ["variance", "epsilon"], ["eased"]),
        node("Sqrt", ["eased"], ["deviation"]),
        node("Div", ["centred", "deviation"], ["standard"]),
        node("Mul", ["standard", "gain"], ["gained"]),
        node("Add", ["gained", "shift"], ["last_hidden_state"]),
        node("Unsqueeze", ["mask", "last"], ["column"]),
        node("Mul", ["last_hidden_state", "column"], ["counted"]),
        node("ReduceSum", ["counted", "heads"], ["total"], keepdims=0),
        node("ReduceSum", ["column", "heads"], ["number"], keepdims=0),
        node("Clip", ["number", "least"], ["some"]),
        node("Div", ["total", "some"], ["sentence_embedding"]),
    ]
    value = helper.make_tensor_value_info
    graph = helper.make_graph(
        nodes,
        "tiny",
        [value(name, TensorProto.INT64, ["batch", "sequence"]) for name in ["input_ids", "attention_mask", "token_type_ids"]],
        [
            value("last_hidden_state", TensorProto.FLOAT, ["batch", "sequence", DIM]),
            value("sentence_embedding", TensorProto.FLOAT, ["batch", DIM]),
        ],
        constants,
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8, producer_name="vigie")
    onnx.checker.check_model(made, full_check=True)
    return made


def around(first, last):
    """What is put around a text."""
    piece = lambda name: {"SpecialToken": {"id": name, "type_id": 0}}
    token = lambda name: {"id": name, "ids": [VOCABULARY.index(name)], "tokens": [name]}
    return {
        "type": "TemplateProcessing",
        "single": [piece(first), {"Sequence": {"id": "A", "type_id": 0}}, piece(last)],
        "pair": [piece(first), {"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 0}}, piece(last)],
        "special_tokens": {first: token(first), last: token(last)},
    }


def tokenizer(kind):
    added = [
        {"id": n, "content": name, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
        for n, name in enumerate(SPECIAL)
    ]
    whole = {
        "version": "1.0",
        # As they stand in many such files: what is said here of lengths is meant for training.
        "truncation": {"direction": "Right", "max_length": 6, "strategy": "LongestFirst", "stride": 0},
        "padding": {"strategy": {"Fixed": 12}, "direction": "Right", "pad_to_multiple_of": None, "pad_id": 0, "pad_type_id": 0, "pad_token": "[PAD]"},
        "added_tokens": added,
        "post_processor": around("[CLS]", "[SEP]"),
        "decoder": None,
    }
    number = {word: n for n, word in enumerate(VOCABULARY)}
    if kind == "wordpiece":
        whole["normalizer"] = {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None, "lowercase": True}
        whole["pre_tokenizer"] = {"type": "BertPreTokenizer"}
        whole["model"] = {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100, "vocab": number}
    elif kind == "unigram":
        # A word with the blank before it, and each character that is one; the same numbers.
        spelt = [word if word in SPECIAL or not word.isascii() else "▁" + word for word in VOCABULARY]
        spelt[VOCABULARY.index("##s")] = "s"
        whole["normalizer"] = {"type": "Sequence", "normalizers": [{"type": "NFKC"}, {"type": "Lowercase"}]}
        whole["pre_tokenizer"] = {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True}
        whole["model"] = {"type": "Unigram", "unk_id": 1, "vocab": [[piece, -1.0 - len(piece) / 100] for piece in spelt], "byte_fallback": False}
    else:
        # Two words and what they are made of, byte by byte; the pieces on the way take numbers of other words.
        merges = [("b", "a"), ("ba", "c"), ("p", "o"), ("po", "n"), ("pon", "t")]
        pieces = ["bac", "pont", "b", "a", "c", "p", "o", "n", "t", "ba", "po", "pon", "Ġ"]
        numbers = [number["bac"], number["pont"]] + list(range(30, 30 + len(pieces) - 2))
        whole["normalizer"] = {"type": "Lowercase"}
        whole["pre_tokenizer"] = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
        whole["model"] = {"type": "BPE", "dropout": None, "unk_token": "[UNK]", "continuing_subword_prefix": None, "end_of_word_suffix": None, "fuse_unk": False, "byte_fallback": False, "vocab": {**{name: n for n, name in enumerate(SPECIAL)}, **dict(zip(pieces, numbers))}, "merges": [list(pair) for pair in merges]}
    return json.dumps(whole, ensure_ascii=False, indent=0)


def unit(vector):
    return [round(float(value), 6) for value in vector / np.linalg.norm(vector)]


def main():
    FOLDER.mkdir(exist_ok=True)
    w = {name: value.astype(np.float32).astype(np.float64) for name, value in weights().items()}
    made = model(w)
    onnx.save(made, FOLDER / "model.onnx")
    session = onnxruntime.InferenceSession(made.SerializeToString())
    cases = []
    for kind in ["wordpiece", "unigram", "bpe"]:
        text = tokenizer(kind)
        (FOLDER / ("tokenizer.json" if kind == "wordpiece" else kind + ".json")).write_text(text, encoding="utf-8")
        reader = tokenizers.Tokenizer.from_str(text)
        reader.no_padding()
        reader.enable_truncation(MOST_TOKENS)
        for sentence in TEXTS if kind != "bpe" else ["bac pont", "PONT bac bac"]:
            ids = reader.encode(sentence).ids
            assert ids[0] == 2 and ids[-1] == 3 and len(ids) <= MOST_TOKENS, ids
            tokens = forward(w, ids)
            feeds = {
                "input_ids": np.array([ids]),
                "attention_mask": np.ones((1, len(ids)), dtype=np.int64),
                "token_type_ids": np.zeros((1, len(ids)), dtype=np.int64),
            }
            of_tokens, of_text = session.run(None, feeds)
            assert np.abs(of_tokens[0] - tokens).max() < 1e-5 and np.abs(of_text[0] - tokens.mean(axis=0)).max() < 1e-5
            mean, first = unit(tokens.mean(axis=0)), unit(tokens[0])
            cases.append({"tokenizer": kind, "text": sentence, "ids": ids, "mean": mean, "cls": first})
    lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases)
    (FOLDER / "expected.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    for case in cases:
        print(case["tokenizer"], case["ids"], case["text"][:40])


if __name__ == "__main__":
    main()
