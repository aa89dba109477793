/// Every refusal and warning of check, at its line and column.

#include <sys/resource.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "check/shell.h"
#include "findings.h"

using namespace pidns;
using namespace pidns::testing;

namespace {

/// A node that runs `a`, with these lines between.
Lines node(const std::string& lines, const CallerFacts& facts = {}) {
  return judging("pidns: 1\n" + lines + "\ncommand: [a]\n", facts);
}

CallerFacts nobody() {
  CallerFacts facts;
  facts.uid = facts.gid = 1000;
  facts.capabilities = 0;
  return facts;
}

}  // namespace

TEST_CASE("every key that needs a namespace of the node's own") {
  CHECK(node("domainname: a") == Lines{"2:1: error: `domainname` needs a new uts namespace"});
  for (const char* line :
       {"mount-proc: true", "mount-proc: /x", "propagation: private", "root: /x", "read-only-root: true",
        "mounts: [{type: tmpfs, target: /x}]", "masked-paths: [/x]", "read-only-paths: [/x]"}) {
    const std::string key = std::string(line).substr(0, std::string(line).find(':'));
    CHECK(node(line) == Lines{"2:1: error: `" + key + "` needs a new mount namespace"});
  }
  CHECK(node("mount-proc: false\nread-only-root: false") == Lines{});
  for (const char* line : {"uid-map: root", "gid-map: root", "setgroups: deny"}) {
    const std::string key = std::string(line).substr(0, std::string(line).find(':'));
    CHECK(node(line) == Lines{"2:1: error: `" + key + "` needs a new user namespace"});
  }
  CHECK(node("monotonic: 5s\nboottime: -5s") == Lines{"2:1: error: `monotonic` needs a new time namespace",
                                                      "3:1: error: `boottime` needs a new time namespace"});
  CHECK(node("join: {uts: 5}\nhostname: a") == Lines{"3:1: error: `hostname` needs a new uts namespace"});
}

TEST_CASE("a need says where and how") {
  const auto judged = judge("pidns: 1\nunshare: [pid, mount]\nmount-proc: true\nhostname: web\ncommand: [a]\n");
  REQUIRE(judged.findings == Lines{"4:1: error: `hostname` needs a new uts namespace"});
  const Diagnostic& found = judged.diagnostics.all()[0];
  CHECK(found.fix == "unshare: [pid, mount, uts]");
  REQUIRE(found.labels.size() == 1);
  CHECK(found.labels[0].text == "`uts` would go here");
  CHECK(found.labels[0].span == Span{18, 30});
}

TEST_CASE("levels end") {
  const auto nested = [](int levels, const std::string& kind) {
    std::string text = "pidns: 1\n";
    std::string indent;
    for (int i = 0; i < levels; ++i) {
      text += indent + "namespaces:\n" + indent + " n:\n" + indent + "  unshare: [" + kind + "]\n";
      indent += "  ";
    }
    return text + indent + "command: [a]\n";
  };
  CallerFacts facts;
  CHECK(judging(nested(33, "user"), facts) == Lines{});
  CHECK(judging(nested(35, "user"), facts) ==
        Lines{"103:69: error: more than 33 user namespaces nested below the initial one"});
  facts.pid_level = 1;
  const auto found = judging(nested(33, "pid"), facts);
  const std::string wanted = "97:65: error: more than 32 pid namespaces nested below the initial one";
  CHECK(std::find(found.begin(), found.end(), wanted) != found.end());
  CHECK(judging(nested(31, "pid"), facts).size() == 1);
  facts.pid_level.reset();
  CHECK(judging(nested(32, "pid"), facts).size() == 1);
}

TEST_CASE("without privilege other namespaces are made below a user namespace") {
  const auto judged =
      judge("pidns: 1\nunshare: [uts, net]\nnamespaces: {a: {unshare: [ipc], command: [b]}}\n", nobody());
  REQUIRE(judged.findings ==
          Lines{"2:1: error: new uts and net namespaces need CAP_SYS_ADMIN, which the caller does not have"});
  CHECK(judged.diagnostics.all()[0].fix == "unshare: [user, uts, net]");
  CHECK(node("unshare: [user, uts]", nobody()) == Lines{});
  CHECK(judging("pidns: 1\nunshare: [user]\nnamespaces: {a: {unshare: [ipc], command: [b]}}\n", nobody()) == Lines{});
}

TEST_CASE("who is PID 1") {
  CHECK(node("init: false") == Lines{"2:1: error: `init: false` on a node without a new pid namespace"});
  CHECK(node("init: true") == Lines{"2:1: error: `init` needs a new pid namespace"});
  CHECK(
      judging(
          "pidns: 1\nunshare: [pid, mount]\nmount-proc: true\ninit: false\nprocesses: {a: {command: [b]}, c: {command: "
          "[d]}}\n") == Lines{"4:1: error: `init: false` on a node that is more than one process"});
  CHECK(
      judging("pidns: 1\nunshare: [pid, mount]\nmount-proc: true\ninit: x\nprocesses: {a: {command: [b]}, c: {command: "
              "[d]}}\n") == Lines{"4:7: error: `init` names `x`, which is no process of this node"});
  const std::string head = "pidns: 1\nunshare: [pid, mount]\nmount-proc: true\n";
  CHECK(judging(head + "script: sleep 1 & wait\n") ==
        Lines{"4:1: warning: a script with a background `&` is PID 1, and nobody reaps orphans"});
  CHECK(judging(head + "init: true\nscript: sleep 1 & wait\n") == Lines{});
}

TEST_CASE("background jobs and traps are guessed from a script") {
  for (const char* script : {"a &", "a & b", "a&\nb", "(a; b) &"}) CHECK(has_background_job(script));
  for (const char* script :
       {"a && b", "a 2>&1", "a &>f", "echo '&'", "echo \"&\"", "# a & b", "a \\& b", "cat <&3", "a # x &"})
    CHECK_FALSE(has_background_job(script));
  CHECK(has_trap("trap 'exit' TERM\nsleep 1"));
  CHECK(has_trap("x; trap - TERM"));
  CHECK_FALSE(has_trap("echo trapped; mytrap x"));
  CHECK_FALSE(has_trap("# trap x"));
}

TEST_CASE("what the death of a maker does") {
  const std::string head = "pidns: 1\nunshare: [pid, mount]\nmount-proc: true\n";
  const Lines deaf{"4:1: warning: `kill-child: SIGTERM` does nothing to a PID 1 that does not handle SIGTERM"};
  CHECK(judging(head + "kill-child: TERM\ncommand: [sleep, 9]\n") == deaf);
  CHECK(judging(head + "kill-child: TERM\nscript: sleep 9\n") == deaf);
  CHECK(judging(head + "kill-child: TERM\nscript: trap exit TERM; sleep 9\n") == Lines{});
  CHECK(judging(head + "kill-child: TERM\ninit: true\ncommand: [sleep, 9]\n") == Lines{});
  CHECK(judging(head + "kill-child: false\ncommand: [sleep, 9]\n") ==
        Lines{"4:1: warning: with `kill-child: false` what runs here outlives pidns"});
  CHECK(judging(head + "namespaces: {a: {kill-child: false, command: [b]}}\n") == Lines{});
  CHECK(judging(head + "namespaces: {a: {kill-child: TERM, command: [b]}}\n") ==
        Lines{"4:18: warning: SIGTERM cannot arrive when the init around this node is killed"});
  CHECK(judging(head + "kill-child: TERM\nnamespaces: {a: {kill-child: TERM, command: [b]}}\n") == Lines{});
}

TEST_CASE("/proc, propagation and mounts over others") {
  CHECK(node("unshare: [pid]") == Lines{"2:1: warning: a new pid namespace without `mount-proc`"});
  CHECK(node("unshare: [pid, mount]\nmount-proc: false") == Lines{});
  CHECK(
      judging("pidns: 1\nunshare: [pid]\nnamespaces: {a: {unshare: [pid, mount], mount-proc: true, command: [b]}}\n") ==
      Lines{});
  CHECK(judging("pidns: 1\nunshare: [pid]\nnamespaces: {a: {command: [b]}}\n").size() == 1);
  for (const char* word : {"shared", "unchanged"}) {
    const std::string line = "\npropagation: " + std::string(word);
    CHECK(node("unshare: [mount]" + line) ==
          Lines{"3:1: warning: what this node mounts can reach the node around it, and outlive the run"});
    CHECK(node("unshare: [user, mount]" + line) == Lines{});
  }
  CHECK(node("unshare: [mount]\npropagation: slave") == Lines{});
  CHECK(node("unshare: [mount]\nroot: /x\npropagation: shared") ==
        Lines{"4:1: error: `root` with `propagation: shared`"});
  CallerFacts shared;
  shared.root_is_shared = true;
  CHECK(node("unshare: [mount]\nroot: /x\npropagation: unchanged", shared) ==
        Lines{"4:1: error: `root` with `propagation: unchanged` where `/` is shared"});
  CHECK(node("unshare: [mount]\nmounts:\n- {type: tmpfs, target: /a/b}\n- {type: tmpfs, target: /a}\n- {type: tmpfs, "
             "target: /ab}") == Lines{"5:3: warning: this mount on `/a` hides an earlier one"});
  CHECK(node("unshare: [mount]\nmount-proc: true\nmounts:\n- {type: tmpfs, target: /proc}") ==
        Lines{"5:3: warning: this mount and the procfs of `mount-proc` hide one another"});
}

TEST_CASE("at or below a user level only what is owned there is mounted") {
  CHECK(node("unshare: [user, mount]\nmount-proc: true") ==
        Lines{"3:1: error: a new proc needs a pid namespace made at or below the `user` level"});
  CHECK(node("unshare: [user, mount, pid]\nmount-proc: true") == Lines{});
  CHECK(node("unshare: [user, mount]\nmounts:\n- {type: sysfs, target: /a}\n- {type: mqueue, target: /b}\n"
             "- {type: cgroup2, target: /c}\n- {type: devtmpfs, target: /d}") ==
        Lines{"4:3: error: a new sysfs needs a net namespace made at or below the `user` level",
              "5:3: error: a new mqueue needs an ipc namespace made at or below the `user` level",
              "6:3: error: a new cgroup2 needs a cgroup namespace made at or below the `user` level",
              "7:3: error: `devtmpfs` cannot be mounted at or below a `user` level"});
  CHECK(
      judging(
          "pidns: 1\nunshare: [net, mount]\nnamespaces:\n  a:\n    unshare: [user, mount]\n    mounts: [{type: sysfs, "
          "target: /sys}]\n    command: [b]\n")
          .size() == 1);
  CHECK(node("unshare: [user, mount]\nmounts: [{type: devpts, target: /a, options: [gid=5]}]") ==
        Lines{"3:10: error: devpts with `gid=5`, which is not mapped"});
  const std::string inner = "namespaces: {a: {unshare: [user, pid, mount], mount-proc: true, command: [b]}}\n";
  CHECK(judging("pidns: 1\nunshare: [mount]\nmasked-paths: [/proc/kcore]\n" + inner) ==
        Lines{"4:47: error: a new proc in a user namespace where a part of /proc is hidden around it"});
  CHECK(judging("pidns: 1\nunshare: [mount]\nroot: {type: tmpfs}\n" + inner) ==
        Lines{"4:47: error: a new proc in a user namespace where the root around it has none"});
}

TEST_CASE("id maps") {
  const std::string head = "unshare: [user]\nuid-map:\n";
  CHECK(node(head + "- {inside: 0, outside: 0, count: 10}\n- {inside: 9, outside: 100, count: 1}") ==
        Lines{"5:3: error: this extent overlaps another inside"});
  CHECK(node(head + "- {inside: 0, outside: 0, count: 10}\n- {inside: 10, outside: 9, count: 1}") ==
        Lines{"5:3: error: this extent overlaps another outside"});
  CHECK(node(head + "- {inside: 5, outside: 0, count: 4294967295}") ==
        Lines{"4:3: error: an extent that goes beyond the last id, 4294967294"});
  CHECK(node("unshare: [user]\nuid-map: none") ==
        Lines{"3:1: warning: `uid-map: none` leaves every id the overflow id"});
  CHECK(judging("pidns: 1\nunshare: [user]\nnamespaces: {a: {unshare: [user], uid-map: auto, command: [b]}}\n") ==
        Lines{"3:35: error: `uid-map: auto` inside another user namespace"});
  CHECK(judging("pidns: 1\nunshare: [user]\nnamespaces:\n  a:\n    unshare: [user]\n    uid-map: [{inside: 0, outside: "
                "7, count: 1}]\n"
                "    command: [b]\n") ==
        Lines{"6:15: error: these ids are not in the map of the user namespace around it"});
}

TEST_CASE("ids of processes") {
  CHECK(node("unshare: [user]\nuid: 5") == Lines{"3:6: error: uid 5 is not in the map of this node's user namespace"});
  CHECK(node("unshare: [user]\nuid: 0\ngid: 0") == Lines{});
  CHECK(node("unshare: [user]\nuid: 0", nobody()) ==
        Lines{"3:1: warning: the supplementary groups stay, since setgroups(2) is denied"});
  CHECK(node("unshare: [user]\nsetgroups: deny\ngroups: [0]") ==
        Lines{"4:1: error: `groups` where setgroups(2) is denied"});
  CHECK(node("unshare: [user]\nsetgroups: allow", nobody()) ==
        Lines{"3:1: error: `setgroups: allow` where it is denied"});
  CHECK(node("uid: 5\ngroups: [7]") == Lines{});
}

TEST_CASE("kernel parameters belong to a namespace of the node") {
  CHECK(node("unshare: [net, ipc, user]\nsysctls: {net.ipv4.ip_forward: 1, kernel.shmmax: 5, kernel.sem: x, "
             "user.max_pid_namespaces: 5, fs.mqueue.msg_max: 1}") == Lines{});
  CHECK(node("sysctls: {net.core.somaxconn: 1, kernel.pid_max: 500, kernel.panic: 1}") ==
        Lines{"2:11: error: `net.core.somaxconn` needs a new net namespace",
              "2:34: error: `kernel.pid_max` needs a new pid namespace",
              "2:55: error: `kernel.panic` belongs to no namespace: it would change the whole machine"});
}

TEST_CASE("what stands once, or beside another key") {
  CHECK(node("unshare: [net]\njoin: {net: 5}") == Lines{"3:8: error: `net` is both made new and joined"});
  CHECK(node("unshare: [nett]\njoin: {net: 5}").size() == 1);
  CHECK(node("keep-env: [A]") == Lines{"2:1: error: `keep-env` needs `clear-env`"});
  CHECK(node("keep-env: [A]\nclear-env: true") == Lines{});
  CHECK(judging("pidns: 1\nargv0: x\nscript: a\n") == Lines{"2:1: error: `argv0` needs `command`"});
  CHECK(judging("pidns: 1\nprocesses: {a: {command: [b], main: true}, c: {command: [d], main: true}}\n") ==
        Lines{"2:62: error: a second process with `main: true`"});
  CHECK(judging("pidns: 1\ncommand: [bin/a]\n") ==
        Lines{"2:1: warning: the command `bin/a` is looked for from the process's cwd"});
}

TEST_CASE("replicas") {
  CHECK(node("replicas: 2") == Lines{"2:1: error: `replicas` on the root"});
  CHECK(
      judging(
          "pidns: 1\nprocesses: {web: {command: [b], replicas: 3}, web-2: {command: [d]}, web-4: {command: [e]}}\n") ==
      Lines{"2:33: error: a copy would be called `web-2`, which exists already"});
  CHECK(judging("pidns: 1\nnamespaces: {a: {replicas: 10000, processes: {b: {replicas: 10000, command: [c]}}}}\n") ==
        Lines{"1:1: error: more than 200,000 processes and nodes after replicas"});
}

TEST_CASE("what only a privileged caller may give a process") {
  CallerFacts facts = nobody();
  facts.permitted = 0;
  facts.hard_limits[RLIMIT_CORE] = 10;
  facts.least_oom_score_adj = 0;
  CHECK(node("rlimits: {core: 11}", facts) == Lines{"2:11: error: `core` above the caller's hard limit"});
  CHECK(node("rlimits: {core: 10}\nnice: 0\noom-score-adj: 0\ncapabilities: all", facts) == Lines{});
  CHECK(node("nice: -1", facts) == Lines{"2:1: error: a nice value below the caller's"});
  CHECK(node("oom-score-adj: -1", facts) ==
        Lines{"2:1: error: an `oom-score-adj` below the least that the caller may set"});
  CHECK(node("capabilities: [CAP_KILL]", facts) == Lines{"2:16: error: the caller does not have CAP_KILL"});
  CHECK(node("uid: 1000", facts) == Lines{"2:1: error: a process without the caller's groups needs CAP_SETGID, which "
                                          "the caller does not have"});
  facts.nice_limit = 25;
  CHECK(node("nice: -5", facts) == Lines{});
  CHECK(node("nice: -6", facts).size() == 1);
  // In the initial user namespace a privilege counts; inside one of the spec's only the maker has it.
  CHECK(node("nice: -5\nunshare: [user]") == Lines{});
  CHECK(judging("pidns: 1\nunshare: [user]\nnamespaces: {a: {nice: -5, command: [a]}}\n") ==
        Lines{"3:18: error: a nice value below the caller's"});
}

TEST_CASE("what there is once stands in no copy") {
  const auto nested = [](const std::string& key) {
    return judging("pidns: 1\nnamespaces:\n  a:\n    replicas: 2\n    namespaces: {b: {command: [a], " + key + "}}\n");
  };
  CHECK(nested("main: true") == Lines{"4:5: error: `replicas` on a node around the process with `main: true`"});
  CHECK(nested("terminal: new") == Lines{"4:5: error: `replicas` on a node around the process with `terminal: new`"});
  CHECK(nested("terminal: none") == Lines{});
}

TEST_CASE("root of an ipc namespace") {
  const std::string sysctl = "unshare: [user, ipc]\nsysctls: {kernel.shmmni: 9}\nuid-map: [{inside: 7, outside: 0, count: 1}";
  // Nobody else is root there: so it is who is root outside.
  CHECK(node(sysctl + "]") == Lines{});
  CHECK(node(sysctl + ", {inside: 0, outside: 5, count: 1}]") ==
        Lines{"3:11: error: `kernel.shmmni` is set by uid 0 only, and this node's is 7"});
  // Below a joined user namespace, whose ids nobody knows here.
  CallerFacts user;
  user.uid = user.gid = 1000;
  const Lines found = judging("pidns: 1\njoin: {user: 7}\nnamespaces:\n  a:\n    unshare: [user, ipc]\n    uid-map: none\n"
                              "    sysctls: {kernel.shmmni: 9}\n    command: [a]\n", user);
  CHECK(std::find(found.begin(), found.end(),
                  "7:15: error: `kernel.shmmni` is set by uid 0 only, and this node's is 65534") != found.end());
}

TEST_CASE("who makes a user namespace has ids") {
  CHECK(judging("pidns: 1\nunshare: [user]\nuid-map: [{inside: 7, outside: 5, count: 1}]\nnamespaces:\n"
                "  a: {unshare: [user], command: [a]}\n") ==
        Lines{"5:7: error: a user namespace made by a process without a uid"});
  // Whose id is not mapped starts as 0 where that is.
  CHECK(judging("pidns: 1\nunshare: [user]\nuid-map: [{inside: 0, outside: 5, count: 1}]\nnamespaces:\n"
                "  a: {unshare: [user], command: [a]}\n") == Lines{});
}

TEST_CASE("maps of callers without privilege") {
  CallerFacts facts = nobody();
  facts.subuid = {{0, 5000, 10}, {0, 5010, 10}};
  const std::string head = "unshare: [user]\nuid-map: [{inside: 0, outside: ";
  CHECK(node(head + "5005, count: 15}]", facts) == Lines{});
  CHECK(node(head + "1000, count: 1}]", facts) == Lines{});
  CHECK(node(head + "5005, count: 16}]", facts) == Lines{"3:11: error: ids that the caller may not map"});
  CHECK(node(head + "1000, count: 2}]", facts) == Lines{"3:11: error: ids that the caller may not map"});
}

TEST_CASE("joins from inside what the spec makes") {
  CHECK(judging("pidns: 1\nunshare: [user]\nnamespaces: {a: {join: {uts: 1}, command: [a]}}\n") ==
        Lines{"3:18: error: `join` at or below a node with a new user namespace"});
  CHECK(node("unshare: [user]\njoin: {uts: 1}") == Lines{});
  CHECK(node("join: {uts: 1}", nobody()) ==
        Lines{"2:1: error: `join` needs CAP_SYS_ADMIN, which the caller does not have"});
  CHECK(node("join: {uts: 1, user: 1}", nobody()) == Lines{});
}

TEST_CASE("maps of a page and more") {
  std::string map = "unshare: [user]\nuid-map:";
  for (int i = 0; i < 130; ++i)
    map += "\n- {inside: " + std::to_string(4000000000 + i) + ", outside: " + std::to_string(4000000000 + i) +
           ", count: 1000000000}";
  bool found = false;
  for (const std::string& line : node(map)) found = found || line == "3:1: error: `uid-map` has 4290 bytes as text";
  CHECK(found);
}
