#!/usr/bin/env python3
"""What many nodes of one spec cost: time to come up and to end, processor time and memory of the supervisor.

    PIDNS=build/release/pidns tests/bench/nodes.py [--nodes 100,1000,5000] [--shapes siblings,pods,pairs]

Each run is a detached one: `up` is the time until its caller comes back, when every process has executed
and the instance is listed; `end` is that of `pidns stop`. As root. Beside each time stands what it is a
node; where time is linear, that does not change from line to line.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

LEVEL = "unshare: [pid, mount, uts], mount-proc: true"
# What is written once and made that many times; a node of the second is two processes and our init.
SHAPES = {
    "siblings": "  n: {{replicas: {n}, %s, hostname: n, command: [sleep, infinity]}}\n" % LEVEL,
    "pods": ("  n:\n    replicas: {n}\n    unshare: [pid, mount, uts]\n    mount-proc: true\n    hostname: n\n"
             "    processes: {{a: {{command: [sleep, infinity]}}, b: {{command: [sleep, infinity]}}}}\n"),
    "pairs": ("  n:\n    replicas: {n}\n    unshare: [pid, mount, uts]\n    mount-proc: true\n    hostname: n\n"
              "    namespaces: {{in: {{%s, command: [sleep, infinity]}}}}\n" % LEVEL),
}
PROCESSES = {"siblings": 1, "pods": 3, "pairs": 2}  # Beside the supervisor, a node …
COMMANDS = {"siblings": 1, "pods": 2, "pairs": 1}  # … and those of the spec.
HZ = os.sysconf("SC_CLK_TCK")


def spec_of(shape, nodes):
    return "pidns: 1\nname: many\nnamespaces:\n" + SHAPES[shape].format(n=nodes)


def timed(argv, environment):
    """(seconds, what was printed)"""
    begin = time.perf_counter()
    done = subprocess.run(argv, env=environment, capture_output=True, text=True)
    end = time.perf_counter()
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(argv)}: status {done.returncode}: {done.stderr[:500]}")
    return end - begin, done.stdout


def processor_time(pid):
    """(user, system) seconds of one process, its children not counted."""
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rpartition(")")[2].split()
    return int(fields[11]) / HZ, int(fields[12]) / HZ


def memory(pid):
    """(RSS, PSS) in KiB."""
    with open(f"/proc/{pid}/smaps_rollup") as file:
        sizes = {line.split()[0]: int(line.split()[1]) for line in file if line.split()[0] in ("Rss:", "Pss:")}
    return sizes["Rss:"], sizes["Pss:"]


def measure(pidns, shape, nodes, folder):
    """One life of so many nodes."""
    environment = {**os.environ, "XDG_RUNTIME_DIR": folder}
    path = os.path.join(folder, "many.yaml")
    with open(path, "w") as file:
        file.write(spec_of(shape, nodes))
    figures = {"shape": shape, "nodes": nodes}
    figures["up"], _ = timed([pidns, "run", "--detach", path], environment)
    _, listed = timed([pidns, "ps", "--format", "json"], environment)
    [instance] = json.loads(listed)
    pid = instance["pid"]
    figures["rss"], figures["pss"] = memory(pid)
    figures["up user"], figures["up system"] = processor_time(pid)
    figures["ps"], _ = timed([pidns, "ps"], environment)
    figures["tree"], tree = timed([pidns, "tree", "many"], environment)
    rows = len(tree.splitlines()) - 2
    if rows != nodes * PROCESSES[shape]:
        raise RuntimeError(f"{rows} processes are listed, and not {nodes * PROCESSES[shape]}")
    # The supervisor has left its caller: it ends as a child of ours, where its times are read before it is reaped.
    begin = time.perf_counter()
    stop = subprocess.Popen([pidns, "stop", "many"], env=environment)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    figures["end"] = time.perf_counter() - begin
    user, system = processor_time(pid)
    figures["end user"], figures["end system"] = user - figures["up user"], system - figures["up system"]
    os.waitpid(pid, 0)
    if stop.wait() != 0:
        raise RuntimeError("pidns stop did not succeed")
    return figures


def limits():
    """What of the machine limits the number of nodes, in one line."""
    texts = []
    for name in ("kernel/pid_max", "user/max_pid_namespaces", "user/max_mnt_namespaces"):
        with open(f"/proc/sys/{name}") as file:
            texts.append(f"{name.replace('/', '.')} {file.read().strip()}")
    for path in ("/sys/fs/cgroup/pids/pids.max", "/sys/fs/cgroup/pids.max"):
        if os.path.exists(path):
            with open(path) as file:
                texts.append(f"pids.max {file.read().strip()}")
    import resource
    texts.append(f"ulimit -u {resource.getrlimit(resource.RLIMIT_NPROC)[0]}")
    return ", ".join(texts)


def main():
    here = pathlib.Path(__file__).resolve()
    parser = argparse.ArgumentParser()
    parser.add_argument("--nodes", default="100,1000,5000")
    parser.add_argument("--shapes", default=",".join(SHAPES))
    chosen = parser.parse_args()
    pidns = os.path.abspath(os.environ.get("PIDNS") or here.parents[2] / "build/release/pidns")
    sys.path.insert(0, str(here.parents[1] / "system"))
    from harness import become_subreaper
    become_subreaper()
    print(limits())
    print(f"{'':9}{'nodes':>6} {'up':>9} {'a node':>9} {'user':>7} {'sys':>7} {'end':>9} {'a node':>9} {'user':>7} {'sys':>7} "
          f"{'ps':>7} {'tree':>7} {'RSS':>9} {'PSS a node':>11}")
    with tempfile.TemporaryDirectory() as folder:
        for shape in chosen.shapes.split(","):
            for nodes in map(int, chosen.nodes.split(",")):
                f = measure(pidns, shape, nodes, folder)
                print(f"{shape:9}{nodes:6} {f['up'] * 1e3:6.0f} ms {f['up'] / nodes * 1e3:6.3f} ms {f['up user']:5.2f} s "
                      f"{f['up system']:5.2f} s {f['end'] * 1e3:6.0f} ms {f['end'] / nodes * 1e3:6.3f} ms {f['end user']:5.2f} s "
                      f"{f['end system']:5.2f} s {f['ps'] * 1e3:4.0f} ms {f['tree'] * 1e3:4.0f} ms {f['rss']:5} KiB "
                      f"{f['pss'] / nodes:7.2f} KiB", flush=True)


if __name__ == "__main__":
    main()
