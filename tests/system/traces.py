"""What strace(1) saw of a run, and what a plan says it must have seen.

A process's calls and a process's steps both become lines of words; a step's line is a regular
expression for the calls that it may take.
"""

import ast
import grp
import json
import os
import pwd
import re
import signal
import subprocess

import harness

CALLS = ("clone,clone3,fork,vfork,unshare,setns,mount,umount2,pivot_root,open_tree,move_mount,fsopen,fsmount,"
         "mount_setattr,sethostname,setdomainname,setuid,setgid,setresuid,setresgid,setgroups,capset,prctl,setsid,setpgid,"
         "execve")
LINE = re.compile(r"^(\w+)\((.*)\) += (-?\d+)(.*)$")
TRANSLATED = re.compile(r"/\* (\d+) in strace's PID NS \*/")
KINDS = {"pid": "PID", "mount": "NS", "uts": "UTS", "ipc": "IPC", "net": "NET", "user": "USER", "cgroup": "CGROUP",
         "time": "TIME"}
MOUNTS = {"bind": "open_tree\n(mount_setattr\n)?move_mount\n(mount_setattr\n)?", "dir": "", "symlink": "",
          "file": "fsopen tmpfs\nfsmount\n(open_tree\n|mount_setattr\n|move_mount\n|umount2\n)+",
          "dev": "fsopen tmpfs\n(fsopen \\w+\n|fsmount\n|open_tree\n|mount_setattr\n|move_mount\n)+"}


def text_of(literal):
    """The text of a C string as strace writes it."""
    return ast.literal_eval("b" + literal).decode(errors="surrogateescape")


def new_kinds(flags):
    return " ".join(sorted(re.findall(r"CLONE_NEW\w+", flags)))


class Call:
    """One system call that succeeded, as a line of words; `child` is whom it made."""

    def __init__(self, name, arguments, value, rest):
        self.child, self.argv = None, []
        self.line = getattr(self, "on_" + name, lambda _: name)(arguments)
        if name in ("clone", "clone3", "fork", "vfork"):
            translated = TRANSLATED.search(rest)
            self.child = int(translated[1] if translated else value)

    def on_clone(self, arguments):
        extra = [word for word in ("CLONE_VM", "CLONE_PARENT") if re.search(rf"{word}\b(?!_)", arguments)]
        return " ".join(["clone", *extra, new_kinds(arguments)]).strip()

    on_clone3 = on_fork = on_vfork = on_clone

    def on_unshare(self, arguments):
        return "unshare " + new_kinds(arguments)

    def on_setns(self, arguments):
        return "setns " + new_kinds(arguments)

    def on_mount(self, arguments):
        source, target, kind, flags, data = re.split(r", (?=[\"NM0])", arguments, 4)
        flags = " ".join(sorted(flags.split("|")))
        return " ".join(["mount", *(text_of(w) if w[0] == '"' else w for w in (source, target, kind)), flags,
                         text_of(data) if data[0] == '"' else ""]).strip()

    def on_fsopen(self, arguments):
        return "fsopen " + text_of(arguments.split(", ")[0])

    def on_sethostname(self, arguments):
        return "sethostname " + text_of(arguments.rpartition(", ")[0])

    def on_setdomainname(self, arguments):
        return "setdomainname " + text_of(arguments.rpartition(", ")[0])

    def on_setresuid(self, arguments):
        return "setresuid " + arguments.split(", ")[0]

    def on_setresgid(self, arguments):
        return "setresgid " + arguments.split(", ")[0]

    def on_setgroups(self, arguments):
        return " ".join(["setgroups", *re.findall(r"\d+", arguments)[1:]])

    def on_capset(self, _):
        return "capabilities"

    def on_prctl(self, arguments):
        words = arguments.split(", ")
        if words[0] == "PR_SET_PDEATHSIG":
            return "tie " + words[1]
        if words[0] in ("PR_CAPBSET_DROP", "PR_CAP_AMBIENT", "PR_SET_KEEPCAPS"):
            return "capabilities"
        return {"PR_SET_NO_NEW_PRIVS": "no-new-privs", "PR_SET_CHILD_SUBREAPER": "subreaper"}.get(words[0], "")

    def on_execve(self, arguments):
        argv = re.match(r'"(?:[^"\\]|\\.)*", (\[.*\]), \[', arguments, re.S)[1]
        self.argv = [text_of(word) for word in re.findall(r'"(?:[^"\\]|\\.)*"', argv)]
        return "execve " + json.dumps(self.argv)


def trace(folder, argv, before=(), caller=(), **options):
    """Run under strace: the result, the first pid, and each process's calls until it executes.

    `before` are words of a wrapper around strace, `caller` those by which strace starts `argv`. strace
    stays root: else the kernel would ignore the set-user-ID bit of newuidmap(1).
    """
    prefix = os.path.join(folder, "trace")
    wrapper = [*before, "strace", "-ff", "--pidns-translation", "-v", "-s", "100000", "-e", "trace=" + CALLS, "-e",
               "signal=none", "-o", prefix, "--", *caller, *argv]
    result = harness.Run(wrapper, **options).wait()
    processes, first = {}, None
    for name in os.listdir(folder):
        if not name.startswith("trace."):
            continue
        calls, began = [], False
        with open(os.path.join(folder, name)) as file:
            for line in file:
                found = LINE.match(line)
                if not found or (int(found[3]) < 0 and found[4].startswith(" E")):
                    continue
                call = Call(*found.groups())
                if call.line.startswith("execve " + json.dumps(argv[:1])[:-1]) and not began:
                    began, first, calls = True, int(name.rpartition(".")[2]), []
                    continue
                if call.line:
                    calls.append(call)
                if call.line.startswith("execve ") and call.line.partition('"')[2].partition('"')[0] not in caller[:1]:
                    break
        processes[int(name.rpartition(".")[2])] = calls
        os.unlink(os.path.join(folder, name))
    return result, first, processes


def kinds_of(step):
    return " ".join(sorted("CLONE_NEW" + KINDS[kind] for kind in step["kinds"]))


def q(*words):
    return re.escape(" ".join(word for word in words if word)) + "\n"


def helpers_of(step):
    """The programs that write maps for who may not: each with its arguments after the pid."""
    if step["do"] != "write-id-maps" or not step["by_helper"]:
        return []
    return [[name] + [str(extent[key]) for extent in step[which]["extents"] for key in ("inside", "outside", "count")]
            for which, name in (("uid", "newuidmap"), ("gid", "newgidmap")) if step[which]["extents"]]


def number_of(who, find, field):
    """The id of a user or group that is named, or written as a number."""
    return getattr(find(who), field) if isinstance(who, str) else who


def calls_of(step):
    """A regular expression for the calls that one step of a plan takes."""
    do = step["do"]
    if do == "unshare":
        return q("unshare", kinds_of(step))
    if do == "fork":
        return q("clone")
    if do == "clone":
        if step["by_launcher"]:
            return q("clone")
        return q("clone", "CLONE_VM" if step["shares_memory"] else "", kinds_of(step))
    if do == "join":
        one = "|".join(q("setns", "CLONE_NEW" + KINDS[target["kind"]]) for target in step["targets"])
        enters_user = any(target["kind"] == "user" for target in step["targets"])
        return f"({one}|setresgid 0\n|setgroups\n|setresuid 0\n)+" if enters_user else f"({one}){{{len(step['targets'])}}}"
    if do == "write-id-maps":
        return q("clone", "CLONE_VM") * len(helpers_of(step))
    if do == "await-id-maps":
        return ("setresgid 0\n" if step["become_gid_0"] else "") + ("setresuid 0\n" if step["become_uid_0"] else "")
    if do == "set-clock-offsets":
        return q("setns", "CLONE_NEWTIME") if step["enter"] else ""
    if do == "tie-to-maker":
        return q("tie", signal.Signals(step["signal"]).name)
    if do == "set-propagation":
        word = {"private": "MS_PRIVATE", "slave": "MS_SLAVE", "shared": "MS_SHARED"}.get(step["mode"])
        return q("mount none / NULL", " ".join(sorted(["MS_REC", word])), "") if word else ""
    if do == "make-private":
        return r"mount none \S+ NULL MS_PRIVATE\n"
    if do == "mount-proc":
        options = [f"hidepid={step['hidepid']}"] * bool(step["hidepid"]) + ["subset=pid"] * step["subset_pid"]
        return (r"mount proc (\.|" + re.escape(step["target"]) + ") proc MS_NODEV MS_NOEXEC MS_NOSUID" +
                (" " + re.escape(",".join(options)) if options else "") + "\n")
    if do == "mount":
        return MOUNTS.get(step["type"], q("fsopen", step["type"]) + "fsmount\nmove_mount\n(mount_setattr\n)?")
    if do == "change-root":
        return r"((fsopen \w+|fsmount|open_tree|mount_setattr|move_mount|mount [^\n]*)\n)*pivot_root\n" \
               r"((fsopen \w+|fsmount|open_tree|mount_setattr|move_mount|mount [^\n]*)\n)*"
    if do == "detach-old-root":
        return "pivot_root\numount2\n"
    if do == "mask-path":
        return "(fsopen tmpfs\nfsmount\nmove_mount\n|open_tree\nmove_mount\n)?"
    if do == "read-only-path":
        return "(open_tree\nmount_setattr\nmove_mount\n)?"
    if do == "read-only-root":
        return "mount_setattr\n"
    if do in ("set-hostname", "set-domainname"):
        return q(do.replace("-", ""), step["name"])
    if do == "set-credentials":
        uid, gid = number_of(step["uid"], pwd.getpwnam, "pw_uid"), number_of(step["gid"], grp.getgrnam, "gr_gid")
        if gid is None and isinstance(step["uid"], str):
            gid = pwd.getpwnam(step["uid"]).pw_gid
        groups = "" if step["groups"] is None else \
            q("setgroups", *(str(number_of(group, grp.getgrnam, "gr_gid")) for group in step["groups"]))
        ids = {name: "" if number is None else q(name, str(number))
               for name, number in (("setresgid", gid), ("setresuid", uid))}
        return "(capabilities\n)?" + groups + ids["setresgid"] + ids["setresuid"]
    if do == "set-capabilities":
        return "(capabilities\n)+"
    if do == "set-no-new-privs":
        return "no-new-privs\n"
    if do == "own-group":
        return "setpgid\n"
    if do in ("new-session", "new-terminal"):
        return "(setsid\n)?"  # A session's leader has no need of it.
    if do == "become-subreaper":
        return "subreaper\n"
    if do == "exec":
        argv = list(step["argv"])
        if step["argv0"] is not None:
            argv[0] = step["argv0"]
        return re.escape("execve " + json.dumps(argv)) + "\n"
    return ""  # Files and limits: no call that is traced.


def is_helper(calls):
    return len(calls) == 1 and calls[0].argv[:1] in (["newuidmap"], ["newgidmap"])


def is_probe(calls):
    """A look whether a process is ready: in its namespaces, in a process group of its own."""
    return re.match(r"tie SIGKILL\n(setns [^\n]*\n)?setpgid\n(clone\n)?$", "".join(call.line + "\n" for call in calls))


class Untrue(AssertionError):
    """A plan and a trace that differ."""


def compare(plan, first, traced):
    """That each process of the plan did its steps in order, and nothing else. Returns how many did.

    Four things are no steps. The supervisor becomes a subreaper, and it may give up a capability and take
    it again before it makes anything, to read a fact for the plan. newuidmap(1) and newgidmap(1) are
    processes that it starts in a step that says so, with the ranges of that step, and what they do inside
    is theirs. Where something waits until others are ready, it looks as often as it takes.
    """
    processes = {process["id"]: process for process in plan["processes"]}
    has_ready = any(condition["is"] == "ready" for gate in plan["gates"] for condition in gate["conditions"])
    places, by_launcher = {0: first}, set()
    done = 0
    for number in sorted(processes):
        process = processes[number]
        calls = list(traced.get(places.get(number), []))
        if number == 0:
            calls = [call for call in calls if call.line != "subreaper"]
            if [call.line for call in calls[:2]] == ["capabilities"] * 2:
                calls = calls[2:]
            if has_ready:
                calls = [call for call in calls if not (call.child and is_probe(traced[call.child]))]
        made = [call.child for call in calls if call.child]
        helpers = [traced[pid][0].argv for pid in made if is_helper(traced[pid])]
        planned = [words for step in process["steps"] for words in helpers_of(step)]
        if [[argv[0], *argv[2:]] for argv in helpers] != planned:
            raise Untrue(f"{process['role']}: helpers planned {planned}, seen {helpers}")
        made = [pid for pid in made if not is_helper(traced[pid])]
        children = [step for step in process["steps"] if step["do"] in ("fork", "clone")]
        expected = "".join(calls_of(step) for step in process["steps"])
        seen = "".join(call.line + "\n" for call in calls)
        if not re.fullmatch(expected, seen):
            raise Untrue(f"{process['address'] or 'pidns'} ({process['role']}): planned\n{expected}\nseen\n{seen}")
        for step, pid in zip(children, made):
            if step.get("by_launcher"):
                inside = traced[pid]
                by_launcher.add(pid)
                if [call.line for call in inside] != ["clone CLONE_PARENT " + kinds_of(step)]:
                    raise Untrue(f"the launcher for {step['child']} did {[call.line for call in inside]}")
                pid = inside[0].child
            places[step["child"]] = pid
        done += 1
    return done


def plan_of(argv, **options):
    """The plan as JSON of what `argv`, `… pidns run …`, does."""
    at = argv.index("run")
    return json.loads(harness.Run([*argv[:at], "plan", "--format", "json", *argv[at + 1:]], **options).wait().out)
