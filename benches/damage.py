#!/usr/bin/env python3
"""Damages true translations in known ways, to count what the checks find of it.

    damage.py SET.jsonl... > damaged.jsonl
    depeche eval check damaged.jsonl

A set has the fields `fr` and `en`, one sentence pair a line, the English being what is damaged. Every
line that comes out has `source`, `target`, `damaged` and `class`. The same sets give the same
damages in every run.
"""
import json
import random
import re
import sys

MONTHS = "January February March April May June July August September October November December".split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
NUMBERS = ("two three four five six seven eight nine ten eleven twelve thirteen fifteen eighteen twenty "
           "thirty forty fifty sixty seventy eighty ninety").split()
UNITS = [("kilometers", "miles"), ("kilometres", "miles"), ("km", "miles"), ("miles", "kilometers"),
         ("meters", "feet"), ("metres", "feet"), ("feet", "meters"), ("dollars", "euros"),
         ("euros", "dollars"), ("hours", "minutes"), ("minutes", "hours"), ("days", "weeks"),
         ("weeks", "days"), ("years", "months"), ("months", "years"), ("kg", "tons")]
NAMES = ("Haider Corona Okafor Lindqvist Marchetti Castellanos Whitmore Tanaka Ferreira Novotny Kowalczyk "
         "Salazar Norway Lisbon Kenya Dortmund Cardiff Uruguay Osaka Perth Mongolia Nairobi Jakarta").split()
NATIONS = ("French German British American Chinese Russian Italian Spanish Israeli Iranian Indian Canadian "
           "Japanese Greek Turkish Polish Australian Dutch Swiss Mexican Egyptian Swedish Kenyan").split()
VERBS = "is are was were has have had will would can could should must may might"
HEDGES = [("could", "will"), ("might", "will"), ("may", "will"), ("may", "must"), ("must", "may"),
          ("may be", "is"), ("could be", "was"), ("would", "will"), ("should", "will"),
          ("reportedly ", ""), ("allegedly ", ""), ("probably ", ""), ("likely", "certain"),
          ("if", "after"), ("in case of", "after"), ("plans to", "has decided to"), ("tried to", "managed to")]


def other(words, but):
    return random.choice([word for word in words if word.lower() != but.lower()])


def put(text, match, new, group=0):
    return text[:match.start(group)] + new + text[match.end(group):]


def figures(text):
    for match in list(re.finditer(r"(?<![\w.,/:-])\d(?:[\d.,]*\d)?(?![\w/:])", text))[:2]:
        found = match[0]
        places = [i for i, c in enumerate(found) if c.isdigit()]
        i = random.choice(places)
        new = other("123456789", found[i])
        yield "number: figure changed", put(text, match, found[:i] + new + found[i + 1:])
        if len(places) > 1:
            i = random.choice(places[1:])
            yield "number: figure dropped", put(text, match, found[:i] + found[i + 1:])
        yield "number: figure added", put(text, match, found[:i] + random.choice("123456789") + found[i:])


def amounts(text):
    for match in list(re.finditer(r"\b(million|billion|trillion|thousand)s?\b", text))[:1]:
        new = {"million": "billion", "billion": "million", "trillion": "billion", "thousand": "million"}
        yield "number: magnitude", put(text, match, new[match[1]], 1)
    for match in list(re.finditer(rf"\b({'|'.join(NUMBERS)})\b", text, re.I))[:1]:
        yield "number: word", put(text, match, other(NUMBERS, match[1]))
    for match in list(re.finditer(r"(?<=\d)( ?%| percent| per cent)", text))[:1]:
        yield "number: percent dropped", put(text, match, "")
    for old, new in UNITS:
        if match := re.search(rf"(?<=\d ){old}\b", text):
            yield "number: unit", put(text, match, new)
            return


def is_month(text, match):
    """`May` and `March` are more often words."""
    before, after = text[:match.start()], text[match.end():]
    return match[0] not in ("May", "March") or re.search(r"(in|of|since|on|by|until|\d) $", before) or re.match(r" \d", after)


def dates(text):
    for match in re.finditer(rf"\b({'|'.join(MONTHS)})\b", text):
        if is_month(text, match):
            yield "date: month", put(text, match, other(MONTHS, match[0]))
    for match in re.finditer(rf"\b({'|'.join(DAYS)})\b", text):
        yield "date: weekday", put(text, match, other(DAYS, match[0]))
    for match in re.finditer(r"\b(1[89]\d\d|20[012]\d)\b(?!,\d| (?:people|km|miles|m\b|dollars|euros))", text):
        yield "date: year", put(text, match, str(int(match[0]) + random.choice([1, -1, 10, -10])))
    for match in re.finditer(rf"\b({'|'.join(MONTHS)}) (\d{{1,2}})\b(?!\d)", text):
        day, month = int(match[2]), MONTHS.index(match[1]) + 1
        yield "date: day", put(text, match, str(day % 28 + 1), 2)
        if day <= 12 and day != month:
            yield "date: month and day swapped", put(text, match, f"{MONTHS[day - 1]} {month}")
    turned = {"yesterday": "tomorrow", "tomorrow": "yesterday", "last": "next", "next": "last"}
    times = "week|month|year|summer|winter|" + "|".join(DAYS)
    for match in re.finditer(rf"\b(yesterday|tomorrow|(?:last|next)(?= (?:{times})\b))", text):
        yield "date: past and future", put(text, match, turned[match[0]])


def names(text):
    found = [m for m in re.finditer(r"(?<=[a-z,] )[A-Z][a-zé]+(?: [A-Z][a-z]+)*(?=[ ,.])", text)
             if not any(word in MONTHS + DAYS + NATIONS for word in m[0].split())]
    if found:
        match = random.choice(found)
        yield "name: replaced", put(text, match, random.choice(NAMES))
        without = put(text, match, "").replace("  ", " ")
        if match[0] not in without:
            yield "name: removed", without
    if nations := list(re.finditer(rf"\b({'|'.join(NATIONS)})\b", text)):
        match = random.choice(nations)
        yield "name: nationality", put(text, match, other(NATIONS, match[0]))


def negations(text):
    if found := list(re.finditer(rf"\b({'|'.join(VERBS.split())}) (?!not|never|no\b)", text)):
        match = random.choice(found)
        yield "negation: put in", text[:match.end()] + random.choice(["not ", "never "]) + text[match.end():]
    if found := list(re.finditer(r"\b(?:do|does|did) not |\bcannot\b|\b(?:not|never) ", text)):
        match = random.choice(found)
        yield "negation: taken out", put(text, match, "can" if match[0] == "cannot" else "")


def hedges(text):
    for old, new in HEDGES:
        if match := re.search(rf"\b{old}" + ("" if old.endswith(" ") else r"\b"), text):
            yield "modality", put(text, match, new)


def cuts(text):
    words = text.split()
    if len(words) < 8 or not text.endswith("."):
        return
    end = random.randint(len(words) * 2 // 3, len(words) - 1)
    yield "form: cut off", " ".join(words[:end])
    at = random.randrange(1, len(words) - 1)
    yield "form: repeated words", " ".join(words[:at + 2] + words[max(0, at - 1):at + 2] + words[at + 2:])


def main():
    random.seed(7)
    kinds = [figures, amounts, dates, names, negations, hedges, cuts]
    for path in sys.argv[1:]:
        for line in open(path, encoding="utf-8"):
            row = json.loads(line)
            for kind in kinds:
                for what, damaged in kind(row["en"]):
                    if damaged != row["en"]:
                        new = {"source": row["fr"], "target": row["en"], "damaged": damaged, "class": what}
                        print(json.dumps(new, ensure_ascii=False))


if __name__ == "__main__":
    main()
