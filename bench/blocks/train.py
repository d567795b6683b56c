#!/usr/bin/env python3
"""Trains the judge of lines. See README.md beside this file.

train.py LINES TRUTH [--out judge.model] [--trees N] [--leaves N] [--rate X]

LINES  what `cargo run --example blocks -- rows.jsonl` prints: {id, lines, rows} a page
TRUTH  JSONL: {id, subset, lang, url, outlet, text | must_have + must_not_have}
Prints figures out of fold (folds by registrable domain), then trains on everything and writes the model.
"""
import argparse, collections, os, pickle, json, re, statistics, struct, unicodedata, hashlib
import numpy as np, lightgbm as lgb

TOKEN = re.compile(r'[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]|[^\W\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+')
FOLDS = 5
def tokens(text): return TOKEN.findall(unicodedata.normalize('NFKC', text or '').replace('\u00ad', ''))
def shingles(t, n=4): return collections.Counter(tuple(t[i:i + n]) for i in range(max(1, len(t) - n + 1))) if t else collections.Counter()
def space(s): return re.sub(r'\s+', ' ', s or '').strip()

def label_text(lines, kept, truth):
    """Per line: share of it that is in the truth, at most as often as the truth has it; (label, weight in tokens)."""
    true = tokens(truth); have = shingles(true)
    toks = [tokens(l) for l in lines]
    labels = [None] * len(lines)
    long = [i for i, t in enumerate(toks) if len(t) >= 8]
    left = have.copy()
    # Of twins, the one the rules kept comes first.
    for i in sorted(long, key=lambda i: (not kept[i], i)):
        s = shingles(toks[i]); hit = sum((s & left).values()); labels[i] = hit / sum(s.values())
        if labels[i] >= .5: left -= s
    anchors = [i for i in long if labels[i] >= .5]
    joined = '\x1f' + '\x1f'.join(true) + '\x1f'
    counts = collections.Counter()
    short = [i for i in range(len(lines)) if labels[i] is None]
    if not anchors: anchors = [i for i in short if kept[i]] or [0]
    near = lambda i: min(abs(i - a) for a in anchors)
    lo, hi = anchors[0], anchors[-1]
    for i in sorted(short, key=lambda i: (not kept[i], not lo <= i <= hi, near(i))):
        if not toks[i]: labels[i] = 0.; continue
        run = '\x1f' + '\x1f'.join(toks[i]) + '\x1f'
        n = joined.count(run) if near(i) <= 6 or len(toks[i]) >= 4 else 0
        # A short run also occurs inside of sentences: it must be there more often than the kept sentences have it.
        key = run; counts[key] += 1
        labels[i] = 1. if counts[key] <= n and (near(i) <= 3 or lo <= i <= hi) else 0.
    return labels, [len(t) for t in toks]

def label_segments(lines, kept, must, mustnot):
    flat = [space(l) for l in lines]; labels = [None] * len(lines)
    for s in mustnot or []:
        for i, l in enumerate(flat):
            if space(s) in l: labels[i] = 0.
    for s in must:
        hits = [i for i, l in enumerate(flat) if space(s) in l]
        good = [i for i in hits if kept[i]] or (hits if len(hits) == 1 else [])
        for i in good[:1]: labels[i] = 1.
    return labels

def f1_of(full):
    prec = lambda a, b, c: 1. if b == c == 0 else 0. if a == b == 0 else a / (a + b)
    rec = lambda a, b, c: 1. if b == c == 0 else 0. if a == c == 0 else a / (a + c)
    p = [prec(*x) for x in full if x[0] + x[1] > 0]; r = [rec(*x) for x in full if x[0] + x[2] > 0]
    p = statistics.mean(p) if p else 0; r = statistics.mean(r) if r else 0
    return p, r, 2 * p * r / (p + r) if p + r else 0

def page_full(truth, text):
    a, b = shingles(tokens(truth)), shingles(tokens(text)); tp = sum((a & b).values())
    fp, fn = sum(b.values()) - tp, sum(a.values()) - tp; s = tp + fp + fn
    return (tp / s, fp / s, fn / s) if s else (0., 0., 0.)

def threshold(p, weight, low=.45, high=.6):
    """Where the expected F measure of the page's text is greatest: as src/extract/judge.rs does it."""
    order = np.argsort(-p); p, weight = p[order], weight[order]
    if not len(p): return .5
    kept, hit = np.cumsum(weight), np.cumsum(weight * p)
    k = int(np.argmax(2 * hit / (kept + hit[-1] + 1e-9)))
    return float(np.clip((p[k] + (p[k + 1] if k + 1 < len(p) else 0)) / 2, low, high))

def decode(page, p, least=None):
    """The lines kept: as src/extract/judge.rs does it, comments and debris aside."""
    p = np.array(p, dtype=float); at = page['ruled_from']
    if least is None:
        # Readers' words that the rules left out.
        p[(page['rows'][:, 0] > .5) & (page['rows'][:, at] < .5)] = 0
        least = threshold(p, page['weight'])
    out, seen = [], set()
    for line, q in zip(page['lines'], p):
        if q < least or q == 0: continue
        key = ''.join(c for c in line.lower() if c.isalnum())
        if len(key) >= 50 and key in seen: continue
        seen.add(key); out.append(line)
    return '\n\n'.join(out)

def figures(pages, texts):
    groups = collections.defaultdict(list)
    for page in pages:
        lang = page['truth']['lang']
        for g in ({page['truth']['subset'], page['truth']['subset'] + '/' + (lang if lang in ('en', 'fr', 'zh', 'de') else 'other')}
                  | ({'zhweb/press'} if page['truth']['subset'] == 'zhweb' and page.get('press') else set())): groups[g].append(page)
    for g, of in sorted(groups.items()):
        full = [page_full(p['truth']['text'], texts[p['id']]) for p in of if p['truth']['text']]
        tp = fp = fn = 0
        for p in of:
            if p['truth']['must_have']:
                t = space(texts[p['id']]); hit = sum(space(x) in t for x in p['truth']['must_have'])
                tp += hit; fn += len(p['truth']['must_have']) - hit; fp += sum(space(x) in t for x in p['truth']['must_not_have'] or [])
        if full: print(f'{g:24} n={len(full):4}  P {f1_of(full)[0]:.3f}  R {f1_of(full)[1]:.3f}  F1 {f1_of(full)[2]:.3f}')
        elif tp: print(f'{g:24} n={len(of):4}  segP {tp/(tp+fp):.3f}  segR {tp/(tp+fn):.3f}  segF {2*tp/(2*tp+fp+fn):.3f}')

def domain(truth):
    """Registrable, as far as folds need it; what an archive keeps is its publisher's."""
    url = re.sub(r'^https?://web\.archive\.org/web/[^/]*/', '', truth['url'] or truth.get('outlet') or truth['id'])
    host = re.sub(r'^https?://', '', url).split('/')[0].split(':')[0].lower().removeprefix('www.'); parts = host.split('.')
    two = len(parts) > 2 and len(parts[-1]) == 2 and parts[-2] in ('co', 'com', 'org', 'net', 'gov', 'ac', 'edu', 'gob', 'or', 'go', 'ne')
    return '.'.join(parts[-3 if two else -2:])

BALANCE = {'scrapinghub': 1.0, 'fundus': 1.0, 'fundus_eval': .7, 'silver': 1.0, 'zhweb': 1.6, 'trafilatura': 1.0}

def load(lines, truth):
    if os.path.exists(lines + '.pickle'): return pickle.load(open(lines + '.pickle', 'rb'))
    truth = {r['id']: r for r in map(json.loads, open(truth))}
    pages = []
    for line in open(lines):
        page = json.loads(line); page['truth'] = t = truth[page['id']]
        if not (t['text'] or t['must_have']) or not page['rows']: continue
        x = page['rows'] = np.array(page['rows'], dtype=np.float32); kept = x[:, page['ruled_from'] + 1] > .5
        page['weight'] = np.array([len(tokens(l)) for l in page['lines']], dtype=float)
        if t['text']:
            y, n = label_text(page['lines'], kept, t['text']); whole = sum(tokens_n for tokens_n, l in zip(n, y) if l and l > .5) or 1
            # A line counts as it does in the score of its page; the small ones somewhat more.
            w = [min(1., (k + 4) / (whole + 40)) for k in n]
        else:
            y = label_segments(page['lines'], kept, t['must_have'], t['must_not_have']); w = [1 / 12] * len(y)
        page['y'], page['w'] = y, [a * BALANCE[t['subset']] for a in w]
        page['fold'] = int(hashlib.md5(domain(t).encode()).hexdigest(), 16) % FOLDS
        pages.append(page)
    pickle.dump(pages, open(lines + '.pickle', 'wb'))
    return pages

def stacked(pages):
    X, Y, W = [], [], []
    for page in pages:
        known = [i for i, y in enumerate(page['y']) if y is not None]
        if not known: continue
        X.append(page['rows'][known]); Y += [page['y'][i] for i in known]; W += [page['w'][i] for i in known]
    return np.vstack(X), np.array(Y), np.array(W)

def train(pages, a, known):
    """One forest over the first `known` measures."""
    x, y, w = stacked(pages)
    params = dict(objective='cross_entropy', learning_rate=a.rate, num_leaves=a.leaves, max_depth=6, min_data_in_leaf=60, min_sum_hessian_in_leaf=a.hess,
                  feature_fraction=.5, bagging_fraction=.7, bagging_freq=1, lambda_l2=a.l2, max_bin=63, verbose=-1, seed=7, deterministic=True, num_threads=a.threads)
    return lgb.train(params, lgb.Dataset(x[:, :known], y, weight=w * len(w) / w.sum()), a.trees)

def forests(pages, a):
    """One that knows the rules' verdicts, one that does not."""
    return [train(pages, a, known) for known in (pages[0]['rows'].shape[1], pages[0]['ruled_from'])]

def chance(models, page):
    odds = sum(m.predict(page['rows'][:, :m.num_feature()], raw_score=True) for m in models) / len(models)
    return 1 / (1 + np.exp(-odds))

def main():
    ap = argparse.ArgumentParser(); ap.add_argument('lines'); ap.add_argument('truth'); ap.add_argument('--out'); ap.add_argument('--trees', type=int, default=160)
    ap.add_argument('--leaves', type=int, default=24); ap.add_argument('--rate', type=float, default=.06); ap.add_argument('--threads', type=int, default=2)
    ap.add_argument('--l2', type=float, default=20.); ap.add_argument('--hess', type=float, default=5.); ap.add_argument('--save')
    ap.add_argument('--quick', action='store_true', help='no figures out of fold')
    a = ap.parse_args(); pages = load(a.lines, a.truth)
    x, y, w = stacked(pages); print(len(pages), 'pages', len(y), 'labelled lines', x.shape[1], 'measures', f'{y.mean():.3f} of them text')
    print('-- rules'); figures(pages, {p['id']: decode(p, p['rows'][:, p['ruled_from'] + 1], .5) for p in pages})
    print('-- best possible'); figures(pages, {p['id']: decode(p, [.6 if v is None else v for v in p['y']], .5) for p in pages})
    if not a.quick:
        for f in range(FOLDS):
            models = forests([p for p in pages if p['fold'] != f], a)
            for p in pages:
                if p['fold'] == f: p['p'] = chance(models, p)
        print('-- out of fold'); figures(pages, {p['id']: decode(p, p['p']) for p in pages})
        if a.save:
            with open(a.save, 'w') as out:
                for p in pages: out.write(json.dumps({'id': p['id'], 'text': decode(p, p['p']), 'p': [round(float(v), 3) for v in p['p']]}) + '\n')
    models = forests(pages, a)
    print('-- in sample'); figures(pages, {p['id']: decode(p, chance(models, p)) for p in pages})
    for model in models:
        gain = sorted(zip(model.feature_importance('gain'), range(model.num_feature())), reverse=True)
        print('strongest measures:', [(i, round(float(g / sum(v for v, _ in gain)), 3)) for g, i in gain[:25]])
    if a.out: export(models, a.out)

LEAF = 0xffff

def export(models, path):
    """The layout that src/extract/judge.rs reads: little-endian, a node's child for "at most" right behind it."""
    with open(path, 'wb') as out:
        out.write(struct.pack('<2I', 2, len(models)))
        for model in models:
            roots, nodes = [], []
            def put(node):
                at = len(nodes); nodes.append(None)
                if 'split_feature' not in node: nodes[at] = (node['leaf_value'], LEAF, 0); return at
                assert node['decision_type'] == '<='
                put(node['left_child']); high = put(node['right_child'])
                # A threshold between two floats of 32 bits goes to the lower, so that both sides decide alike.
                value = np.float32(node['threshold'])
                if float(value) > node['threshold']: value = np.nextafter(value, np.float32(-np.inf))
                nodes[at] = (float(value), node['split_feature'], high); return at
            for tree in model.dump_model()['tree_info']: roots.append(put(tree['tree_structure']))
            assert len(nodes) < LEAF
            out.write(struct.pack('<3I', model.num_feature(), len(roots), len(nodes)))
            out.write(struct.pack(f'<{len(roots)}H', *roots))
            for node in nodes: out.write(struct.pack('<fHH', *node))
            print('written', path, len(roots), 'trees', len(nodes), 'nodes')

if __name__ == '__main__': main()
