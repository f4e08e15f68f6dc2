#!/usr/bin/env python3
"""Rebuilds phrase-words.txt: what part English words play in a noun phrase, and how rare they are.

    apt-get download wordnet-base && dpkg -x wordnet-base_*.deb .     WordNet 3.0, its own licence
    pip download --no-deps symspellpy==6.10.1 && unzip symspellpy-*.whl
                                        how often 82,765 words stand in Google Books, MIT; the counts CC BY 3.0
    phrase_words.py usr/share/wordnet symspellpy/frequency_dictionary_en_82_765.txt > ../phrase-words.txt

Names are left out: what WordNet writes with a capital only. The part a word plays is that in which WordNet's tagged texts have it most; where they lack it, the parts WordNet lists.
"""
import collections, functools, math, pathlib, re, sys, textwrap

HEAD = """\
# What part English words play in a noun phrase, and how rare they are. Made by scripts/phrase_words.py; do not edit: what a
# list of phrases.txt says of a word goes before this. From WordNet 3.0, Copyright 2006 by Princeton University, and counts of
# words in Google Books, CC BY 3.0.
#
# [noun N] ends, opens or fills a phrase; [adjective N] opens or fills it; [either N] is a noun or a verb, as what follows
# tells; [plural N] ends a phrase, and `men=man` gives its singular where it is not regular; [plural or verb N] is either;
# [other] is in no phrase.
# N: how rare, in halvings of the frequency of all words; nouns and plurals rarer than 20 are left out, as any word is that
# stands in no list; so are adjectives and words of no phrase rarer than that which their endings tell.
"""
# A word is what it is in so large a part of its uses.
NOUN, EITHER, ADJECTIVE = 0.6, 0.06, 0.35
# A past tense is a noun seldom (`rose`), and so is a participle.
PAST = 0.4
RAREST = 20
RULES = {
    "noun": [("ies", "y"), ("ses", "s"), ("xes", "x"), ("zes", "z"), ("ches", "ch"), ("shes", "sh"), ("men", "man"), ("s", "")],
    "verb": [("ies", "y"), ("es", "e"), ("es", ""), ("s", ""), ("ied", "y"), ("ed", "e"), ("ed", ""), ("ing", "e"), ("ing", "")],
    "adj": [("er", ""), ("est", ""), ("er", "e"), ("est", "e"), ("ier", "y"), ("iest", "y")],
    "adv": [],
}
NUMBERS = {"1": "noun", "2": "verb", "3": "adj", "4": "adv", "5": "adj"}


def regular(plural):
    """What dateline takes for the singular of a plural that no list gives."""
    for ending, instead in (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("shes", "sh"), ("s", "")):
        if plural.endswith(ending) and len(plural) > len(ending) + 1:
            return plural[: -len(ending)] + instead
    return plural


def guessed(form):
    """What dateline takes a word for that stands in no list."""
    if form.endswith(("ly", "ed", "ing")):
        return "other"
    return "adjective" if form.endswith(("al", "ic", "ive", "ous", "able", "ible", "less", "ful", "ary")) else "noun"


class WordNet:
    def __init__(self, folder):
        self.lemmas, self.exceptions = {}, {}
        for pos in RULES:
            lines = (folder / f"index.{pos}").read_text(encoding="utf-8").splitlines()
            self.lemmas[pos] = {line.split()[0]: int(line.split()[2]) for line in lines if line[0] != " "}
            if pos == "noun":
                self.lemmas[pos] = {lemma: senses for lemma, senses in self.lemmas[pos].items() if lemma in self.common(folder)}
            pairs = (line.split() for line in (folder / f"{pos}.exc").read_text(encoding="utf-8").splitlines())
            self.exceptions[pos] = {pair[0]: pair[1:] for pair in pairs}
        self.counts = collections.Counter()
        for line in (folder / "cntlist.rev").read_text(encoding="utf-8").splitlines():
            key, _, count = line.split()
            word, rest = key.split("%")
            self.counts[NUMBERS[rest[0]], word] += int(count)

    @functools.cache
    def common(self, folder):
        """The nouns that are written in lower case in any of their senses."""
        lines = (folder / "data.noun").read_text(encoding="utf-8").splitlines()
        words = (word for line in lines if line[0] != " " for word in line.split()[4 : 4 + 2 * int(line.split()[3], 16) : 2])
        return {word for word in words if word.islower()}

    def bases(self, pos, form):
        found = {form} if form in self.lemmas[pos] else set()
        found |= set(self.exceptions[pos].get(form, ()))
        if form not in found or form.endswith("s") and not form.endswith(("ss", "us", "is")):
            for ending, instead in RULES[pos]:
                if form.endswith(ending) and form[: -len(ending)] + instead in self.lemmas[pos]:
                    found.add(form[: -len(ending)] + instead)
        return found

    def weight(self, pos, form):
        """How often its bases stand in the tagged texts, and a little for each of their senses."""
        return sum(self.counts[pos, base] + 0.2 * self.lemmas[pos].get(base, 1) for base in self.bases(pos, form))


def part(wordnet, form):
    noun, verb, adjective, adverb = (wordnet.weight(pos, form) for pos in ("noun", "verb", "adj", "adv"))
    total = noun + verb + adjective + adverb
    if not total:
        return None
    plural = noun > 0 and any(base != form for base in wordnet.bases("noun", form))
    own = wordnet.counts["noun", form] if form in wordnet.lemmas["noun"] else -1
    if plural and own >= max(wordnet.counts["noun", base] for base in wordnet.bases("noun", form) if base != form) / 2:
        plural = False
    if adjective >= ADJECTIVE * total and adjective >= noun and form in wordnet.lemmas["adj"]:
        return "adjective"
    if noun >= NOUN * total:
        return "plural" if plural else "noun"
    past = form.endswith("ed") or form in wordnet.exceptions["verb"] and not form.endswith(("s", "ing"))
    if noun >= (PAST if past else EITHER) * total or form.endswith("ing") and form in wordnet.lemmas["noun"]:
        return "plural or verb" if plural else "either"
    return "other"


def main():
    wordnet = WordNet(pathlib.Path(sys.argv[1]))
    lines = (line.split() for line in open(sys.argv[2], encoding="utf-8-sig"))
    counts = {word: int(count) for word, count in lines if re.fullmatch(r"[a-z]{2,}", word)}
    whole = sum(counts.values())
    lists = collections.defaultdict(list)
    for form, count in counts.items():
        rarity = round(math.log2(whole / count))
        kind = part(wordnet, form)
        same = guessed(form) == ("noun" if kind == "plural" else kind)
        if kind is None or rarity > RAREST and same and form not in wordnet.exceptions["noun"]:
            continue
        if kind.startswith("plural"):
            bases = wordnet.bases("noun", form) - {form}
            singular = min(bases, key=lambda base: (-wordnet.counts["noun", base], -counts.get(base, 0), base))
            form = form if regular(form) == singular else f"{form}={singular}"
        lists[(kind,) if kind == "other" else (kind, min(rarity, RAREST + 1))].append(form)
    print(HEAD)
    for key in sorted(lists):
        print(f"[{' '.join(map(str, key))}]")
        print(textwrap.fill(" ".join(sorted(lists[key])), 120, break_long_words=False, break_on_hyphens=False), end="\n\n")


main()
