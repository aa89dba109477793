"""Random waiting: `depends-on`, `ready`, `main`, `replicas`, and the `tests` that `run` ignores.

Each condition can be met, since one that cannot ends a run with 125 by the language's own rule.
"""

def starts(member):
    """Whether all in a node, or a process, surely executes: else who waits for it would not start (125)."""
    if {"rlimits", "depends-on"} & set(member) or isinstance(member.get("init"), str):
        return False
    inner = [*member.get("processes", {}).values(), *member.get("namespaces", {}).values()]
    return ("script" in member or bool(inner)) and "command" not in member and all(map(starts, inner))


class Gates:
    """The part of the generator that lets processes wait for one another."""

    def gates(self, processes, place):
        """Some of the processes of a node wait for one more, of which is known how it goes on."""
        v = self.values
        if "depends-on" not in self.supported or place.limited or not v.chance(place.often(0.25)):
            return
        name = v.name(processes)
        base, condition, end = self.awaited(place)
        waiting = v.some(list(processes), 2)
        for other in waiting:
            address = name if v.chance(0.7) else f"{place.address}{name}"
            processes[other]["depends-on"] = v.choice(([address], {address: condition})) if condition else [address]
        if end and not place.copied and "main" in self.supported and not self.has_main and "replicas" not in processes[waiting[0]]:
            # It runs until the run ends.
            self.has_main = True
            processes[waiting[0]]["main"] = True
            base.update(script="exec sleep 60", **{"stop-timeout": "50ms"})
        processes[name] = base

    def waits(self, spec):
        """The one process of a node anywhere waits for a process of the root, or a whole node before its own."""
        v = self.values
        nested = spec.get("namespaces", {})
        if nested and "first" not in nested and not {"command", "script", "processes"} & set(spec) and v.chance(0.7):
            spec["processes"] = {"first": {"script": "true"}}
        before = [name for name, process in spec.get("processes", {}).items() if starts(process)]

        def walk(node, limited):
            limited = limited or "rlimits" in node
            if ("command" in node or "script" in node) and before and v.chance(0.5):
                node["depends-on"] = [v.choice(before)]
            # Heard in any case, unless it is written elsewhere, or a limit is too small for a shell: then the
            # process ends badly before it was ready, which is 125 by the language's own rule.
            heard = not limited and not {"stdout", "terminal"} & set(node)
            if "ready" in self.supported and "script" in node and heard and v.chance(0.9):
                node.update(script="echo it is ready", ready={"output": "is r"})
            for inner in node.get("namespaces", {}).values():
                walk(inner, limited)

        if "depends-on" in self.supported and "rlimits" not in spec:
            for name, node in spec.get("namespaces", {}).items():
                walk(node, False)
                if starts(node):
                    before.append(name)

    def awaited(self, place):
        """A process, the condition under which others may wait for it, and whether it may go on for long."""
        v = self.values
        form = v.choice(("started", "exited", "succeeded", None, "output", "probe", "probe", "tcp"))
        if form in ("started", "exited", "succeeded", None):
            return {"script": v.choice(("true", "sleep 0.02", "exit 0"))}, form, form in ("started", None) and v.flip()
        if "ready" not in self.supported:
            return {"command": ["true"]}, "succeeded", False
        ready = {"output": "^r.ady$"}
        base = {"script": "echo starting; echo ready; sleep 0.3"}
        if form == "probe":
            ready = v.choice(({"command": ["true"]}, {"script": "exit 0"}, {"path": "/"}))
            base = {"script": "sleep 1"}
        elif form == "tcp" and place.lo and not place.copied and v.chance(0.15):
            first = 20000 if place.caller.privileged else 40000  # Two of these tests may run side by side.
            ready = {"tcp": v.randint(first, first + 19999)}
            base = {"command": ["python3", "-SIc", "import socket, time\n"
                                f"s = socket.create_server(('127.0.0.1', {ready['tcp']}))\ntime.sleep(1)"]}
        if v.flip():
            ready["within"] = v.choice(("20s", 60))
        if v.flip():
            ready["every"] = v.choice(("5ms", "0.02s", 0.01))
        base["ready"] = ready
        return base, v.choice(("ready", "started", None)), form == "probe"

    def copies(self, spec, place):
        """How many there are of a process or node."""
        if "replicas" in self.supported and self.values.chance(place.often(0.06)) and not spec.get("main"):
            spec["replicas"] = self.values.randint(1, 3)

    def alone(self, spec, place):
        """`main` of a process that may be the only one."""
        v = self.values
        if "main" not in self.supported or not v.chance(place.often(0.05)):
            return
        spec["main"] = not self.has_main and not place.copied and v.chance(0.8)
        self.has_main = self.has_main or spec["main"]

    def tests_of(self, spec):
        v = self.values
        tests = []
        for number in range(v.randint(1, 2)):
            test = {"name": f"it holds, {number}"}
            if v.flip():
                test.update(v.choice(({"command": ["true"]}, {"script": "echo $PIDNS_PID"})))
                for key, values in {"in": ["/"], "env": [{"A": "b"}], "cwd": ["/"], "uid": [0], "gid": [0]}.items():
                    if v.chance(0.3):
                        test[key] = v.choice(values)
            else:
                first = next(iter(spec.get("processes", {})), None)
                test["of"] = first if first is not None else "/"
            if v.chance(0.7):
                test["expect"] = self.expectation()
            if v.chance(0.3):
                test["within"] = v.long_time()
            tests.append(test)
        return tests

    def expectation(self):
        v = self.values
        expect = v.choice(({"exit": 0}, {"signal": v.signal()}, {"exit": 255}))
        for stream in ("stdout", "stderr"):
            if v.flip():
                expect[stream] = v.choice(("text", {"equals": "a"}, {"contains": "b", "matches": "^b"},
                                           {"lines": ["a", "b"]}))
        return expect
