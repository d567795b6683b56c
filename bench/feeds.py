#!/usr/bin/env python3
"""Compares `vigie inspect feed` with what feedparser's own tests expect of a lenient parser.

    bench/feeds.py DIRECTORY [--vigie target/debug/vigie] [--list]

DIRECTORY holds `*.xml` as feedparser's `tests/` does: each file opens with a comment `Description: … Expect: <python>`.
The part of an expectation that is in vigie's vocabulary is compared; markup is taken out of both sides, since vigie
keeps plain text, and whitespace does not count. Prints one line a mismatch, then the figures a directory.
"""

import argparse
import ast
import collections
import datetime
import email.utils
import html
import html.parser
import json
import pathlib
import re
import subprocess
import sys
import tempfile

RAW = {"script", "style", "svg", "template", "iframe", "textarea", "noscript", "object", "applet", "embed"}


class Plain(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.out, self.raw = [], []

    def handle_starttag(self, tag, attrs):
        if tag in RAW:
            self.raw.append(tag)

    def handle_endtag(self, tag):
        if tag in self.raw:
            self.raw.remove(tag)

    def handle_data(self, data):
        if not self.raw:
            self.out.append(data)


def plain(text):
    """Plain text of a fragment, without whitespace; what was escaped twice is read twice."""
    parser = Plain()
    parser.feed(str(text))
    parser.close()
    once = html.unescape("".join(parser.out))
    return re.sub(r"[\s\u200b\ufeff\u00ad]+", "", once)


def bare(text):
    """Our side, which is plain text already."""
    return re.sub(r"[\s\u200b\ufeff\u00ad]+", "", text or "")


def same(expected, ours):
    """Equal as plain text; in text/plain a `<` is a `<`."""
    expected = expected or ""
    return any({bare(one)} & {plain(expected), bare(expected)} for one in ours) or not (plain(expected) or any(ours))


def comment(body):
    """The head comment of a file in whatever encoding: its description, expectation and headers."""
    if body[:4] in (b"\xff\xfe\0\0", b"<\0\0\0"):
        text = body.decode("utf-32-le", "replace")
    elif body[:4] in (b"\0\0\xfe\xff", b"\0\0\0<"):
        text = body.decode("utf-32-be", "replace")
    elif body[:2] == b"\xff\xfe" or body[:4] == b"<\0?\0":
        text = body.decode("utf-16-le", "replace")
    elif body[:2] == b"\xfe\xff" or body[:4] == b"\0<\0?":
        text = body.decode("utf-16-be", "replace")
    elif body[:4] == b"\x4c\x6f\xa7\x94":
        text = body.decode("cp037", "replace")
    else:
        text = body.decode("utf-8", "replace")
    found = re.search(r"Expect:\s*(.*?)\s*-->", text, re.S)
    headers = dict(re.findall(r"^(?:Header:\s+)([A-Za-z-]+):\s*(.*?)\s*$", text, re.M))
    return (found.group(1) if found else None), headers


def path(node):
    """`entries[0]['title_detail']['value']` as ('entries', 0, 'title_detail', 'value')."""
    match node:
        case ast.Name(id=name):
            return (name,)
        case ast.Subscript(value=value, slice=ast.Constant(value=key)):
            inner = path(value)
            return inner and inner + (key,)
        case ast.Attribute(value=value, attr=key):
            inner = path(value)
            return inner and inner + (key,)
    return None


def clauses(node):
    if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And):
        for value in node.values:
            yield from clauses(value)
    else:
        yield node


def moment(value):
    """What a date says, in UTC, as a tuple of six."""
    if isinstance(value, (tuple, list)):
        return tuple(value[:6])
    try:
        return email.utils.parsedate_to_datetime(value).astimezone(datetime.timezone.utc).timetuple()[:6]
    except (TypeError, ValueError):
        pass
    try:
        when = datetime.datetime.fromisoformat(value.replace("Z", "+00:00"))
        when = when if when.tzinfo else when.replace(tzinfo=datetime.timezone.utc)
        return when.astimezone(datetime.timezone.utc).timetuple()[:6]
    except (TypeError, ValueError):
        return None


def person(text):
    """`Name (mail@host)` as both, since either may be shown."""
    found = re.fullmatch(r"(.*?)\s*\((.*?)\)\s*", text)
    return {plain(text)} | ({plain(found.group(1)), plain(found.group(2))} if found else set())


SAME = "title title_detail summary summary_detail description link id guid author author_detail authors content".split()
DATES = {
    "published": "published", "published_parsed": "published", "issued": "published", "issued_parsed": "published",
    "created": "published", "created_parsed": "published", "date": "updated", "date_parsed": "updated",
    "updated": "updated", "updated_parsed": "updated", "modified": "updated", "modified_parsed": "updated",
}


def judge(where, expected, answer):
    """None where the clause is outside the vocabulary, else (field, ours, equal)."""
    entries = answer.get("entries", [])
    if where[0] == "version" and isinstance(expected, str):
        ours = answer.get("kind")
        family = "rdf" if expected in ("rss090", "rss10") else re.sub(r"\d+\w?$", "", expected)
        return ("version", ours, ours == family)
    if where[0] == "encoding":
        return ("encoding", answer.get("charset"), None)
    if where[0] == "feed" and len(where) > 1 and where[1] in ("title", "title_detail"):
        if len(where) == 2 or where[2:] == ("value",):
            ours = answer.get("title") or ""
            return ("feed title", ours, same(expected, [ours]))
        return None
    if where[0] == "feed" and where[1:] == ("language",):
        ours = answer.get("lang") or ""
        return ("feed language", ours, ours.lower() == str(expected or "").lower())
    if where[0] != "entries" or len(where) < 3 or not isinstance(where[1], int):
        return None
    if where[1] >= len(entries):
        return ("entry", f"{len(entries)} entries", False)
    entry, key, rest = entries[where[1]], where[2], where[3:]
    if key in DATES and not rest:
        field = DATES[key]
        other = "updated" if field == "published" else "published"
        want = moment(expected)
        if want is None:
            return None
        ours = entry.get(field) or entry.get(other)
        got = ours and (moment(ours) if "T" in ours else moment(ours + "T00:00:00+00:00"))
        return (key, ours, got == want)
    if key == "links" and len(rest) == 2 and rest[1] == "href" and rest[0] == 0:
        return ("link", entry.get("url"), entry.get("url") == expected)
    if key not in SAME:
        return None
    if key == "link" and not rest:
        return ("link", entry.get("url"), (entry.get("url") or "") == expected)
    if key in ("id", "guid") and not rest:
        return ("id", entry.get("id"), (entry.get("id") or "") == expected)
    if key in ("author", "author_detail", "authors") and isinstance(expected, str):
        if key == "author_detail" and rest not in (("name",),):
            return None
        if key == "authors" and not (len(rest) == 2 and rest[1] == "name"):
            return None
        at = rest[0] if key == "authors" else 0
        authors = entry.get("authors", [])
        if key == "author":
            shown = {bare(name) for name in authors} | {bare(", ".join(authors))}
            return ("author", authors, bool(shown & person(expected)) or (not expected and not authors))
        return ("author", authors, at < len(authors) and bare(authors[at]) == plain(expected))
    if key in ("title", "title_detail") and rest in ((), ("value",)):
        ours = entry.get("title") or ""
        return ("title", ours, same(expected, [ours]))
    if key in ("summary", "summary_detail", "description") and rest in ((), ("value",)):
        ours = [entry.get("summary") or ""]
        return ("summary", ours, same(expected, [one for one in ours if one]))
    if key == "content" and len(rest) == 2 and rest[1] == "value":
        ours = [entry.get("text") or "", entry.get("summary") or ""]
        return ("content", ours, same(expected, [one for one in ours if one]))
    return None


def check(expectation, answer):
    """Every clause in our vocabulary: (field, expected, ours, equal)."""
    try:
        tree = ast.parse(expectation.replace("\n", " "), mode="eval").body
    except SyntaxError:
        return
    for clause in clauses(tree):
        match clause:
            case ast.Compare(left=ast.Call(func=ast.Name(id="len"), args=[ast.Name(id="entries")]), ops=[ast.Eq()],
                             comparators=[ast.Constant(value=number)]):
                ours = len(answer.get("entries", []))
                yield ("entries", number, ours, ours == number)
            case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]):
                where = path(left)
                try:
                    expected = ast.literal_eval(right)
                except ValueError:
                    continue
                verdict = where and judge(where, expected, answer)
                if verdict and verdict[2] is not None:
                    yield (verdict[0], expected, verdict[1], verdict[2])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=pathlib.Path)
    parser.add_argument("--vigie", default="target/debug/vigie")
    parser.add_argument("--list", action="store_true", help="one line a mismatch")
    parser.add_argument("--skip", action="append", default=["cdf"], help="directories left out (cdf always)")
    options = parser.parse_args()
    cases = []
    for file in sorted(options.directory.rglob("*.xml")):
        inside = file.relative_to(options.directory)
        if set(inside.parts[:-1]) & set(options.skip):
            continue
        expectation, headers = comment(file.read_bytes())
        cases.append((inside, file, expectation, headers))
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as rows:
        for number, (inside, file, _, headers) in enumerate(cases):
            # feedparser's tests serve the files from this address, and its expectations name it.
            root = "/".join(file.resolve().parts[-len(inside.parts) - 1:])
            row = {"id": str(number), "file": str(file.resolve()),
                   "url": headers.get("Content-Location") or f"http://127.0.0.1:8097/tests/{root}"}
            if row["url"].startswith("/"):
                row["url"] = f"http://127.0.0.1:8097{row['url']}"
            if not row["url"].startswith("http"):
                row["url"] = "http://127.0.0.1:8097/"
            if "Content-type" in headers:
                row["content_type"] = headers["Content-type"]
            rows.write(json.dumps(row) + "\n")
        rows.flush()
        done = subprocess.run([options.vigie, "inspect", "feed", "--batch", rows.name, "--json"],
                              capture_output=True, text=True, check=False)
    answers = {row["id"]: row for row in map(json.loads, done.stdout.splitlines())}
    tally = collections.defaultdict(collections.Counter)
    for number, (inside, _, expectation, _) in enumerate(cases):
        answer = answers.get(str(number), {"error": "no row"})
        group = tally[inside.parts[0] if len(inside.parts) > 1 else "."]
        verdicts = list(check(expectation or "", answer))
        group["files"] += 1
        group["read"] += "error" not in answer
        group["values"] += len(verdicts)
        wrong = [verdict for verdict in verdicts if not verdict[3]]
        group["equal"] += len(verdicts) - len(wrong)
        group["files asserting"] += bool(verdicts)
        group["files equal"] += bool(verdicts) and not wrong
        if options.list:
            if "error" in answer:
                print(f"error\t{inside}\t{answer['error']}\t{expectation}")
            for field, expected, ours, _ in wrong:
                print(f"{field}\t{inside}\twant {expected!r}\tgot {ours!r}")
    total = sum(tally.values(), collections.Counter())
    for name, group in [*sorted(tally.items()), ("all", total)]:
        print(f"{name:16} {group['read']:5} of {group['files']:5} read; values equal {group['equal']:5} of "
              f"{group['values']:5}; files equal {group['files equal']:5} of {group['files asserting']:5}",
              file=sys.stderr if options.list else sys.stdout)


if __name__ == "__main__":
    main()
