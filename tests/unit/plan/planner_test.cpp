/// Which processes a spec becomes, and the canonical program of each.

#include "plan/planner.h"

#include <catch2/catch.hpp>
#include <csignal>

#include "plan/graphs.h"

using namespace pidns;
using namespace pidns::testing;

TEST_CASE("plain: a command of the supervisor, tied to it") {
  const auto lab = canonical("pidns: 1\ncommand: [a]\n");
  CHECK(programs(lab.graph) == Lines{"supervisor: Fork Supervise", "/: TieToMaker Exec"});
  CHECK(only<TieToMaker>(lab.graph, "/").signal == SIGKILL);
  CHECK_FALSE(process(lab.graph, "/").is_pid1);
  CHECK(lab.graph.name == "lab");
  CHECK(broken(lab).empty());
}

TEST_CASE("leaf: unshared by itself, or behind a launcher as PID 1") {
  const auto names = canonical("pidns: 1\nunshare: [mount, uts]\nhostname: a\ncommand: [a]\n");
  CHECK(programs(names.graph) ==
        Lines{"supervisor: Fork Supervise", "/: TieToMaker Unshare SetPropagation SetHostname Exec"});

  const auto first = canonical("pidns: 1\nunshare: [pid, mount]\nmount-proc: true\ncommand: [a]\n");
  CHECK(programs(first.graph) == Lines{"supervisor: Fork Supervise", ".launcher: TieToMaker Unshare Fork Supervise",
                                       "/: TieToMaker SetPropagation MountProcfs Exec"});
  CHECK(process(first.graph, "/").is_pid1);
  CHECK(broken(first).empty());
}

TEST_CASE("init: ours is PID 1 and makes the members in order") {
  const auto lab = canonical(
      "pidns: 1\nunshare: [pid, mount]\n"
      "processes: {b: {command: [b]}, a: {command: [a]}}\n"
      "namespaces: {c: {unshare: [uts], hostname: c, command: [c]}}\n");
  CHECK(programs(lab.graph) == Lines{"supervisor: Fork Supervise", ".launcher: TieToMaker Unshare Fork Supervise",
                                     ".init: TieToMaker SetPropagation Fork Fork Fork StartChildren Supervise",
                                     "b: OwnGroup RedirectStream AwaitStart Exec", "a: OwnGroup RedirectStream AwaitStart Exec",
                                     "c: TieToMaker Unshare SetHostname OwnGroup RedirectStream AwaitStart Exec"});
  CHECK(process(lab.graph, ".init").is_pid1);
  CHECK(process(lab.graph, ".init").role == Role::init);
  CHECK(broken(lab).empty());
  CHECK(canonical("pidns: 1\nunshare: [pid]\ninit: true\ncommand: [a]\n").graph.processes.size() == 4);
}

TEST_CASE("holder: no pid namespace of its own") {
  const auto lab = canonical(
      "pidns: 1\nunshare: [uts]\nhostname: a\nkill-child: SIGTERM\n"
      "processes: {a: {command: [a]}, b: {command: [b]}}\n");
  CHECK(programs(lab.graph) == Lines{"supervisor: Fork Supervise",
                                     ".init: TieToMaker Unshare SetHostname Fork Fork Supervise",
                                     "a: TieToMaker OwnGroup RedirectStream Exec", "b: TieToMaker OwnGroup RedirectStream Exec"});
  CHECK(process(lab.graph, ".init").role == Role::holder);
  CHECK(only<TieToMaker>(lab.graph, ".init").signal == SIGKILL);
  CHECK(only<TieToMaker>(lab.graph, "a").signal == SIGTERM);
  CHECK(broken(lab).empty());
}

TEST_CASE("init: NAME is made first, set up, and released last") {
  const auto lab = canonical(
      "pidns: 1\nunshare: [pid, mount]\ninit: b\nmount-proc: true\n"
      "processes: {a: {command: [a]}, b: {command: [b]}}\nnamespaces: {c: {command: [c]}}\n");
  CHECK(programs(lab.graph) == Lines{"supervisor: Fork Supervise",
                                     ".init: TieToMaker Unshare Fork AwaitSetUp Fork Fork Release Supervise",
                                     "a: TieToMaker OwnGroup RedirectStream Exec",
                                     "b: TieToMaker SetPropagation MountProcfs OwnGroup RedirectStream AwaitRelease Exec",
                                     "c: TieToMaker OwnGroup RedirectStream Exec"});
  CHECK(process(lab.graph, "b").is_pid1);
  CHECK_FALSE(process(lab.graph, "a").is_pid1);
  // Made first, but numbered by its place in the document.
  CHECK(all<Fork>(process(lab.graph, ".init"))[0]->child == process(lab.graph, "b").id);
  CHECK(only<AwaitSetUp>(lab.graph, ".init").child == process(lab.graph, "b").id);
  CHECK(only<Release>(lab.graph, ".init").child == process(lab.graph, "b").id);
  CHECK(broken(lab).empty());
}

TEST_CASE("join: entered before anything is made new") {
  const auto lab = canonical("pidns: 1\nunshare: [uts]\nhostname: a\njoin: {net: run/net}\ncommand: [a]\n");
  CHECK(programs(lab.graph) == Lines{"supervisor: Fork Supervise", "/: TieToMaker Join Unshare SetHostname Exec"});
  const auto& targets = only<Join>(lab.graph, "/").targets;
  REQUIRE(targets.size() == 1);
  CHECK(std::get<std::string>(targets[0].value.target) == "/specs/run/net");
  CHECK(broken(lab).empty());

  // Another's user namespace clears the tie, another's mount namespace has other folders.
  const auto foreign = canonical("pidns: 1\njoin: {user: 7, mount: 7}\ncommand: [a]\n");
  CHECK(program(foreign.graph, "/") == "TieToMaker Join TieToMaker ChangeDirectory Exec");
  CHECK(broken(foreign).empty());
}

TEST_CASE("join pid: a holder inside, as a subreaper, behind a launcher") {
  const auto lab = canonical("pidns: 1\njoin: {pid: 7}\ncommand: [a]\n");
  CHECK(programs(lab.graph) == Lines{"supervisor: Fork Supervise", ".launcher: TieToMaker Join Fork Supervise",
                                     ".init: TieToMaker BecomeSubreaper Fork Supervise", "/: TieToMaker Exec"});
  CHECK(ends_what_is_left(process(lab.graph, ".init")));
  CHECK_FALSE(process(lab.graph, ".init").is_pid1);
  CHECK(broken(lab).empty());
}

TEST_CASE("ids are preorder numbers, and the same spec gives the same graph") {
  const char* text =
      "pidns: 1\nunshare: [pid]\nprocesses: {z: {command: [z]}}\n"
      "namespaces:\n"
      "  y: {unshare: [uts], processes: {p: {command: [p]}, o: {command: [o]}}, namespaces: {n: {command: [n]}}}\n"
      "  x: {command: [x]}\n";
  const auto lab = canonical(text);
  Lines addresses;
  for (std::size_t i = 0; i < lab.graph.processes.size(); ++i) {
    const Process& process = lab.graph.processes[i];
    CHECK(index(process.id) == i);
    CHECK((i == 0 ? process.maker == no_process : index(process.maker) < i));
    addresses.push_back(process.address);
  }
  CHECK(addresses == Lines{"", ".launcher", ".init", "z", "y/.init", "y/p", "y/o", "y/n", "x"});
  Lines nodes;
  for (const auto& node : lab.graph.nodes) nodes.push_back(node.address);
  CHECK(nodes == Lines{"/", "y", "y/n", "x"});
  CHECK(index(lab.graph.nodes[2].parent) == 1);
  CHECK(index(lab.graph.nodes[0].parent) == 0);
  CHECK(programs(canonical(text).graph) == programs(lab.graph));
  CHECK(broken(lab).empty());
}

TEST_CASE("the address of a node with one process of its own is that process's") {
  const auto lab = canonical(
      "pidns: 1\nunshare: [pid]\ncommand: [r]\nnamespaces: {a: {unshare: [uts], processes: {b: {command: [b]}}}}\n");
  CHECK(process(lab.graph, "/").role == Role::command);
  CHECK(process(lab.graph, "a/b").role == Role::command);
}

TEST_CASE("stdin is null where several processes would read it, but for main") {
  const auto several = canonical(
      "pidns: 1\nprocesses:\n  a: {command: [a]}\n  b: {command: [b], main: true}\n  c: {command: [c], stdin: "
      "in.txt}\n");
  CHECK(only<RedirectStream>(several.graph, "a").stream.null);
  CHECK(all<RedirectStream>(process(several.graph, "b")).empty());
  CHECK(only<RedirectStream>(several.graph, "c").stream.path == "/specs/in.txt");
  CHECK(process(several.graph, "a").steps[1].origin.is_default);
  CHECK(all<RedirectStream>(process(canonical("pidns: 1\ncommand: [a]\n").graph, "/")).empty());
}

TEST_CASE("kill-child ties the first process, an init's members die with it") {
  const auto off =
      canonical("pidns: 1\nkill-child: false\nunshare: [pid]\nprocesses: {a: {command: [a]}, b: {command: [b]}}\n");
  CHECK(program(off.graph, ".init") == "Fork Fork StartChildren Supervise");
  CHECK(program(off.graph, ".launcher") == "TieToMaker Unshare Fork Supervise");
  CHECK(program(off.graph, "a") == "OwnGroup RedirectStream AwaitStart Exec");
  CHECK(broken(off).empty());
  const auto term = canonical("pidns: 1\nkill-child: SIGTERM\nunshare: [pid]\ncommand: [a]\n");
  CHECK(only<TieToMaker>(term.graph, "/").signal == SIGTERM);
  CHECK(only<TieToMaker>(term.graph, ".launcher").signal == SIGKILL);
}

TEST_CASE("how a process is asked to end stands with it") {
  const auto lab = canonical(
      "pidns: 1\nprocesses: {a: {command: [a], stop-signal: SIGINT, stop-timeout: 2s, timeout: 5s}, b: {command: "
      "[b]}}\n");
  const Process& a = process(lab.graph, "a");
  CHECK(a.stop_signal == SIGINT);
  CHECK(a.stop_signal_written);
  CHECK(a.stop_timeout == std::chrono::seconds(2));
  CHECK(a.timeout == std::chrono::seconds(5));
  const Process& b = process(lab.graph, "b");
  CHECK(b.stop_signal == SIGTERM);
  CHECK_FALSE(b.stop_signal_written);
  CHECK(b.stop_timeout == std::chrono::seconds(10));
  CHECK(b.timeout == Duration{0});
}

TEST_CASE("clock offsets are written before anybody is in the time namespace") {
  const auto leaf = canonical("pidns: 1\nunshare: [time]\nmonotonic: 5s\ncommand: [a]\n");
  CHECK(program(leaf.graph, "/") == "TieToMaker Unshare SetClockOffsets Exec");
  CHECK_FALSE(only<SetClockOffsets>(leaf.graph, "/").enter);
  const auto holder = canonical("pidns: 1\nunshare: [time]\nprocesses: {a: {command: [a]}, b: {command: [b]}}\n");
  CHECK(only<SetClockOffsets>(holder.graph, ".init").enter);
  const auto pid = canonical("pidns: 1\nunshare: [pid, time]\nboottime: -5s\ncommand: [a]\n");
  CHECK(program(pid.graph, ".launcher") == "TieToMaker Unshare SetClockOffsets Fork Supervise");
  CHECK(*only<SetClockOffsets>(pid.graph, ".launcher").boottime == -std::chrono::seconds(5));
  CHECK_FALSE(only<SetClockOffsets>(pid.graph, ".launcher").enter);
}
