#!/usr/bin/env python3
"""Rebuilds given-names-more.txt: given names of persons who have an article in Wikipedia.

    pip download --no-deps name2nat==0.5.1 && unzip name2nat-*.whl     names of 1.07 million persons, Apache-2.0
    apt-get install wamerican                                        English words, to leave those out
    given_names.py name2nat/name2nats.pkl > ../given-names-more.txt

A word is taken that opens the names of at least LEAST persons, at least a third as often as it ends them, and that is
neither an English word nor a word of the other dictionaries. The pickle is read without running anything it holds.
"""
import collections, pathlib, pickle, re, sys, unicodedata

LEAST = 3
WIDTH = 116
SCHEMA = pathlib.Path(__file__).resolve().parent.parent
WORDS = "/usr/share/dict/american-english"
HEAD = """\
# More given names, of people all over the world: words that open the names of at least three persons in Wikipedia and are
# neither English words nor in the other dictionaries. Made by scripts/given_names.py; do not edit, given-names.txt is
# the file for that.

[given]"""


class Data(pickle.Unpickler):
    def find_class(self, module, name):
        raise pickle.UnpicklingError(f"{module}.{name} is no data")


def fold(text):
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)).lower()


def words_of(file):
    return set(re.findall(r"[^\W\d_]+", fold(pathlib.Path(file).read_text(encoding="utf-8"))))


def main(path):
    first, last, spelt = collections.Counter(), collections.Counter(), collections.defaultdict(collections.Counter)
    with open(path, "rb") as file:
        names = Data(file).load()
    for name in names:
        words = re.sub(r"\(.*?\)", "", name).split()
        if len(words) > 1 and re.fullmatch(r"[^\W\d_]{3,}(-[^\W\d_]+)?", words[0]) and words[0][:1].isupper():
            folded = fold(words[0])
            first[folded] += 1
            spelt[folded][words[0]] += 1
            last[fold(words[-1])] += 1
    known = set().union(*(words_of(SCHEMA / f) for f in
        ("given-names.txt", "countries.tsv", "guards.txt", "not-persons.txt", "titles.txt")))
    english = {word for word in pathlib.Path(WORDS).read_text(encoding="utf-8").split() if word.islower()}
    picked = [name for name, count in first.items()
              if count >= LEAST and count * 3 >= last[name] and name not in known and name not in english]
    line, lines = "", []
    for name in sorted(max(spelt[name].items(), key=lambda item: (item[1], item[0]))[0] for name in picked):
        if line and len(line) + len(name) >= WIDTH:
            lines.append(line)
            line = ""
        line += ("|" if line else "") + name
    print(HEAD, *lines, line, sep="\n")


main(sys.argv[1])
