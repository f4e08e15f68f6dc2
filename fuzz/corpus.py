#!/usr/bin/env python3
"""Fills fuzz/corpus/{parse,charset,clean} with small samples of every format, for the fuzz targets to begin with.

  fuzz/corpus.py     from sample-corpus and, below DATELINE_SHARED (default ../shared), data/formats, data/hostile and
                     data/extraction; run in the project's folder. Larger files are cut.
"""
import hashlib, os, pathlib, sys

SHARED = pathlib.Path(os.environ.get("DATELINE_SHARED", "../shared"))
LARGEST = 20_000
# As the target `parse` has them: its first byte picks the name.
NAMES = ["", "txt", "html", "md", "json", "jsonl", "xml", "csv", "eml", "mbox", "sgm", "warc"]


def main():
    if not SHARED.is_dir():
        sys.exit(f"{SHARED} is no folder: set DATELINE_SHARED")
    corpus = pathlib.Path("fuzz/corpus")
    folders = [pathlib.Path("sample-corpus"), SHARED / "data/formats", SHARED / "data/hostile", SHARED / "data/extraction"]
    count = 0
    for path in sorted(path for folder in folders for path in folder.rglob("*") if path.is_file()):
        with open(path, "rb") as file:
            content = file.read(LARGEST)
        name = hashlib.sha256(content).hexdigest()[:16]
        kind = path.suffix[1:].lower()
        first = bytes([NAMES.index(kind) if kind in NAMES else 0])
        samples = {"parse": first + content, "charset": content, "clean": content.decode("utf-8", "replace").encode()}
        for target, sample in samples.items():
            (corpus / target).mkdir(parents=True, exist_ok=True)
            (corpus / target / name).write_bytes(sample)
        count += 1
    print(f"{count} samples for each target in {corpus}")


if __name__ == "__main__":
    main()
