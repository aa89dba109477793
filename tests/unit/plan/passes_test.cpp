#include "plan/passes.h"

#include <catch2/catch.hpp>
#include <csignal>

#include "plan/graphs.h"

using namespace pidns;
using namespace pidns::testing;

namespace {

const Clone& clone_of(const Planned& lab, std::string_view address) {
  const Process& child = process(lab.graph, address);
  for (const auto* clone : all<Clone>(lab.graph.process(child.maker)))
    if (clone->child == child.id) return *clone;
  throw std::runtime_error("not cloned: " + std::string(address));
}

NamespaceSet kinds(std::initializer_list<NamespaceKind> list) {
  NamespaceSet set;
  for (const NamespaceKind kind : list) set.add(kind);
  return set;
}

std::size_t count(const Planned& lab, Role role) {
  std::size_t found = 0;
  for (const auto& process : lab.graph.processes)
    if (process.role == role) ++found;
  return found;
}

}  // namespace

TEST_CASE("two levels cost two processes, not four") {
  const char* text =
      "pidns: 1\nunshare: [pid, mount, uts]\nhostname: a\nmount-proc: true\n"
      "namespaces: {b: {unshare: [pid, mount, uts], hostname: b, mount-proc: true, command: [c]}}\n";
  CHECK(canonical(text).graph.processes.size() == 5);
  const auto lab = fused(text);
  CHECK(programs(lab.graph) == Lines{"supervisor: Clone Supervise",
                                     ".init: TieToMaker SetPropagation MountProcfs SetHostname Clone Supervise",
                                     "b: TieToMaker SetPropagation MountProcfs SetHostname Exec"});
  CHECK(clone_of(lab, ".init").kinds == kinds({NamespaceKind::pid, NamespaceKind::mount, NamespaceKind::uts}));
  CHECK_FALSE(clone_of(lab, ".init").shares_memory);
  CHECK(clone_of(lab, "b").shares_memory);
  CHECK(process(lab.graph, "b").is_pid1);
  CHECK(process(lab.graph, "b").maker == process(lab.graph, ".init").id);
  CHECK(broken(lab).empty());
}

TEST_CASE("launchers go, ids stay dense and preorder") {
  const auto lab = fused(
      "pidns: 1\nunshare: [pid]\nprocesses: {a: {command: [a]}}\n"
      "namespaces: {b: {unshare: [pid], command: [b]}, c: {unshare: [user, pid], command: [c]}, d: {command: [d]}}\n");
  CHECK(count(lab, Role::launcher) == 0);
  Lines addresses;
  for (std::size_t i = 0; i < lab.graph.processes.size(); ++i) {
    CHECK(index(lab.graph.processes[i].id) == i);
    addresses.push_back(lab.graph.processes[i].address);
  }
  CHECK(addresses == Lines{"", ".init", "a", "b", "c", "d"});
  CHECK(program(lab.graph, ".init") == "TieToMaker Clone Clone Clone WriteIdMaps Clone StartChildren Supervise");
  CHECK(only<WriteIdMaps>(lab.graph, ".init").child == process(lab.graph, "c").id);
  CHECK(broken(lab).empty());
}

TEST_CASE("unshare and fork of a leaf become one clone") {
  const auto lab = fused("pidns: 1\nunshare: [mount, uts, ipc, net, cgroup]\nhostname: a\ncommand: [a]\n");
  CHECK(programs(lab.graph) ==
        Lines{"supervisor: Clone Supervise", "/: TieToMaker SetPropagation SetHostname BringUpLoopback Exec"});
  CHECK(clone_of(lab, "/").kinds == kinds({NamespaceKind::mount, NamespaceKind::uts, NamespaceKind::ipc,
                                           NamespaceKind::net, NamespaceKind::cgroup}));
}

TEST_CASE("a command without namespaces is cloned too") {
  const auto lab = fused("pidns: 1\ncommand: [a]\n");
  CHECK(programs(lab.graph) == Lines{"supervisor: Clone Supervise", "/: TieToMaker Exec"});
  CHECK(clone_of(lab, "/").kinds.empty());
  CHECK(clone_of(lab, "/").shares_memory);
}

TEST_CASE("time stays an unshare, before which offsets can be written") {
  const auto leaf = fused("pidns: 1\nunshare: [pid, time]\nmonotonic: 5s\ncommand: [a]\n");
  CHECK(program(leaf.graph, "/") == "TieToMaker Unshare SetClockOffsets Exec");
  CHECK(only<Unshare>(leaf.graph, "/").kinds == kinds({NamespaceKind::time}));
  CHECK(clone_of(leaf, "/").kinds == kinds({NamespaceKind::pid}));
  CHECK_FALSE(only<SetClockOffsets>(leaf.graph, "/").enter);
  CHECK(broken(leaf).empty());
}

TEST_CASE("an init that took the launcher's place enters the time namespace itself") {
  for (const char* offsets : {"", "boottime: 5s\n"}) {
    INFO(offsets);
    const auto lab = fused("pidns: 1\nunshare: [pid, time]\n" + std::string(offsets) +
                           "processes: {a: {command: [a]}, b: {command: [b]}}\n");
    CHECK(program(lab.graph, ".init") == "TieToMaker Unshare SetClockOffsets Clone Clone StartChildren Supervise");
    CHECK(only<SetClockOffsets>(lab.graph, ".init").enter);
    CHECK(broken(lab).empty());
  }
}

TEST_CASE("a holder keeps its pid unshare: it is for its children") {
  const auto lab = fused(
      "pidns: 1\nunshare: [pid, mount]\ninit: b\nprocesses: {a: {command: [a]}, b: {command: [b]}}\n"
      "namespaces: {c: {unshare: [pid], command: [c]}}\n");
  CHECK(programs(lab.graph) ==
        Lines{"supervisor: Clone Supervise", ".init: TieToMaker Unshare Clone AwaitSetUp Clone Clone Release Supervise",
              "a: TieToMaker OwnGroup RedirectStream Exec", "b: TieToMaker SetPropagation OwnGroup RedirectStream AwaitRelease Exec",
              "c: TieToMaker OwnGroup RedirectStream Exec"});
  CHECK(only<Unshare>(lab.graph, ".init").kinds == kinds({NamespaceKind::pid}));
  CHECK(clone_of(lab, ".init").kinds == kinds({NamespaceKind::mount}));
  CHECK(only<AwaitSetUp>(lab.graph, ".init").child == process(lab.graph, "b").id);
  CHECK(only<Release>(lab.graph, ".init").child == process(lab.graph, "b").id);
  // A further pid namespace there can only be made from inside.
  CHECK(clone_of(lab, "c").by_launcher);
  CHECK_FALSE(clone_of(lab, "c").shares_memory);
  CHECK_FALSE(clone_of(lab, "a").by_launcher);
  CHECK_FALSE(clone_of(lab, "b").by_launcher);
  CHECK(broken(lab).empty());
}

TEST_CASE("memory is shared only where that is legal") {
  CHECK(clone_of(fused("pidns: 1\nunshare: [pid, mount]\nmount-proc: true\ncommand: [a]\n"), "/").shares_memory);
  const auto refused = [](std::string_view text, const CallerFacts& facts = {}) {
    return !clone_of(fused(text, facts), "/").shares_memory;
  };
  // Undumpable, or waiting for its maker.
  CHECK(refused("pidns: 1\nunshare: [user]\ncommand: [a]\n"));
  CHECK(refused("pidns: 1\nunshare: [user]\ncommand: [a]\n", unprivileged()));
  CHECK(refused("pidns: 1\nunshare: [user]\nuid-map: none\ngid-map: none\ncommand: [a]\n", unprivileged()));
  // oom_score_adj belongs to the memory.
  CHECK(refused("pidns: 1\noom-score-adj: 5\ncommand: [a]\n"));
  CHECK(refused("pidns: 1\njoin: {uts: 7}\ncommand: [a]\n"));
  // A process that stays.
  const auto lab = fused("pidns: 1\nunshare: [uts]\nprocesses: {a: {command: [a]}, b: {command: [b]}}\n");
  CHECK_FALSE(clone_of(lab, ".init").shares_memory);
  CHECK(clone_of(lab, "a").shares_memory);
  const auto started = fused("pidns: 1\nunshare: [pid]\nprocesses: {a: {command: [a]}, b: {command: [b]}}\n");
  CHECK_FALSE(clone_of(started, "a").shares_memory);
  const auto named = fused("pidns: 1\nunshare: [pid]\ninit: b\nprocesses: {a: {command: [a]}, b: {command: [b]}}\n");
  CHECK_FALSE(clone_of(named, "b").shares_memory);
}

TEST_CASE("a launcher that joins stays: its maker must not go where it goes") {
  const auto lab = fused("pidns: 1\njoin: {pid: 7}\ncommand: [a]\n");
  CHECK(programs(lab.graph) == Lines{"supervisor: Clone Supervise", ".launcher: TieToMaker Join Clone Supervise",
                                     ".init: TieToMaker BecomeSubreaper Clone Supervise", "/: TieToMaker Exec"});
  CHECK(broken(lab).empty());
}

TEST_CASE("what took the launcher's place is tied with its own signal, after a change of ids too") {
  const char* text =
      "pidns: 1\nunshare: [user, pid]\nkill-child: SIGTERM\nuid-map: [{inside: 0, outside: 5000, count: 9}]\ncommand: "
      "[a]\n";
  const auto before = canonical(text);
  for (const auto* tie : all<TieToMaker>(process(before.graph, ".launcher"))) CHECK(tie->signal == SIGKILL);
  const auto lab = fused(text);
  CHECK(program(lab.graph, "/") == "TieToMaker AwaitIdMaps TieToMaker Exec");
  for (const auto* tie : all<TieToMaker>(process(lab.graph, "/"))) CHECK(tie->signal == SIGTERM);
  CHECK(broken(lab).empty());
  const auto untied = fused(
      "pidns: 1\nunshare: [user, pid]\nkill-child: false\nuid-map: [{inside: 0, outside: 5000, count: 9}]\ncommand: "
      "[a]\n");
  CHECK(program(untied.graph, "/") == "AwaitIdMaps Exec");
  CHECK(broken(untied).empty());
}

TEST_CASE("what fuse has nothing to do with stays") {
  const auto before =
      canonical("pidns: 1\nunshare: [pid, mount]\nmount-proc: true\nstop-signal: SIGINT\ncommand: [a, b]\n");
  const auto lab = fused("pidns: 1\nunshare: [pid, mount]\nmount-proc: true\nstop-signal: SIGINT\ncommand: [a, b]\n");
  CHECK(lab.graph.nodes.size() == before.graph.nodes.size());
  CHECK(process(lab.graph, "/").stop_signal == SIGINT);
  CHECK(only<Exec>(lab.graph, "/").argv == Lines{"a", "b"});
  CHECK(lab.graph.name == before.graph.name);
}
