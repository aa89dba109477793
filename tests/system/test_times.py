# needs: root
"""`run --timings` and `run --trace`: where the time of a run went; nothing where nobody asked."""

import collections
import json
import re

import harness
import specs
import traces


class Times(harness.TestCase):
    def test_a_waterfall_follows_the_run(self):
        result = self.run_spec(specs.SPECS["three levels"], "--timings", env={"LC_ALL": "C"})
        self.assertEqual((result.status, result.out.splitlines()[:2]), (0, ["ns3", "1"]))
        lines = result.err.splitlines()
        self.assertRegex(lines[0], r"^ +0 .* ms$")
        self.assertEqual([line.split()[:2] for line in lines if " create " in line],
                         [["ns1/.init", "create"], ["ns1/ns2/.init", "create"], ["ns1/ns2/ns3", "create"]])
        self.assertTrue(any(re.match(r" +execute /bin/sh", line) for line in lines), result.err)
        self.assertTrue(all(len(line) <= 100 for line in lines), result.err)
        self.assertRegex(result.err, r"\nstart to last execute +\d+(\.\d+)? ms\n")
        self.assertIn("#", result.err)

    def test_a_trace_is_in_the_trace_event_format(self):
        """What Perfetto drops or draws wrongly: numbers as text, threads without a name, events that half overlap."""
        path = self.path("trace.json")
        spec = self.write("lab.yaml", """\
pidns: 1
namespaces:
  a:
    unshare: [pid, mount, uts]
    mount-proc: true
    processes: {one: {command: [sleep, "0.1"]}, two: {command: [sleep, "0.2"], depends-on: [one]}}
    namespaces: {b: {unshare: [pid, time], monotonic: 10d, command: [sleep, "0.1"]}}
""")
        self.call("run", "--trace", path, spec)
        with open(path, encoding="utf-8") as file:
            trace = json.load(file)
        self.assertEqual(trace["displayTimeUnit"], "ms")
        names, slices = {}, collections.defaultdict(list)
        for event in trace["traceEvents"]:
            self.assertIs(type(event["pid"]), int)
            if event["ph"] == "M":
                if event["name"] == "thread_name":
                    names[event["tid"]] = event["args"]["name"]
                continue
            self.assertEqual(event["ph"], "X")
            self.assertIs(type(event["tid"]), int)
            self.assertGreaterEqual(event["ts"], 0)
            self.assertGreaterEqual(event["dur"], 0)
            self.assertTrue(event["name"] and event["cat"])
            start, length = round(event["ts"] * 1000), round(event["dur"] * 1000)
            slices[event["tid"]].append((start, -length, start + length, event["name"]))
        self.assertEqual(set(slices), set(names))
        self.assertEqual(len(set(names.values())), len(names))
        for tid, events in slices.items():
            open_slices = []
            for start, _, end, name in sorted(events):
                while open_slices and open_slices[-1] <= start:
                    open_slices.pop()
                self.assertTrue(not open_slices or end <= open_slices[-1], f"{names[tid]}: {name} half overlaps")
                open_slices.append(end)

    def test_a_trace_has_every_step_and_the_life_of_the_command(self):
        for name in ("three levels", "several processes", "user and pid", "clocks", "init of the spec", "holder"):
            for form in ([], ["--no-fuse"]):
                with self.subTest(name, form=form):
                    path = self.path("trace.json")
                    spec = self.write("spec.yaml", specs.SPECS[name])
                    self.call("run", *form, "--trace", path, spec)
                    with open(path) as file:
                        events = [event for event in json.load(file)["traceEvents"] if event["ph"] == "X"]
                    plan = json.loads(self.call("plan", *form, "--format", "json", spec).out)
                    commands = [process for process in plan["processes"] if process["role"] == "command"]
                    self.assertEqual(len([event for event in events if event["cat"] == "run"]), len(commands))
                    self.assertEqual(len([event for event in events if event["name"] == "create"]),
                                     len(plan["processes"]) - 1)
                    self.assertEqual(len([e for e in events if e["name"].startswith("execute ")]), len(commands))
                    self.assertTrue(all(0 <= event["ts"] < 10e6 and event["dur"] >= 0 for event in events), events)

    def test_a_shifted_clock_does_not_shift_times(self):
        path = self.path("trace.json")
        self.run_spec("pidns: 1\nunshare: [time, pid]\nmonotonic: 10d\ninit: true\nscript: exit 0\n", "--trace", path)
        with open(path) as file:
            self.assertLess(max(event.get("ts", 0) for event in json.load(file)["traceEvents"]), 10e6)

    def test_nothing_is_measured_when_not_asked(self):
        spec = self.write("spec.yaml", specs.SPECS["pid"])
        counts = []
        for extra in ([], ["--timings"]):
            log = self.path("calls")
            harness.Run(["strace", "-f", "-o", log, "-e", "trace=clock_gettime,mmap", harness.PIDNS, "run", *extra,
                         spec]).wait()
            counts.append(len(re.findall(r"clock_gettime|MAP_SHARED\|MAP_ANONYMOUS", harness.read(log))))
        self.assertEqual(counts[0], 0)
        self.assertGreater(counts[1], 5)

    def test_a_death_by_a_signal_does_not_lose_them(self):
        result = self.run_spec("pidns: 1\nscript: kill -USR1 $$\n", "--timings")
        self.assertEqual(result.status, -10)
        self.assertIn("start to last execute", result.err)

    def test_nothing_was_executed(self):
        result = self.run_spec("pidns: 1\nunshare: [uts]\nhostname: h\ncommand: [not-there]\n", "--timings")
        self.assertEqual(result.status, 127)
        self.assertIn("start to last step", result.err)
        self.assertNotIn("last execute", result.err)

    def test_a_line_fits_a_page(self):
        name = "a-process-with-a-long-name"
        spec = f"pidns: 1\nprocesses:\n  one: {{command: [sleep, '0.2']}}\n  {name}: {{command: [echo, {name}], depends-on: {{one: exited}}}}\n"
        for locale in ("C", "C.UTF-8"):
            lines = self.run_spec(spec, "--timings", env={"LC_ALL": locale}).err.splitlines()
            self.assertGreater(max(map(len, lines)), 90)
            self.assertLessEqual(max(map(len, lines)), 100, lines)

    def test_a_file_that_cannot_be_written(self):
        result = self.run_spec("pidns: 1\nscript: echo ran\n", "--trace", "/nowhere/file")
        self.assertEqual((result.status, result.out), (125, ""))
        self.assertIn("nothing was run", result.err)
        result = self.run_spec("pidns: 1\nscript: echo ran\n", "--trace", "/dev/full")
        self.assertEqual((result.status, result.out), (0, "ran\n"))
        self.assertIn("No space left", result.err)

    def test_measuring_changes_no_step(self):
        argv = [harness.PIDNS, "run", "--timings", "-"]
        spec = specs.SPECS["three levels"]
        plan = json.loads(self.call("plan", "--format", "json", "-", stdin=spec).out)
        _, first, seen = traces.trace(self.folder, argv, stdin=spec)
        self.assertEqual(traces.compare(plan, first, seen), len(plan["processes"]))


if __name__ == "__main__":
    harness.main()
