"""One peer over all rows: `peer.py NAME ROWS OUT`, JSON lines in, JSON lines out.

Each is called as its documentation says, with its default settings, on the page as text and its address; what it gives
for text, title, date and authors is taken as it is. The CPU-seconds go to stderr: user and system time of this process
from the first page on, so that imports are not counted.
"""
import gzip
import json
import logging
import pathlib
import re
import sys
import time
import warnings


def decoded(body):
    """The page as text, better than the peers' own decoders take it: they read undeclared and mislabelled pages as noise."""
    declared = re.search(rb"""charset=["']?\s*([\w-]+)""", body[:8192], re.IGNORECASE)
    label = declared[1].decode().lower() if declared else "utf-8"
    for charset in ("gb18030" if label.startswith("gb") else label, "utf-8", "gb18030"):
        try:
            return body.decode(charset)
        except (UnicodeDecodeError, LookupError):
            pass
    # A few broken bytes in a page that is otherwise what it says.
    try:
        return body.decode(label, "replace")
    except LookupError:
        return body.decode("utf-8", "replace")


def trafilatura():
    from trafilatura import bare_extraction

    def read(html, url, lang):
        found = bare_extraction(html, url=url, with_metadata=True)
        if found is None:
            return {}
        authors = [name for name in (found.author or "").split("; ") if name]
        return {"text": found.text, "title": found.title, "published": found.date, "authors": authors}

    return read


def newspaper4k():
    import newspaper
    from newspaper.languages import valid_languages

    languages = set(valid_languages())

    def read(html, url, lang):
        # It wants to be told the language, or takes it from the page's own declaration, or English.
        known = {"language": lang} if lang in languages else {}
        article = newspaper.Article(url, fetch_images=False, **known)
        article.download(input_html=html)
        article.parse()
        date = article.publish_date.isoformat() if article.publish_date else None
        return {"text": article.text, "title": article.title, "published": date, "authors": article.authors}

    return read


def readability():
    import lxml.html
    from readability import Document

    def read(html, url, lang):
        page = Document(html, url=url)
        # It gives markup; its blocks are the paragraphs.
        tree = lxml.html.fromstring(page.summary())
        for element in tree.iter("p", "div", "br", "li", "h1", "h2", "h3", "h4", "tr", "blockquote"):
            element.tail = "\n" + (element.tail or "")
        return {"text": tree.text_content(), "title": page.short_title(), "published": None, "authors": []}

    return read


def main(name, rows, out):
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    read = {"trafilatura": trafilatura, "newspaper4k": newspaper4k, "readability-lxml": readability}[name]()
    folder = pathlib.Path(rows).parent
    start = time.process_time()
    with open(rows, encoding="utf-8") as lines, open(out, "w", encoding="utf-8") as answers:
        for line in lines:
            row = json.loads(line)
            body = (folder / row["file"]).read_bytes()
            if row["file"].endswith(".gz"):
                body = gzip.decompress(body)
            try:
                answer = read(decoded(body), row["url"], row.get("lang"))
            except Exception as error:  # a page that a peer fails on is a page without an answer
                answer = {"error": f"{type(error).__name__}: {error}"[:200]}
            answers.write(json.dumps({"id": row["id"], **answer}, ensure_ascii=False) + "\n")
    print(time.process_time() - start, file=sys.stderr)


main(*sys.argv[1:])
