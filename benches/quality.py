#!/usr/bin/env python3
"""Prepares public test sets for depeche, and scores what it made of them.

    pip install rouge-score sacrebleu spacy

    quality.py articles SET.jsonl DIR N        the first N articles of a set, one text file each
    quality.py rouge SET.jsonl RECORDS.jsonl   ROUGE of the French summaries, lead-2 beside it
    quality.py lines SET.jsonl FIELD N         the first N values of a field, one a line
    quality.py pairs SOURCE TARGET REFERENCE   three files line by line as a set for `depeche eval
                                               translate` and `depeche check --pairs`
    quality.py sentences FOLDER                boundary F1 of spaCy's rule splitter, a file a line, as
                                               `cargo test --test it sentencex` gives ours
    quality.py removed SET.jsonl RECORDS.jsonl what `depeche clean --format jsonl` set aside of the
                                               articles, and the share of their paragraphs of prose
    quality.py prompts FILE...                 one summary prompt a file, rendered, for `depeche
                                               bench` and for other programs
    quality.py note NOTE.json                  the prompts of an English note from French articles, one
                                               a sentence that is shortened or translated, as `prompts`
    quality.py made NOTE.json...               the bottom line and the key points that it does not cite
                                               of each note, named TOPIC_CLUSTER.json or TOPIC.json,
                                               for `cargo bench --bench briefing -- summaries`
    quality.py html DATA RECORDS.jsonl         main text and days of web pages that `depeche clean
                                               --format jsonl` read, trafilatura and htmldate
                                               beside it where they are installed

A set of articles has the fields id, title, paragraphs and summary (OrangeSum, Kamal Eddine et al.
2020); ROUGE is that of the rouge-score package with its own tokenizer and no stemming.

For `html`, DATA holds pages/ and index.jsonl, one page a line: `file` and what is known of it,
`lead` and `paragraphs` (or `expected_text`), `with` and `without` (pieces that its text must and
must not have), `date`. The text of a record is its kept blocks without the title.
"""
import collections
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


def pairs(source, target, reference):
    files = [open(path, encoding="utf-8").read().splitlines() for path in (source, target, reference)]
    for place, (source, target, reference) in enumerate(zip(*files, strict=True), 1):
        row = {"id": place, "source": source, "target": target, "reference": reference}
        print(json.dumps(row, ensure_ascii=False))


def ends(sentences):
    """The boundaries inside a text, each by the letters before it."""
    found, at = [], 0
    for sentence in sentences:
        at += len("".join(sentence.split()))
        found.append(at)
    return found[:-1]


def behind_headings(sentences):
    open_ends = [re.search(r"[.!?…:;][\s»”\"’')\]]*$", sentence) is None for sentence in sentences]
    return {end for end, is_open in zip(ends(sentences), open_ends) if is_open}


def boundaries(folder):
    import spacy

    splitters = {code: spacy.blank(code) for code in ("fr", "en")}
    for splitter in splitters.values():
        splitter.add_pipe("sentencizer")
    for path in sorted(pathlib.Path(folder).glob("*.jsonl")):
        splitter = splitters["en" if path.stem.endswith("_en") else "fr"]
        n_right = n_found = n_expected = 0
        for row in rows(path):
            apart = behind_headings(row["sentences"])
            expected = set(ends(row["sentences"])) - apart
            found = set(ends([s.text for s in splitter(row["text"]).sents])) - apart
            n_right += len(found & expected)
            n_found += len(found)
            n_expected += len(expected)
        print(f"{path.name}: {2 * n_right / max(1, n_found + n_expected):.4f} of {n_expected}")


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


def turn(role, text):
    return f"<|im_start|>{role}\n{text}<|im_end|>\n"


def first_sentences(event):
    """What a note shows of its sources in its own language, each sentence once, in its order."""
    parts = [event["title"], *event["key_points"], *event["statements"], *event["timeline"],
             *event["unknown"]]
    quotes = [item["citations"][0]["quote"] for item in parts]
    for question in event["disagreements"]:
        quotes += [c["quote"] for value in question["values"] for c in value["citations"]]
    return list(dict.fromkeys(quotes))


def examples(name):
    path = pathlib.Path(__file__).parent.parent / "src" / name
    lines = path.read_text(encoding="utf-8").splitlines()
    shown = [line for line in lines if line and not line.startswith("#")]
    return "".join(turn(("user", "assistant")[place % 2], line) for place, line in enumerate(shown))


def note(path):
    translator = ("You are a professional news translator. Translate each sentence from French into English. "
                  "Keep every number, date, name and quotation. Answer with the translation only.")
    editor = ("Tu es secrétaire de rédaction. Tu raccourcis des phrases de dépêches : tu supprimes les détails "
              "secondaires (incises, précisions, circonstances) et tu gardes les autres mots tels quels, dans le "
              "même ordre. Tu n'ajoutes, ne remplaces et ne déplaces aucun mot. Tu gardes qui parle "
              "(« selon ... »), les négations et les chiffres essentiels.")
    translate = turn("system", translator) + examples("translate/fr-en.txt")
    shorten = turn("system", editor) + examples("shorten/examples.txt")
    jobs = []
    for event in json.loads(pathlib.Path(path).read_text(encoding="utf-8"))["events"]:
        longs = [item["citations"][0]["quote"] for item in event["bottom_line"]]
        jobs += [(shorten + turn("user", quote), 120) for quote in longs if len(quote.split()) >= 24]
        jobs += [(translate + turn("user", quote), 160) for quote in first_sentences(event)]
    for place, (prompt, n) in enumerate(jobs):
        job = {"id": str(place), "prompt": prompt + "<|im_start|>assistant\n", "max_tokens": n}
        print(json.dumps(job, ensure_ascii=False))


def made(*paths):
    for path in map(pathlib.Path, paths):
        event = json.loads(path.read_text(encoding="utf-8"))["events"][0]
        said = {c["quote"] for item in event["bottom_line"] for c in item["citations"]}
        rest = [p for p in event["key_points"] if p["citations"][0]["quote"] not in said]
        topic, _, cluster = path.stem.partition("_")
        text = " ".join(item["text"] for item in event["bottom_line"] + rest)
        print(json.dumps({"topic": topic, "cluster": cluster, "text": text}, ensure_ascii=False))


def words(text):
    return collections.Counter(re.findall(r"\w+", unicodedata.normalize("NFC", text).lower()))


def token_f1(text, gold):
    found, wanted = words(text), words(gold)
    common = sum((found & wanted).values())
    return 2 * common / max(1, found.total() + wanted.total())


def one_line(text):
    return " ".join(unicodedata.normalize("NFC", text).split())


def gold_text(row):
    return "\n".join([row.get("lead") or "", *row["paragraphs"]]) if "paragraphs" in row else row.get("expected_text")


def of_record(record):
    kept = [block["text"] for block in record["blocks"] if block["kept"] and block["kind"] != "title"]
    return "\n".join(kept), record.get("published")


def of_peers(page):
    """Text by trafilatura; the day by htmldate, first as it is and then asked for publication."""
    try:
        import htmldate
        import trafilatura
    except ImportError:
        return None
    text = trafilatura.extract(page, include_comments=False) or ""
    return text, htmldate.find_date(page), htmldate.find_date(page, original_date=True)


def html(folder, records):
    folder = pathlib.Path(folder)
    # A record that failed has no blocks.
    read = {pathlib.Path(r["id"]).name: r for r in rows(records) if "blocks" in r}
    scores = collections.defaultdict(lambda: collections.defaultdict(list))
    for row in rows(folder / "index.jsonl"):
        record = read.get(row["file"])
        text, day = of_record(record) if record else ("", None)
        score_page(row, "depeche", text, {"depeche": day}, scores)
        peers = of_peers((folder / "pages" / row["file"]).read_bytes())
        if peers:
            days = {"htmldate": peers[1], "htmldate, original": peers[2]}
            score_page(row, "trafilatura", peers[0], days, scores)
    for figure, by_program in scores.items():
        for program, values in by_program.items():
            print(f"{figure}: {program} {sum(values) / len(values):.3f} ({len(values)})")


def score_page(row, program, text, days, scores):
    if gold_text(row):
        scores[f"token F1, {row['origin']}"][program].append(token_f1(text, gold_text(row)))
    line = one_line(text)
    for piece in row.get("with", []):
        scores["pieces to keep"][program].append(one_line(piece) in line)
    for piece in row.get("without", []):
        scores["pieces to leave out"][program].append(one_line(piece) not in line)
    if row.get("date"):
        for name, day in days.items():
            scores["days"][name].append(day == row["date"])


if __name__ == "__main__":
    verbs = {"articles": articles, "rouge": rouge, "lines": lines, "pairs": pairs,
             "sentences": boundaries,
             "removed": removed, "prompts": prompts, "note": note, "made": made, "html": html}
    if len(sys.argv) < 3 or sys.argv[1] not in verbs:
        sys.exit(__doc__)
    verbs[sys.argv[1]](*sys.argv[2:])
