"""One peer over all rows: `peer.py NAME ROWS OUT`, JSON lines in, JSON lines out.

Each is called as its documentation says, with its default settings, on the bytes of the page and its address; what it
gives for text, title, date and authors is taken as it is. The CPU-seconds go to stderr: user and system time of this
process from the first page on, so that imports are not counted.
"""
import gzip
import json
import logging
import pathlib
import sys
import time
import warnings


def trafilatura():
    from trafilatura import bare_extraction

    def read(body, url):
        found = bare_extraction(body, url=url, with_metadata=True)
        if found is None:
            return {}
        authors = [name for name in (found.author or "").split("; ") if name]
        return {"text": found.text, "title": found.title, "published": found.date, "authors": authors}

    return read


def newspaper4k():
    import newspaper
    from bs4 import UnicodeDammit

    def read(body, url):
        # It decodes what it fetches itself; a page in hand it wants as text.
        html = UnicodeDammit(body, is_html=True).unicode_markup or ""
        article = newspaper.Article(url, fetch_images=False)
        article.download(input_html=html)
        article.parse()
        date = article.publish_date.isoformat() if article.publish_date else None
        return {"text": article.text, "title": article.title, "published": date, "authors": article.authors}

    return read


def readability():
    import lxml.html
    from readability import Document

    def read(body, url):
        page = Document(body, url=url)
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
                answer = read(body, row["url"])
            except Exception as error:  # a page that a peer fails on is a page without an answer
                answer = {"error": f"{type(error).__name__}: {error}"[:200]}
            answers.write(json.dumps({"id": row["id"], **answer}, ensure_ascii=False) + "\n")
    print(time.process_time() - start, file=sys.stderr)


main(*sys.argv[1:])
