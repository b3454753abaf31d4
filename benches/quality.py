#!/usr/bin/env python3
"""Prepares public test sets for depeche, and scores what it made of them.

    pip install rouge-score sacrebleu

    quality.py articles SET.jsonl DIR N        the first N articles of a set, one text file each
    quality.py rouge SET.jsonl RECORDS.jsonl   ROUGE of the French summaries, lead-2 beside it
    quality.py lines SET.jsonl FIELD N         the first N values of a field, one a line
    quality.py removed SET.jsonl RECORDS.jsonl what `depeche clean --format jsonl` set aside of the
                                               articles, and the share of their paragraphs of prose
    quality.py prompts FILE...                 one summary prompt a file, rendered, for `depeche
                                               bench` and for other programs

A set of articles has the fields id, title, paragraphs and summary (OrangeSum, Kamal Eddine et al.
2020); ROUGE is that of the rouge-score package with its own tokenizer and no stemming.
"""
import json
import pathlib
import re
import sys
import unicodedata


def rows(path, n=None):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()][:n]


def articles(path, folder, n):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for place, row in enumerate(rows(path, int(n))):
        text = "\n\n".join([row["title"], *(row["paragraphs"] or [row.get("article", "")])])
        (folder / f"{place:04}_{row['id']}.txt").write_text(text + "\n", encoding="utf-8")


def sentences(row):
    text = " ".join(row["paragraphs"] or [row.get("article", "")])
    return re.split(r"(?<=[.!?…])\s+(?=[A-ZÉÈÀÂÎÔÛÇ«\"“])", text)


def rouge(path, records):
    from rouge_score import rouge_scorer

    gold = {row["id"]: row for row in rows(path)}
    kinds = ["rouge1", "rouge2", "rougeL"]
    scorer = rouge_scorer.RougeScorer(kinds)
    sums = {"depeche": [0, 0, 0], "lead-2": [0, 0, 0]}
    found = [r for r in rows(records) if "error" not in r]
    for record in found:
        row = gold[pathlib.Path(record["id"]).stem.split("_")[-1]]
        candidates = {"depeche": record["summary"]["fr"], "lead-2": " ".join(sentences(row)[:2])}
        for name, text in candidates.items():
            scores = scorer.score(row["summary"], text)
            sums[name] = [a + scores[k].fmeasure for a, k in zip(sums[name], kinds)]
    for name, total in sums.items():
        print(name, "/".join(f"{100 * t / len(found):.1f}" for t in total), f"({len(found)} articles)")


def lines(path, field, n):
    for row in rows(path, int(n)):
        print(row[field])


def removed(path, records):
    """A paragraph of the set is prose when it has eight words and closes; it is removed when more
    than half of it is."""
    gold = {row["id"]: row["paragraphs"] or [] for row in rows(path)}
    n_prose = n_lost = 0
    for record in rows(records):
        paragraphs = gold[pathlib.Path(record["id"]).stem.split("_")[-1]]
        prose = {squeezed(p) for p in paragraphs if len(p.split()) >= 8 and closes(p)}
        n_prose += len(prose)
        for block in (b for b in record["blocks"] if not b["kept"]):
            text = squeezed(block["text"])
            lost = any(text in p and 2 * len(text) > len(p) for p in prose)
            n_lost += lost
            print("prose" if lost else "other", block["kind"], block["rule"], block["text"], sep="\t")
    share = 100 * n_lost / max(n_prose, 1)
    print(f"{n_lost} of {n_prose} paragraphs of prose set aside ({share:.2f} %)")


def squeezed(text):
    return " ".join(unicodedata.normalize("NFC", text).split())


def closes(text):
    return text.rstrip(" »\"”’')]").endswith((".", "!", "?", "…", ":", ";", ","))


def prompts(*paths):
    system = "You are Qwen, created by Alibaba Cloud. You are a helpful assistant."
    ask = "Résume cet article en français en deux à quatre phrases."
    for path in paths:
        text = pathlib.Path(path).read_text(encoding="utf-8")
        prompt = (
            f"<|im_start|>system\n{system}<|im_end|>\n<|im_start|>user\n{ask}\n\n{text}<|im_end|>\n"
            "<|im_start|>assistant\n"
        )
        job = {"id": pathlib.Path(path).name, "prompt": prompt, "max_tokens": 200}
        print(json.dumps(job, ensure_ascii=False))


if __name__ == "__main__":
    verbs = {"articles": articles, "rouge": rouge, "lines": lines}
    verbs |= {"removed": removed, "prompts": prompts}
    if len(sys.argv) < 3 or sys.argv[1] not in verbs:
        sys.exit(__doc__)
    verbs[sys.argv[1]](*sys.argv[2:])
