#!/usr/bin/env python3
"""Draws articles of topics to be judged by reading, and counts the judgements in tests/cases/topic-judgements.tsv.

  judge_topics.py tag DIR             tags the articles of the sets into DIR (the rest reads them there)
  judge_topics.py draw DIR TOPIC...   prints what of a topic's twenty articles is not yet judged, to be read
  judge_topics.py further DIR N TOPIC...   prints N articles of a topic that nobody has judged, to read a mended query anew
  judge_topics.py show DIR SET:ID...  prints articles in full
  judge_topics.py judge TOPIC VERDICTS...   appends verdicts to the file: SET:ID=yes, SET:ID=no, SET:ID=?
  judge_topics.py score DIR           precision of each topic over the judged articles that carry it, with intervals

The sets are under DATELINE_SHARED (default ../shared): reuters and bbc as eval/tagging.py prepares them, web the pages of
data/extraction. Which twenty is told by a hash of topic and article, taken from the sets by turns, so that a query that is
mended keeps the articles it still finds, and only the new ones are to be read. A topic is right where a librarian would
file the article under it: the article is about it, and does not only mention it. `?` is left out of the count.
DATELINE names the program (default dateline), SCHEMA its dictionaries (default index-schema).
"""
import collections, glob, hashlib, json, math, os, subprocess, sys

SHARED = os.environ.get("DATELINE_SHARED", "../shared")
DATELINE = os.environ.get("DATELINE", "dateline")
SCHEMA = os.environ.get("SCHEMA", "index-schema")
FILE = "tests/cases/topic-judgements.tsv"
SETS = ("bbc", "web", "reuters")
DRAWN = 20


def tag(out):
    os.makedirs(out, exist_ok=True)
    for name in SETS:
        paths = sorted(glob.glob(f"{SHARED}/data/extraction/readability/*/source.html"))
        if name != "web":
            subprocess.run([sys.executable, f"{SHARED}/eval/tagging.py", "prepare", name, f"{out}/{name}"], check=True)
            paths = [f"{out}/{name}/articles.jsonl"]
        with open(f"{out}/{name}.jsonl", "w") as file:
            command = [DATELINE, "--schema", SCHEMA, "tag", "--format", "jsonl", *paths]
            subprocess.run(command, stdout=file, stderr=subprocess.DEVNULL, check=True)


def article_id(article):
    """`gold:12` is article 12; a page is named by its folder."""
    url = article["url"] or ""
    return url[5:] if url.startswith("gold:") else article["path"].split("/")[-2]


def articles(out):
    for name in SETS:
        for line in open(f"{out}/{name}.jsonl"):
            article = json.loads(line)
            yield name, article_id(article), article


def carried(out):
    """Topic -> set -> articles that carry it."""
    found = collections.defaultdict(lambda: collections.defaultdict(dict))
    for name, number, article in articles(out):
        for given in article["tags"]:
            if given["field"] == "topic" and given["grade"] == "about":
                found[given["value"]][name][number] = article
    return found


def sample(topic, sets, size=DRAWN):
    """Articles by turns of the sets, of each in the order of a hash."""
    order = lambda name: sorted(sets[name], key=lambda i: hashlib.sha256(f"{topic} {name} {i}".encode()).digest())
    left = [[(name, number) for number in order(name)] for name in SETS]
    drawn = []
    while len(drawn) < size and any(left):
        drawn += [numbers.pop(0) for numbers in left if numbers]
    return drawn[:size]


def judgements():
    if not os.path.exists(FILE):
        return {}
    rows = [line.rstrip("\n").split("\t") for line in open(FILE) if not line.startswith("#")]
    return {tuple(row[:3]): row[3] for row in rows[1:]}


def draw(out, topics, further=0):
    found, known = carried(out), judgements()
    for topic in topics:
        drawn = sample(topic, found[topic])
        if further:
            unread = {name: [i for i in found[topic][name] if (topic, name, i) not in known] for name in SETS}
            drawn = sample(topic, unread, further)
        print(f"\n== {topic}: {sum(map(len, found[topic].values()))} articles")
        for name, number in drawn:
            if (topic, name, number) not in known:
                article = found[topic][name][number]
                start = " ".join(article["body"].split())[: int(os.environ.get("LENGTH", "260"))]
                print(f"{name}:{number} | {article['headline'][:110]} | {start}")


def show(out, places):
    for name, number, article in articles(out):
        if f"{name}:{number}" in places:
            print(f"== {name}:{number} | {article['headline']}\n{article['body']}\n")


def judge(topic, verdicts):
    known = judgements()
    for verdict in verdicts:
        place, _, said = verdict.rpartition("=")
        name, _, number = place.partition(":")
        assert said in ("yes", "no", "?") and name in SETS, verdict
        known[topic, name, number] = said
    with open(FILE, "w") as file:
        file.write("# Articles judged by reading: whether they are about a topic. Numbers only; judge_topics.py says of what.\n")
        file.write("topic\tset\tid\tabout\n")
        file.writelines("\t".join(key) + f"\t{said}\n" for key, said in sorted(known.items()))


def wilson(right, of):
    """The interval in which a share lies with 95 % confidence (E. B. Wilson, 1927)."""
    z, share = 1.96, right / of
    middle, spread = share + z * z / (2 * of), z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return (middle - spread) / (1 + z * z / of), (middle + spread) / (1 + z * z / of)


def score(out):
    found, counts = carried(out), collections.defaultdict(collections.Counter)
    lost = collections.Counter()
    for (topic, name, number), said in judgements().items():
        if number in found[topic][name]:
            counts[topic][said] += 1
        else:
            lost[said] += 1
    total = collections.Counter()
    for topic, count in sorted(counts.items(), key=lambda item: item[1]["yes"] / (item[1]["yes"] + item[1]["no"] or 1)):
        right, of = count["yes"], count["yes"] + count["no"]
        low, high = wilson(right, of) if of else (0, 1)
        unread = len([key for key in sample(topic, found[topic]) if (topic, *key) not in judgements()])
        print(f"{right / (of or 1):.2f} ({low:.2f} to {high:.2f})  {right} of {of}  {topic}" + (f"  {unread} unread" if unread else ""))
        total.update(count)
    right, of = total["yes"], total["yes"] + total["no"]
    low, high = wilson(right, of)
    print(f"{len(counts)} topics: {right} of {of}, {right / of:.3f} ({low:.3f} to {high:.3f}); {total['?']} open")
    print(f"judged and no longer carried: {lost['no']} wrong ones, {lost['yes']} right ones")


match sys.argv[1:]:
    case ["tag", out]:
        tag(out)
    case ["draw", out, *topics]:
        draw(out, topics)
    case ["further", out, size, *topics]:
        draw(out, topics, int(size))
    case ["show", out, *places]:
        show(out, places)
    case ["judge", topic, *verdicts]:
        judge(topic, verdicts)
    case ["score", out]:
        score(out)
    case _:
        sys.exit(__doc__)
