#!/usr/bin/env python3
"""Measures what dateline makes of web pages against the marks of readers in tests/cases/page-marks.tsv.

  judge_pages.py blocks PAGE           prints the numbered blocks of a page, to be marked
  judge_pages.py score [even|odd]      scores the program on news, features and blogs; of half the pages, if said
  judge_pages.py worst [even|odd]      the same, and names the pages whose text or fields are wrong

Three sets are made of the same pages: `whole` as they are; `short`, of whose article only the first 300 characters or so are
left, as in a brief item amid everything else that stands on a page; `nameless`, whose classes and ids say nothing, as those
that tools generate. Main text: overlap of 4-word shingles per page, averaged; precision counts what may be part of the
article as right, recall asks only for what must be.

Pages are under DATELINE_SHARED (default ../shared), data/extraction/readability; DATELINE names the program (default
dateline). Needs the Python packages beautifulsoup4 and lxml.
"""
import collections, hashlib, json, os, re, subprocess, sys, tempfile

from bs4 import BeautifulSoup, Tag
from bs4.element import PreformattedString

PAGES = os.environ.get("DATELINE_SHARED", "../shared") + "/data/extraction/readability"
DATELINE = os.environ.get("DATELINE", "dateline")
MARKS = "tests/cases/page-marks.tsv"
ARTICLES = {"news", "feature", "blog"}
BLOCKS = set(
    "address article aside blockquote body br caption center dd details dialog div dl dt fieldset figcaption figure footer "
    "form h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol optgroup option p pre section select summary table "
    "tbody td tfoot th thead tr ul".split()
)
UNSEEN = set("script style noscript template head svg iframe object math canvas audio video textarea".split())


def is_hidden(element):
    style = (element.get("style") or "").replace(" ", "").lower()
    return element.name in UNSEEN or "display:none" in style or element.has_attr("hidden")


def blocks(soup):
    """The text nodes of each block of a page, in order."""
    found, current = [], []

    def end():
        if "".join(current).strip():
            found.append(list(current))
        current.clear()

    stack = [(soup.body or soup, False)]
    while stack:
        node, closes = stack.pop()
        if closes:
            end()
        elif isinstance(node, Tag):
            if is_hidden(node):
                continue
            if node.name in BLOCKS:
                end()
                stack.append((node, True))
            stack.extend((child, False) for child in reversed(list(node.children)))
        elif not isinstance(node, PreformattedString):
            current.append(node)
    end()
    return found


def read(page):
    with open(f"{PAGES}/{page}/source.html", "rb") as file:
        return BeautifulSoup(file.read(), "lxml")


def text(nodes):
    return " ".join("".join(nodes).split())


def ranges(field):
    parts = (part.split("-") for part in field.split(",") if part)
    return {number for part in parts for number in range(int(part[0]), int(part[-1]) + 1)}


def marks():
    for line in open(MARKS, encoding="utf-8"):
        if line.startswith("#"):
            continue
        page, kind, count, must, may, headline, byline, date = line.rstrip("\n").split("\t")
        if kind in ARTICLES:
            must, may = ranges(must), ranges(may)
            yield dict(page=page, count=int(count), must=must - may, may=may, headline=headline,
                       byline=[name for name in byline.split("; ") if name], date=date)


def prune(element):
    """Takes an element out that holds nothing any more, and those around it."""
    while isinstance(element, Tag) and element.name not in ("body", "html", "article", "main"):
        if element.get_text(strip=True) or element.find(["img", "script"]):
            return
        above = element.parent
        element.extract()
        element = above


def shortened(soup, mark):
    """The numbers of the blocks that are left of the article; none where it is no use."""
    nodes, left, length = blocks(soup), set(), 0
    for number in sorted(mark["must"]):
        left.add(number)
        length += len(text(nodes[number]))
        if length > 300:
            break
    gone = {number for number in mark["must"] | mark["may"] if number > max(left)}
    if length > 1200 or not gone:
        return set()
    for node in (node for number in gone for node in nodes[number]):
        above = node.parent
        node.extract()
        prune(above)
    for script in soup.find_all("script", type="application/ld+json"):
        script.string = re.sub(r'"articleBody"\s*:\s*"(?:[^"\\]|\\.)*"', '"articleBody": ""', script.string or "")
    return left | {number for number in mark["may"] if number < max(left)}


def make_nameless(soup):
    def hashed(name):
        return "x" + hashlib.md5(name.encode()).hexdigest()[:6].translate(str.maketrans("abcdef", "ghjkmn"))

    for element in soup.find_all(True):
        if element.get("class"):
            element["class"] = [hashed(name) for name in element["class"]]
        if element.get("id"):
            element["id"] = hashed(str(element["id"]))


def cases(kind, mark):
    """The page, and the texts that must and may be found."""
    soup = read(mark["page"])
    parts = [text(nodes) for nodes in blocks(soup)]
    if len(parts) != mark["count"]:
        sys.exit(f"{mark['page']} has {len(parts)} blocks, not {mark['count']}: another version of lxml or of the page")
    kept = mark["must"] | mark["may"]
    if kind == "short":
        kept = shortened(soup, mark)
        if not kept:
            return None
    elif kind == "nameless":
        make_nameless(soup)
    lines = lambda numbers: "\n".join(parts[number] for number in sorted(numbers))
    return soup, lines(mark["must"] & kept), lines(kept)


def words(string):
    return re.findall(r"\w+", string or "")


def shingles(string):
    found = words(string)
    return collections.Counter(tuple(found[at : at + 4]) for at in range(max(1, len(found) - 3))) if found else collections.Counter()


def share(part, whole):
    part, whole = shingles(part), shingles(whole)
    return sum((part & whole).values()) / (sum(whole.values()) or 1)


def folded(string):
    return " ".join(words((string or "").lower()))


def is_right(field, mark, article):
    if field == "headline":
        return folded(mark["headline"]) == folded(article.get("headline"))
    if field == "date":
        return (article.get("published") or "")[:10] == mark["date"]
    found, names = folded(article.get("byline")), [folded(name) for name in mark["byline"]]
    return all(name in found for name in names) and len(found.split()) <= sum(len(name.split()) + 1 for name in names)


def score(half, tell):
    chosen = [mark for mark in marks() if not half or (int(hashlib.md5(mark["page"].encode()).hexdigest(), 16) % 2 == 0) == (half == "even")]
    for kind in ("whole", "short", "nameless"):
        with tempfile.TemporaryDirectory() as folder:
            wanted = {}
            for mark in chosen:
                case = cases(kind, mark)
                if case:
                    os.mkdir(f"{folder}/{mark['page']}")
                    wanted[f"{folder}/{mark['page']}/page.html"] = (mark, *case[1:])
                    source = f"{PAGES}/{mark['page']}/source.html"
                    content = open(source, "rb").read() if kind == "whole" else str(case[0]).encode()
                    open(f"{folder}/{mark['page']}/page.html", "wb").write(content)
            run = subprocess.run([DATELINE, "tag", "--format", "jsonl", *wanted], capture_output=True, text=True)
            found = {article["path"]: article for article in map(json.loads, run.stdout.splitlines())}
        right, precision, recall = collections.Counter(), 0, 0
        for path, (mark, must, may) in wanted.items():
            article = found.get(path) or found.get(path.lstrip("/")) or {}
            of_page = share(may, article.get("body")), share(article.get("body"), must)
            precision, recall = precision + of_page[0], recall + of_page[1]
            for field in ("headline", "byline", "date"):
                if mark[field]:
                    right[field, "of"] += 1
                    right[field] += is_right(field, mark, article)
                    if tell and kind == "whole" and not is_right(field, mark, article):
                        print(f"  {mark['page']}: {field} {mark[field]!r}, found {article.get('published' if field == 'date' else field)!r}")
            if tell and min(of_page) < 0.9:
                print(f"  {kind} {mark['page']}: precision {of_page[0]:.2f}, recall {of_page[1]:.2f}")
        precision, recall = precision / len(wanted), recall / len(wanted)
        fields = ", ".join(f"{field} {right[field]} of {right[field, 'of']}" for field in ("headline", "byline", "date"))
        f1 = 2 * precision * recall / (precision + recall)
        print(f"{kind}: {len(wanted)} pages, precision {precision:.3f}, recall {recall:.3f}, F1 {f1:.3f}; {fields}")


def main(arguments):
    if arguments[:1] == ["blocks"] and len(arguments) == 2:
        for number, nodes in enumerate(blocks(read(arguments[1]))):
            print(f"{number}\t{text(nodes)}")
    elif arguments[:1] in (["score"], ["worst"]) and set(arguments[1:]) <= {"even", "odd"}:
        score(arguments[1] if arguments[1:] else None, arguments[0] == "worst")
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
