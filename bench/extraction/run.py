#!/usr/bin/env python3
"""vigie and its peers over the same pages: `bench/extraction/run.py [DIR] [--only NAME,…] [--vigie PROGRAM] [--out DIR]`.

Makes a virtual environment with the pinned peers, runs each in one process on one core, and prints what each got right
and how many pages it read per CPU-second. Without DIR the pages are those of tests/pages. See README.md.
"""
import argparse
import datetime
import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import tomllib
import venv
import zoneinfo

import score

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PEERS = ["trafilatura", "newspaper4k", "readability-lxml"]


def of_the_repository(folder):
    """Truth for tests/pages, in the shape that README.md describes."""
    with open(folder / "truth.jsonl", "w", encoding="utf-8") as out:
        for page in sorted((ROOT / "tests/pages").rglob("*.html")):
            # Those are read by the rules of their sources, and say what the rules find.
            if page.parent.name == "rules":
                continue
            table = tomllib.loads(page.with_suffix(".toml").read_text(encoding="utf-8"))
            gold = page.with_suffix(".txt")
            published, local = table.get("published"), None
            if published and len(published) > 10:
                # An instant is a day of the page's own zone, and maybe another in UTC.
                at = datetime.datetime.fromisoformat(published)
                local = at.astimezone(zoneinfo.ZoneInfo(table["zone"])).date().isoformat()
            truth = {
                "id": page.stem,
                "subset": page.stem.split("-")[0],
                "file": str(page),
                "lang": page.stem.split("-")[0],
                "url": table["url"],
                "text": gold.read_text(encoding="utf-8") if gold.exists() else None,
                "title": table.get("title"),
                "published": local or published,
                "published_alt": published and published[:10],
                "authors": table.get("authors"),
                "must_have": table["has"],
                "must_not_have": table["lacks"],
            }
            out.write(json.dumps(truth, ensure_ascii=False) + "\n")
    return folder


def environment():
    """The Python that has the peers."""
    place = ROOT / "target/bench-peers"
    python = place / "bin/python"
    wanted = (HERE / "requirements.txt").read_text()
    mark = place / "installed.txt"
    if not mark.exists() or mark.read_text() != wanted:
        venv.create(place, with_pip=True, clear=True)
        install = [python, "-m", "pip", "install", "--quiet"]
        subprocess.run([*install, "--upgrade", "pip"], check=True)
        subprocess.run([*install, "--requirement", HERE / "requirements.txt"], check=True)
        mark.write_text(wanted)
    return python


def read_lines(path):
    # Not `splitlines`: U+2028 stands in articles.
    with open(path, encoding="utf-8", newline="\n") as lines:
        return [json.loads(line) for line in lines]


def one_core():
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def run_vigie(program, rows, out):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with open(out, "wb") as answers:
        command = [program, "inspect", "page", "--batch", rows]
        subprocess.run(command, stdout=answers, check=True, preexec_fn=one_core)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def run_peer(python, name, rows, out):
    command = [python, HERE / "peer.py", name, rows, out]
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False, preexec_fn=one_core)
    if done.returncode != 0:
        sys.exit(f"{name} failed:\n{done.stderr}")
    return float(done.stderr.split()[-1])


def tables(truths, answers, seconds):
    def shown(value):
        return "–" if value is None else f"{value:.3f}"

    subsets = sorted({truth["subset"] for truth in truths})
    print("| pages | extractor | F1 | passages F1 | exact title | same day | wrong day | authors |")
    print("|---|---|---|---|---|---|---|---|")
    for subset in [*subsets, None]:
        for name, found in answers.items():
            total = score.Score()
            for truth in truths:
                if subset in (truth["subset"], None):
                    total.add(truth, found.get(truth["id"], {}))
            gives = {key for answer in found.values() for key in answer if answer[key]}
            fields = [("title", "title"), ("date", "published"), ("wrong", "published"), ("authors", "authors")]
            # What an extractor never gives it does not get wrong either.
            shares = [total.share(what) if key in gives else None for what, key in fields]
            cells = [shown(value) for value in (total.f1(), total.passage_f1(), *shares)]
            print(f"| {subset or 'all'} ({total.pages}) | {name} | " + " | ".join(cells) + " |")
    print("\n| extractor | pages per CPU-second | times trafilatura | without an answer |")
    print("|---|---|---|---|")
    rates = {name: len(truths) / spent for name, spent in seconds.items()}
    for name, rate in rates.items():
        ratio = f"{rate / rates['trafilatura']:.1f}" if "trafilatura" in rates else "–"
        silent = sum(not answers[name].get(truth["id"], {}).get("text") for truth in truths)
        print(f"| {name} | {rate:.0f} | {ratio} | {silent} |")


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("dir", nargs="?", type=pathlib.Path)
    options.add_argument("--only", help="names of extractors, with commas between")
    options.add_argument("--vigie", type=pathlib.Path, help="a program that is built already")
    options.add_argument("--out", type=pathlib.Path, help="where to leave the answers")
    options = options.parse_args()
    names = options.only.split(",") if options.only else ["vigie", *PEERS]
    if strangers := set(names) - {"vigie", *PEERS}:
        sys.exit(f"no extractor {', '.join(sorted(strangers))}; there are vigie, {', '.join(PEERS)}")
    with tempfile.TemporaryDirectory() as place:
        place = pathlib.Path(place)
        folder = (options.dir or of_the_repository(place)).resolve()
        out = options.out or place
        out.mkdir(parents=True, exist_ok=True)
        truths = read_lines(folder / "truth.jsonl")
        rows = place / "rows.jsonl"
        with open(rows, "w", encoding="utf-8") as listed:
            for truth in truths:
                row = {"id": truth["id"], "file": str(folder / truth["file"]), "url": truth["url"], "lang": truth.get("lang")}
                listed.write(json.dumps(row) + "\n")
        answers, seconds = {}, {}
        python = environment() if set(names) & set(PEERS) else None
        program = options.vigie
        if "vigie" in names and program is None:
            subprocess.run(["cargo", "build", "--release", "--locked"], cwd=ROOT, check=True)
            program = ROOT / "target/release/vigie"
        for name in names:
            file = out / f"{name}.jsonl"
            run = run_vigie(program, rows, file) if name == "vigie" else run_peer(python, name, rows, file)
            seconds[name] = run
            answers[name] = {answer["id"]: answer for answer in read_lines(file)}
        tables(truths, answers, seconds)


main()
