#!/usr/bin/env python3
"""Rebuilds known-names.txt: names of persons in Wikipedia whose first word is in no list of given names.

    pip download --no-deps name2nat==0.5.1 && unzip name2nat-*.whl     names of 1.07 million persons, Apache-2.0
    apt-get install wamerican                                        English words: two of them are no name
    known_names.py name2nat/name2nats.pkl > ../known-names.txt

Each line is a first word and the family names known with it, folded. The pickle is read without running anything it holds.
"""
import collections, pathlib, pickle, re, sys, unicodedata

SCHEMA = pathlib.Path(__file__).resolve().parent.parent
HEAD = """\
# Names of persons in Wikipedia whose first word is in no list of given names (it is rare, or a word, a place, a family name
# as well): first word, then the last words known with it, folded and sorted. Made by scripts/known_names.py; do not edit.
"""
TITLES = set("sir lady lord dame prince princess king queen duke count saint st pope bishop archbishop sheikh sultan emperor "
             "empress baron baroness dr mr mrs miss maharaja rabbi imam ayatollah mullah emir shah sri".split())
PARTICLES = set("la le les el al il lo los las de del della di da do dos du des der den das die van von ten ter san sao "
                "santa saint st ste ould bin ibn abd ap ab".split())
# English words that open and end the names of so many are names all the same: Lily, Dale; Lee, Young.
GIVEN, FAMILY = 40, 100
WORDS = "/usr/share/dict/american-english"
SUFFIXES = {"jr", "sr", "ii", "iii", "iv"}


class Data(pickle.Unpickler):
    def find_class(self, module, name):
        raise pickle.UnpicklingError(f"{module}.{name} is no data")


def fold(text):
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)).lower()


def given_names():
    for file in ("given-names.txt", "given-names-more.txt"):
        section = ""
        for line in (SCHEMA / file).read_text(encoding="utf-8").splitlines():
            if line.startswith("["):
                section = line
            elif section == "[given]" and not line.startswith("#"):
                yield from (fold(word) for word in line.split("|") if not word.startswith("?"))


def plain_words():
    """Words that are capitalised without being names: such a first word needs a last word that is a name."""
    section = ""
    for line in (SCHEMA / "not-persons.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line
        elif section == "[word]" and not line.startswith("#"):
            yield from (fold(word.strip("?")) for word in line.split("|"))


def main(path):
    given, families, opens, ends = (
        set(given_names()), collections.defaultdict(set), collections.Counter(), collections.Counter())
    plain = set(plain_words()) | set("black white red blue green golden deep big grand".split())
    english = {word for word in pathlib.Path(WORDS).read_text(encoding="utf-8").split() if word.islower()}
    with open(path, "rb") as file:
        names = Data(file).load()
    for name in names:
        words = [fold(word).rstrip(".,") for word in re.sub(r"\(.*?\)", "", name).split()]
        while words and words[-1] in SUFFIXES:
            words.pop()
        opens.update(words[:1])
        ends.update(words[-1:])
        if len(words) < 2 or len(words) > 4 or words[0] in given or words[0] in TITLES | PARTICLES:
            continue
        if all(re.fullmatch(r"[a-z][a-z']+(-[a-z']+)*", word) for word in (words[0], words[-1])):
            # A word ends at a hyphen, as it does for the tagger.
            first, last = words[0].split("-")[0], words[-1].split("-")[-1]
            if len(first) > 1 and len(last) > 1:
                families[first].add(last)
    print(HEAD, end="")
    for first in sorted(families, key=str.encode):
        last = [word for word in sorted(families[first])
                if not (first in english and word in english and ends[word] < FAMILY
                        and (opens[first] < GIVEN or first in plain))]
        if last and first not in given:
            print("|".join([first, *last]))


main(sys.argv[1])
