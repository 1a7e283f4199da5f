"""Compares the reader with tomllib. Prints one line for each disagreement.

Input: a JSON file, [{document, accepted, exact, settings: {key: TOML text}}]. `exact` says that the
reader found nothing wrong, so lists must be equal; else a wrong element may be left out.
"""

import json
import re
import sys
import tomllib


def at(document, key):
    for name, index in re.findall(r"([A-Za-z_]+)(?:\[(\d+)\])?", key):
        document = document[name]
        if index:
            document = document[int(index)]
    return document


def agrees(ours, theirs, exact):
    if isinstance(ours, list) and not exact:
        return all(element in theirs for element in ours)
    return type(ours) is type(theirs) and ours == theirs


def check(case):
    try:
        document = tomllib.loads(case["document"])
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        if case["accepted"]:
            yield f"accepted, but tomllib says: {error}"
        return
    if not case["accepted"]:
        yield "refused, but tomllib reads it"
        return
    for key, text in case["settings"].items():
        ours = tomllib.loads(f"value = {text}")["value"]
        if not case["exact"] and "[" in key:
            continue  # a record before it may have been left out
        theirs = at(document, key)
        if not agrees(ours, theirs, case["exact"]):
            yield f"{key} is {ours!r}, but tomllib reads {theirs!r}"


with open(sys.argv[1]) as file:
    for case in json.load(file):
        for disagreement in check(case):
            print(f"{disagreement}: {case['document']!r}")
