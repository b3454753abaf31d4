#!/usr/bin/env python3
"""Runs two programs in turn on the same prompts and prints the medians side by side.

    pair.py ROUNDS COMMAND OTHER_COMMAND

Each command is one string, ends with one JSON line as `depeche bench` prints it (`load_s`,
`wall_s`, `prompt_tok_s`, `gen_tok_s`), and is run ROUNDS times, by turns, so that a slow hour of the
machine meets both. Peak memory is the largest resident size that the system saw, the pages of a
mapped file among it. The last column is how many times better the first command is.
"""
import json
import os
import shlex
import statistics
import subprocess
import sys

FIGURES = [("wall_s", False), ("load_s", False), ("prompt_tok_s", True), ("gen_tok_s", True),
           ("peak_mb", False)]


def run(command):
    process = subprocess.Popen(shlex.split(command), stdout=subprocess.PIPE, text=True)
    lines = process.stdout.read().splitlines()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"`{command}` ended with {os.waitstatus_to_exitcode(status)}")
    figures = json.loads(next(line for line in reversed(lines) if line.startswith("{")))
    return figures | {"peak_mb": usage.ru_maxrss * 1024 / 1e6}


def main(rounds, *commands):
    runs = [[], []]
    for _ in range(int(rounds)):
        for own, command in zip(runs, commands, strict=True):
            own.append(run(command))
            print(json.dumps(own[-1]), file=sys.stderr)
    print("| | first | second | ratio |\n|---|---|---|---|")
    for name, more_is_better in FIGURES:
        one, other = (statistics.median(run[name] for run in own) for own in runs)
        if not (one and other):
            continue  # A prompt alone has nothing generated.
        ratio = one / other if more_is_better else other / one
        print(f"| {name} | {one:.1f} | {other:.1f} | {ratio:.2f} |")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
