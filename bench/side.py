"""Runs programs side by side, round by round (A B C A B C ...), so that a busy neighbour hits all of them alike.

Reads {"rounds", "warm", "runs": [{"argv", "env", "out"}]} as JSON and writes a list of samples for each run:
{"wall": ms, "cpu": ms, "rss": MB, "code"}. Processor time and memory are those wait4 reports: of the program and of
everything it waited for. Memory cannot read less than this script's own, about 10 MB.
"""
import json
import os
import sys
import time

NULL = "/dev/null"


def run(argv, env, out):
    opened = [
        (os.POSIX_SPAWN_OPEN, 0, NULL, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
        (os.POSIX_SPAWN_OPEN, 2, out + ".err", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
    ]
    started = time.perf_counter()
    pid = os.posix_spawnp(argv[0], argv, {**os.environ, **env}, file_actions=opened)
    _, status, used = os.wait4(pid, 0)
    wall = (time.perf_counter() - started) * 1000
    # Kilobytes, but bytes on a Mac.
    megabyte = 1024 * 1024 if sys.platform == "darwin" else 1024
    cpu = (used.ru_utime + used.ru_stime) * 1000
    code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)
    return {"wall": wall, "cpu": cpu, "rss": used.ru_maxrss / megabyte, "code": code}


spec = json.load(sys.stdin)
samples = [[] for _ in spec["runs"]]
for round_number in range(-spec["warm"], spec["rounds"]):
    for index, one in enumerate(spec["runs"]):
        sample = run(one["argv"], one["env"], one["out"])
        if round_number >= 0:
            samples[index].append(sample)
json.dump(samples, sys.stdout)
