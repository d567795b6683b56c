"""What an extractor got right, of truth and answers as `README.md` describes them. Standard library only."""
import collections
import re
import unicodedata

# A Han character or a kana is a token, anything else a run of letters and digits.
UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
TOKEN = re.compile(f"[{UNSPACED}]|[^\\W{UNSPACED}]+")
SHINGLE = 4


def shingles(text):
    tokens = TOKEN.findall(unicodedata.normalize("NFKC", text or "").replace("\u00ad", ""))
    if not tokens:
        return collections.Counter()
    count = max(1, len(tokens) - SHINGLE + 1)
    return collections.Counter(tuple(tokens[at : at + SHINGLE]) for at in range(count))


def overlap(truth, answer):
    """Precision and recall of one page, or None where there is nothing to be precise about or to recall."""
    truth, answer = shingles(truth), shingles(answer)
    both = sum((truth & answer).values())
    precision = both / answer.total() if answer else None
    recall = both / truth.total() if truth else None
    return precision, recall


def folded(text):
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text or "").casefold())


def day(text):
    found = re.search(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})", str(text or ""))
    return "{:04}-{:02}-{:02}".format(*map(int, found.groups())) if found else None


def spaced(text):
    return " ".join((text or "").split())


class Score:
    """Adds up pages. A share is None where no page has the field."""

    def __init__(self):
        self.pages = 0
        self.precision, self.recall = [], []
        self.passages = collections.Counter()
        self.right = collections.Counter()
        self.asked = collections.Counter()

    def add(self, truth, answer):
        self.pages += 1
        if truth.get("text"):
            precision, recall = overlap(truth["text"], answer.get("text"))
            self.precision += [precision] if precision is not None else []
            self.recall += [recall] if recall is not None else []
        if truth.get("must_have"):
            text = spaced(answer.get("text"))
            kept = sum(spaced(words) in text for words in truth["must_have"])
            leaked = sum(spaced(words) in text for words in truth.get("must_not_have") or [])
            self.passages.update(kept=kept, lost=len(truth["must_have"]) - kept, leaked=leaked)
        if truth.get("title"):
            self.note("title", folded(answer.get("title")) == folded(truth["title"]))
        if truth.get("published"):
            found = day(answer.get("published"))
            same = found is not None and found in (truth["published"], truth.get("published_alt"))
            self.note("date", same)
            self.note("wrong", found is not None and not same)
        if truth.get("authors"):
            names = {folded(name) for name in answer.get("authors") or []} - {""}
            self.note("authors", names == {folded(name) for name in truth["authors"]} - {""})

    def note(self, what, right):
        self.asked[what] += 1
        self.right[what] += right

    def share(self, what):
        return self.right[what] / self.asked[what] if self.asked[what] else None

    def f1(self):
        """Of the mean precision and the mean recall, as scrapinghub's article-extraction-benchmark takes it."""
        if not self.recall:
            return None
        mean = lambda values: sum(values) / len(values) if values else 0.0
        precision, recall = mean(self.precision), mean(self.recall)
        return 2 * precision * recall / (precision + recall) if precision + recall else 0.0

    def passage_f1(self):
        kept, wrong = self.passages["kept"], self.passages["lost"] + self.passages["leaked"]
        return 2 * kept / (2 * kept + wrong) if kept + wrong else None
