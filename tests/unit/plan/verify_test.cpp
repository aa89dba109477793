/// Every rule of verify catches the graph that breaks it, and no graph can lose a step unseen.

#include "plan/verify.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <csignal>

#include "plan/graphs.h"
#include "plan/step_order.h"

using namespace pidns;
using namespace pidns::testing;

namespace {

struct RichSpec {
  const char* text;
  CallerFacts facts;
};

CallerFacts in_proc() {
  CallerFacts facts;
  facts.cwd = "/proc/sys";
  return facts;
}

const char* const every_key_of_a_node =
    "pidns: 1\nunshare: [mount, uts, net, ipc, pid, time]\npropagation: slave\nroot: /tree\n"
    "mounts: [{type: tmpfs, target: /t}, {type: bind, source: /s, target: /s}]\nmount-proc: true\n"
    "masked-paths: [/b]\nread-only-paths: [/a]\nread-only-root: true\nhostname: h\ndomainname: d\n"
    "sysctls: {net.ipv4.ip_forward: \"1\"}\nmonotonic: 5s\ncommand: [a]\n";
const char* const every_key_of_a_process =
    "pidns: 1\npass-fds: [5]\nno-new-privs: true\ncapabilities: [CAP_CHOWN]\ngid: 6\nuid: 5\noom-score-adj: 100\n"
    "nice: 3\nrlimits: {nofile: 64, core: 0}\numask: \"0022\"\ncwd: /w\nstderr: e\nstdout: o\nstdin: \"null\"\n"
    "terminal: none\ncommand: [a]\n";

const std::vector<RichSpec>& rich() {
  static const std::vector<RichSpec> specs{
      {"pidns: 1\ncommand: [a]\n", {}},
      {every_key_of_a_node, {}},
      {every_key_of_a_process, {}},
      {"pidns: 1\nunshare: [pid, mount]\nmount-proc: true\ncommand: [a]\n", in_proc()},
      {"pidns: 1\nunshare: [pid, mount]\npropagation: slave\nmount-proc: {target: /p, hidepid: invisible}\ncommand: "
       "[a]\n",
       {}},
      // Levels in levels, with what is handed down.
      {"pidns: 1\nunshare: [pid, mount, uts]\nhostname: a\nmount-proc: true\numask: \"0022\"\nrlimits: {core: 0}\n"
       "processes: {p: {command: [p], main: true}, q: {command: [q], nice: 2, cwd: /q}}\n"
       "namespaces:\n"
       "  b: {unshare: [pid, mount], mount-proc: /p, cwd: /w, rlimits: {core: 1, nofile: 3},\n"
       "      processes: {r: {command: [r]}, s: {script: s, groups: [1]}}}\n"
       "  c: {unshare: [uts], domainname: c, namespaces: {d: {unshare: [net], command: [d]}, e: {command: [e]}}}\n",
       {}},
      {"pidns: 1\nunshare: [uts, time]\nhostname: a\nkill-child: SIGTERM\n"
       "processes: {a: {command: [a], uid: 5}, b: {command: [b], terminal: none}}\n",
       {}},
      {"pidns: 1\nunshare: [pid, time]\nboottime: 3s\nmonotonic: 1s\nprocesses: {a: {command: [a]}, b: {command: "
       "[b]}}\n",
       {}},
      {"pidns: 1\nunshare: [pid, mount, uts]\ninit: b\nhostname: h\nmount-proc: true\n"
       "processes: {a: {command: [a]}, b: {command: [b], pass-fds: [4]}}\n"
       "namespaces: {c: {unshare: [pid], command: [c]}, d: {unshare: [pid, user], command: [d]}}\n",
       {}},
      {"pidns: 1\njoin: {net: 7, mount: 7}\nunshare: [uts]\nhostname: h\ncommand: [a]\n", {}},
      {"pidns: 1\njoin: {user: 7, pid: 7}\nprocesses: {a: {command: [a]}, b: {command: [b]}}\n", {}},
      {"pidns: 1\njoin: {user: 7}\nunshare: [uts]\nhostname: h\ncommand: [a]\n", {}},
      {"pidns: 1\nunshare: [user, mount, pid]\nmount-proc: true\ncommand: [a]\n", unprivileged()},
      {"pidns: 1\nunshare: [user, uts]\nhostname: h\nuid-map: auto\ngid-map: auto\ncommand: [a]\n", unprivileged()},
      {"pidns: 1\nunshare: [user, pid, uts]\nhostname: h\nuid-map: [{inside: 0, outside: 5000, count: 9}]\n"
       "processes: {a: {command: [a]}, b: {command: [b], uid: 3}}\n"
       "namespaces: {c: {unshare: [user, pid], kill-child: SIGINT, command: [c]}}\n",
       {}},
  };
  return specs;
}

/// The graphs of all rich specs, canonical and fused.
template <class F>
void each_rich(F&& f) {
  for (const RichSpec& spec : rich()) {
    f(canonical(spec.text, spec.facts), spec.text);
    f(fused(spec.text, spec.facts), spec.text);
  }
}

template <class T>
std::size_t place_of(const Process& process) {
  for (std::size_t i = 0; i < process.steps.size(); ++i)
    if (std::holds_alternative<T>(process.steps[i].action)) return i;
  throw std::runtime_error("no such step in " + program(process));
}

template <class T>
T& first_of(Process& process) {
  return std::get<T>(process.steps[place_of<T>(process)].action);
}

void drop(Process& process, std::size_t at) {
  process.steps.erase(process.steps.begin() + static_cast<std::ptrdiff_t>(at));
}
void insert(Process& process, std::size_t at, Action action) {
  process.steps.insert(process.steps.begin() + static_cast<std::ptrdiff_t>(at), Step{std::move(action), {}});
}
void swap(Process& process, std::size_t at) { std::swap(process.steps[at], process.steps[at + 1]); }

NamespaceSet kinds(std::initializer_list<NamespaceKind> list) {
  NamespaceSet set;
  for (const NamespaceKind kind : list) set.add(kind);
  return set;
}

/// Whether `rule` is among those that a graph breaks once `change` was made to it.
template <class F>
bool catches(const char* rule, Planned lab, F&& change) {
  REQUIRE(broken(lab).empty());
  change(lab.graph);
  const Lines rules = broken(lab);
  std::string all;
  for (const auto& name : rules) all += name + " ";
  UNSCOPED_INFO("breaks: " << all);
  return std::find(rules.begin(), rules.end(), rule) != rules.end();
}

Planned leaf() { return fused("pidns: 1\nunshare: [pid, mount, uts]\nhostname: h\nmount-proc: true\ncommand: [a]\n"); }
Planned launched() { return canonical("pidns: 1\nunshare: [pid, mount]\nmount-proc: true\ncommand: [a]\n"); }
Planned three() { return fused("pidns: 1\nprocesses: {a: {command: [a]}, b: {command: [b]}, c: {command: [c]}}\n"); }
Planned holder() { return fused("pidns: 1\nunshare: [uts]\nprocesses: {a: {command: [a]}, b: {command: [b]}}\n"); }
Planned mapped() {
  return fused("pidns: 1\nunshare: [user]\nuid-map: [{inside: 0, outside: 5000, count: 9}]\ncommand: [a]\n");
}
Planned named() {
  return fused(
      "pidns: 1\nunshare: [pid, mount]\ninit: b\nprocesses: {a: {command: [a]}, b: {command: [b]}}\n"
      "namespaces: {c: {unshare: [pid], command: [c]}}\n");
}

}  // namespace

TEST_CASE("every graph that is planned and fused keeps every rule") {
  each_rich([](const Planned& lab, const char* text) {
    INFO(text);
    CHECK(broken(lab).empty());
  });
}

TEST_CASE("no step can be dropped unseen") {
  each_rich([](const Planned& lab, const char* text) {
    Planned poorer{lab};
    for (std::size_t i = 0; i < lab.graph.processes.size(); ++i)
      for (std::size_t step = 0; step < lab.graph.processes[i].steps.size(); ++step) {
        Process& process = poorer.graph.processes[i];
        drop(process, step);
        INFO(text << process.address << " without " << kind_name(lab.graph.processes[i].steps[step].action));
        CHECK_FALSE(broken(poorer).empty());
        process.steps = lab.graph.processes[i].steps;
      }
  });
}

TEST_CASE("no step can be doubled unseen") {
  each_rich([](const Planned& lab, const char* text) {
    Planned richer{lab};
    for (std::size_t i = 0; i < lab.graph.processes.size(); ++i)
      for (std::size_t step = 0; step < lab.graph.processes[i].steps.size(); ++step) {
        Process& process = richer.graph.processes[i];
        insert(process, step, lab.graph.processes[i].steps[step].action);
        INFO(text << process.address << " with another " << kind_name(lab.graph.processes[i].steps[step].action));
        CHECK_FALSE(broken(richer).empty());
        process.steps = lab.graph.processes[i].steps;
      }
  });
}

TEST_CASE("no two neighbours of different rank can change places unseen") {
  each_rich([](const Planned& lab, const char* text) {
    Planned mixed{lab};
    for (std::size_t i = 0; i < lab.graph.processes.size(); ++i)
      for (std::size_t step = 0; step + 1 < lab.graph.processes[i].steps.size(); ++step) {
        const auto& steps = lab.graph.processes[i].steps;
        if (rank(steps[step].action) == rank(steps[step + 1].action)) continue;
        Process& process = mixed.graph.processes[i];
        swap(process, step);
        INFO(text << process.address << ": " << program(process));
        CHECK_FALSE(broken(mixed).empty());
        process.steps = steps;
      }
  });
}

TEST_CASE("supervisor-first: a tree in preorder below one supervisor") {
  CHECK(
      catches("supervisor-first", three(), [](ExecutionGraph& graph) { graph.processes[1].role = Role::supervisor; }));
  CHECK(catches("supervisor-first", three(), [](ExecutionGraph& graph) { graph.processes[0].role = Role::holder; }));
  CHECK(catches("supervisor-first", three(), [](ExecutionGraph& graph) { graph.processes[1].id = ProcessId{2}; }));
  CHECK(catches("supervisor-first", three(), [](ExecutionGraph& graph) { graph.processes[1].maker = ProcessId{2}; }));
  CHECK(catches("supervisor-first", three(), [](ExecutionGraph& graph) { graph.processes[1].maker = no_process; }));
}

TEST_CASE("made-once: every process by one step of its maker") {
  CHECK(catches("made-once", three(), [](ExecutionGraph& graph) { drop(graph.processes[0], 0); }));
  CHECK(catches("made-once", three(),
                [](ExecutionGraph& graph) { first_of<Clone>(graph.processes[0]).child = ProcessId{2}; }));
  CHECK(catches("made-once", three(),
                [](ExecutionGraph& graph) { first_of<Clone>(graph.processes[0]).child = ProcessId{77}; }));
  CHECK(catches("made-once", holder(), [](ExecutionGraph& graph) { graph.processes[2].maker = ProcessId{0}; }));
}

TEST_CASE("ends-once: commands execute last, processes of ours supervise last") {
  CHECK(catches("ends-once", three(), [](ExecutionGraph& graph) { graph.processes[1].steps.pop_back(); }));
  CHECK(catches("ends-once", three(), [](ExecutionGraph& graph) { graph.processes[1].steps.clear(); }));
  CHECK(catches("ends-once", three(),
                [](ExecutionGraph& graph) { insert(graph.processes[1], 1, graph.processes[1].steps.back().action); }));
  CHECK(catches("ends-once", three(),
                [](ExecutionGraph& graph) { graph.processes[1].steps.back().action = Supervise{}; }));
  CHECK(catches("ends-once", holder(), [](ExecutionGraph& graph) {
    graph.processes[1].steps.back().action = graph.processes[2].steps.back().action;
  }));
}

TEST_CASE("order: steps never go back in rank") {
  CHECK(catches("order", leaf(), [](ExecutionGraph& graph) { swap(graph.processes[1], 2); }));
  CHECK(catches("order", fused(every_key_of_a_process), [](ExecutionGraph& graph) {
    swap(graph.processes[1], place_of<ChangeDirectory>(graph.processes[1]));
  }));
}

TEST_CASE("tie-first: the tie comes before anything is done for a maker") {
  CHECK(catches("tie-first", leaf(), [](ExecutionGraph& graph) { swap(graph.processes[1], 0); }));
  CHECK(catches("tie-first", holder(), [](ExecutionGraph& graph) { drop(graph.processes[1], 0); }));
  CHECK(catches("tie-first", launched(), [](ExecutionGraph& graph) { drop(graph.processes[1], 0); }));
  CHECK(
      catches("tie-first", leaf(), [](ExecutionGraph& graph) { insert(graph.processes[1], 2, TieToMaker{SIGKILL}); }));
  // Entering another's network clears no tie: nothing to make up for.
  CHECK(catches("tie-first", fused("pidns: 1\njoin: {net: 7}\ncommand: [a]\n"),
                [](ExecutionGraph& graph) { swap(graph.processes[1], 0); }));
}

TEST_CASE("tie-again: after a change of ids, with the same signal") {
  const auto again = [](ExecutionGraph& graph) { drop(graph.processes[1], 2); };
  CHECK(catches("tie-again", fused("pidns: 1\nuid: 5\ncommand: [a]\n"), again));
  CHECK(catches("tie-again", mapped(), again));
  CHECK(catches("tie-again", fused("pidns: 1\njoin: {user: 7}\ncommand: [a]\n"), again));
  CHECK(catches("tie-again", mapped(),
                [](ExecutionGraph& graph) { graph.processes[1].steps[2].action = TieToMaker{SIGTERM}; }));
}

TEST_CASE("one-pid-unshare-per-fork: EINVAL otherwise") {
  const NamespaceSet pid = kinds({NamespaceKind::pid});
  CHECK(catches("one-pid-unshare-per-fork", launched(),
                [&](ExecutionGraph& graph) { insert(graph.processes[1], 1, Unshare{pid}); }));
  // A command can't be PID 1 of what it unshares, nor can our init make a second level so.
  CHECK(catches("one-pid-unshare-per-fork", three(),
                [&](ExecutionGraph& graph) { insert(graph.processes[1], 1, Unshare{pid}); }));
  CHECK(catches("one-pid-unshare-per-fork", launched(),
                [](ExecutionGraph& graph) { first_of<Unshare>(graph.processes[1]).kinds.remove(NamespaceKind::pid); }));
  CHECK(catches(
      "one-pid-unshare-per-fork", fused("pidns: 1\njoin: {net: 7}\ncommand: [a]\n"),
      [](ExecutionGraph& graph) { first_of<Join>(graph.processes[1]).targets[0].value.kind = NamespaceKind::pid; }));
  // From where children go elsewhere, only a process inside can make one more level.
  CHECK(catches("one-pid-unshare-per-fork", named(), [](ExecutionGraph& graph) {
    for (auto& step : graph.processes[1].steps)
      if (auto* clone = std::get_if<Clone>(&step.action)) clone->by_launcher = false;
  }));
}

TEST_CASE("new-once: no namespace is made twice for one process") {
  CHECK(catches("new-once", fused("pidns: 1\nunshare: [uts, time]\ncommand: [a]\n"),
                [](ExecutionGraph& graph) { first_of<Unshare>(graph.processes[1]).kinds.add(NamespaceKind::uts); }));
  CHECK(catches("new-once", canonical("pidns: 1\nunshare: [uts]\ncommand: [a]\n"),
                [](ExecutionGraph& graph) { insert(graph.processes[1], 1, graph.processes[1].steps[1].action); }));
}

TEST_CASE("proc-in-new-pid: proc shows the namespace of who mounts it") {
  CHECK(catches("proc-in-new-pid", launched(), [](ExecutionGraph& graph) {
    Process& launcher = graph.processes[1];
    insert(launcher, 2, SetPropagation{Propagation::private_});
    insert(launcher, 3, MountProcfs{{"/proc", {}, false}, false});
  }));
}

TEST_CASE("own-namespace: nothing is set in somebody else's") {
  const auto plain = [] { return fused("pidns: 1\ncommand: [a]\n"); };
  const std::vector<Action> actions{SetHostname{"h"},  SetDomainname{"d"}, BringUpLoopback{}, SetPropagation{},
                                    MountFilesystem{}, MountProcfs{},      ChangeRoot{},      DetachOldRoot{},
                                    MaskPath{"/a"},    ReadOnlyPath{"/a"}, ReadOnlyRoot{},    MakePrivate{"/a"},
                                    WriteOwnIdMaps{},  AwaitIdMaps{},      SetClockOffsets{}};
  for (const auto& action : actions) {
    INFO(kind_name(action));
    CHECK(catches("own-namespace", plain(), [&](ExecutionGraph& graph) { insert(graph.processes[1], 1, action); }));
  }
  // In a new mount namespace of another node, names are still not one's own.
  CHECK(catches("own-namespace", leaf(),
                [](ExecutionGraph& graph) { first_of<Clone>(graph.processes[0]).kinds.remove(NamespaceKind::uts); }));
  // The offsets could not be written any more.
  CHECK(catches("own-namespace", leaf(),
                [](ExecutionGraph& graph) { first_of<Clone>(graph.processes[0]).kinds.add(NamespaceKind::time); }));
}

TEST_CASE("propagation-first: a mount made before it could be seen outside") {
  CHECK(catches("propagation-first", leaf(), [](ExecutionGraph& graph) { drop(graph.processes[1], 1); }));
  CHECK(catches("propagation-first", leaf(), [](ExecutionGraph& graph) { swap(graph.processes[1], 1); }));
}

TEST_CASE("private-target: a procfs in a shared tree would be the caller's too") {
  const auto slave = [] {
    return fused("pidns: 1\nunshare: [pid, mount]\npropagation: slave\nmount-proc: true\ncommand: [a]\n");
  };
  CHECK(catches("private-target", slave(), [](ExecutionGraph& graph) { drop(graph.processes[1], 2); }));
  CHECK(catches("private-target", slave(), [](ExecutionGraph& graph) { swap(graph.processes[1], 2); }));
  CHECK(catches("private-target", slave(),
                [](ExecutionGraph& graph) { first_of<MakePrivate>(graph.processes[1]).target = "/sys"; }));
}

TEST_CASE("old-root-detached: what is left of the old root would be seen inside") {
  const auto rooted = [] { return fused("pidns: 1\nunshare: [mount]\nroot: /r\ncommand: [a]\n"); };
  CHECK(catches("old-root-detached", rooted(),
                [](ExecutionGraph& graph) { drop(graph.processes[1], place_of<DetachOldRoot>(graph.processes[1])); }));
  CHECK(catches("old-root-detached", rooted(),
                [](ExecutionGraph& graph) { drop(graph.processes[1], place_of<ChangeRoot>(graph.processes[1])); }));
}

TEST_CASE("maps-awaited: who waits for maps gets them, and who is mapped waits") {
  CHECK(catches("maps-awaited", mapped(), [](ExecutionGraph& graph) { drop(graph.processes[0], 1); }));
  CHECK(catches("maps-awaited", mapped(), [](ExecutionGraph& graph) { drop(graph.processes[1], 1); }));
  CHECK(catches("maps-awaited", mapped(),
                [](ExecutionGraph& graph) { first_of<WriteIdMaps>(graph.processes[0]).child = ProcessId{77}; }));
  CHECK(catches("maps-awaited", mapped(), [](ExecutionGraph& graph) { swap(graph.processes[0], 0); }));
}

TEST_CASE("time-entered: a process that stays is in its new time namespace") {
  const auto stays = [] {
    return fused("pidns: 1\nunshare: [time]\nprocesses: {a: {command: [a]}, b: {command: [b]}}\n");
  };
  CHECK(catches("time-entered", stays(), [](ExecutionGraph& graph) { drop(graph.processes[1], 2); }));
  CHECK(catches("time-entered", stays(),
                [](ExecutionGraph& graph) { first_of<SetClockOffsets>(graph.processes[1]).enter = false; }));
}

TEST_CASE("released: the process that init names waits for the others, and no longer") {
  CHECK(catches("released", named(),
                [](ExecutionGraph& graph) { drop(graph.processes[1], place_of<Release>(graph.processes[1])); }));
  CHECK(catches("released", named(),
                [](ExecutionGraph& graph) { drop(graph.processes[1], place_of<AwaitSetUp>(graph.processes[1])); }));
  CHECK(catches("released", named(),
                [](ExecutionGraph& graph) { drop(graph.processes[3], place_of<AwaitRelease>(graph.processes[3])); }));
  for (const ProcessId other : {ProcessId{2}, ProcessId{77}}) {
    CHECK(catches("released", named(),
                  [&](ExecutionGraph& graph) { first_of<Release>(graph.processes[1]).child = other; }));
    CHECK(catches("released", named(),
                  [&](ExecutionGraph& graph) { first_of<AwaitSetUp>(graph.processes[1]).child = other; }));
  }
}

TEST_CASE("started: an init's children execute when the last is made") {
  const auto lab = [] {
    return fused("pidns: 1\nunshare: [pid]\nprocesses: {a: {command: [a]}, b: {command: [b]}}\n");
  };
  CHECK(catches("started", lab(),
                [](ExecutionGraph& graph) { drop(graph.processes[1], place_of<StartChildren>(graph.processes[1])); }));
  CHECK(catches("started", lab(), [](ExecutionGraph& graph) {
    swap(graph.processes[1], place_of<StartChildren>(graph.processes[1]) - 1);
  }));
  CHECK(catches("started", lab(),
                [](ExecutionGraph& graph) { drop(graph.processes[3], place_of<AwaitStart>(graph.processes[3])); }));
  CHECK(catches("started", three(), [](ExecutionGraph& graph) { insert(graph.processes[1], 1, AwaitStart{}); }));
  // Nobody would start them.
  CHECK(catches("started", lab(), [](ExecutionGraph& graph) {
    drop(graph.processes[1], place_of<StartChildren>(graph.processes[1]));
    for (const std::size_t child : {2U, 3U}) drop(graph.processes[child], place_of<AwaitStart>(graph.processes[child]));
  }));
}

TEST_CASE("shares-memory: only what sets up and executes, and does nothing to that memory") {
  const auto share = [](ExecutionGraph& graph) {
    for (auto& process : graph.processes)
      for (auto& step : process.steps)
        if (auto* clone = std::get_if<Clone>(&step.action)) clone->shares_memory = true;
  };
  CHECK(catches("shares-memory", holder(), share));
  CHECK(catches("shares-memory", mapped(), share));
  CHECK(catches("shares-memory", named(), share));
  CHECK(catches("shares-memory", fused("pidns: 1\nunshare: [user]\ncommand: [a]\n", unprivileged()), share));
  CHECK(catches("shares-memory",
                fused("pidns: 1\nunshare: [user]\nuid-map: none\ngid-map: none\ncommand: [a]\n", unprivileged()),
                share));
  CHECK(catches("shares-memory", fused("pidns: 1\noom-score-adj: 1\ncommand: [a]\n"), share));
  CHECK(catches("shares-memory", fused("pidns: 1\njoin: {net: 7}\ncommand: [a]\n"), share));
  CHECK(catches("shares-memory", three(),
                [](ExecutionGraph& graph) { insert(graph.processes[1], 1, WaitFor{GateId{0}}); }));
}

TEST_CASE("complete: what the spec asks for is there, and nothing else") {
  CHECK(catches("complete", leaf(),
                [](ExecutionGraph& graph) { drop(graph.processes[1], place_of<SetHostname>(graph.processes[1])); }));
  CHECK(catches("complete", leaf(), [](ExecutionGraph& graph) { insert(graph.processes[1], 4, SetDomainname{"d"}); }));
  CHECK(catches("complete", leaf(),
                [](ExecutionGraph& graph) { first_of<Clone>(graph.processes[0]).kinds.add(NamespaceKind::ipc); }));
  // A namespace for somebody who asked for none.
  CHECK(catches("complete", holder(),
                [](ExecutionGraph& graph) { first_of<Clone>(graph.processes[1]).kinds.add(NamespaceKind::ipc); }));
  CHECK(catches("complete", three(),
                [](ExecutionGraph& graph) { graph.processes[1].steps[0].action = TieToMaker{SIGTERM}; }));
  CHECK(catches("complete", leaf(), [](ExecutionGraph& graph) { graph.nodes.push_back(graph.nodes.front()); }));
  CHECK(catches("complete", leaf(), [](ExecutionGraph& graph) { graph.processes[1].node = NodeId{5}; }));
  CHECK(catches("complete", fused("pidns: 1\njoin: {net: 7, uts: 7}\ncommand: [a]\n"),
                [](ExecutionGraph& graph) { first_of<Join>(graph.processes[1]).targets.pop_back(); }));
}

TEST_CASE("pid1-is-known: signals reach a PID 1 otherwise") {
  CHECK(catches("pid1-is-known", leaf(), [](ExecutionGraph& graph) { graph.processes[1].is_pid1 = false; }));
  CHECK(catches("pid1-is-known", three(), [](ExecutionGraph& graph) { graph.processes[1].is_pid1 = true; }));
}

// ── gates, of which every spec's are right ──────────────────────────────────────────────────────────────

namespace {

/// All that stand at an address, or within it.
Awaited at_address(const ExecutionGraph& graph, const std::string& address) {
  Awaited found;
  for (const auto& process : graph.processes) {
    const std::uint32_t number = static_cast<std::uint32_t>(index(process.id));
    if (address == "/" || process.address == address || process.address.starts_with(address + "/"))
      found.push_back({process.id, ProcessId{number + 1}});
  }
  return found;
}

/// `waiter` waits until what is at `address` has started.
void add_gate(ExecutionGraph& graph, std::string_view waiter, const char* address) {
  Process& process = testing::process(graph, waiter);
  const GateId id{static_cast<std::uint32_t>(graph.gates.size())};
  graph.gates.push_back({id, process.id, {{Dependency{address, Condition::started}, {}}},
                         {static_cast<std::uint32_t>(graph.awaited.size())}});
  graph.awaited.push_back(at_address(graph, address));
  insert(process, 1, WaitFor{id});
  for (auto& step : graph.processes[0].steps)
    if (auto* clone = std::get_if<Clone>(&step.action); clone != nullptr && clone->child == process.id)
      clone->shares_memory = false;
}

bool is_cycle(Planned lab, const std::vector<std::pair<const char*, const char*>>& gates) {
  for (const auto& [waiter, address] : gates) add_gate(lab.graph, waiter, address);
  const Lines rules = broken(lab);
  return std::find(rules.begin(), rules.end(), "gate-cycle") != rules.end();
}

}  // namespace

TEST_CASE("gate-opens, gate-waits: one gate, one waiter, at least one condition") {
  const auto gated = [] {
    Planned lab = three();
    add_gate(lab.graph, "b", "a");
    return lab;
  };
  const auto also = [&](const char* rule, auto change) {
    Planned lab = gated();
    change(lab.graph);
    const Lines rules = broken(lab);
    return std::find(rules.begin(), rules.end(), rule) != rules.end();
  };
  CHECK(broken(gated()) == Lines{"gate-as-written"});  // The spec says nothing of it.
  CHECK(also("gate-opens", [](ExecutionGraph& graph) { first_of<WaitFor>(graph.processes[2]).gate = GateId{9}; }));
  CHECK(also("gate-opens", [](ExecutionGraph& graph) { graph.gates[0].conditions.clear(); }));
  CHECK(also("gate-awaits", [](ExecutionGraph& graph) { graph.gates[0].awaited.clear(); }));
  CHECK(also("gate-awaits", [](ExecutionGraph& graph) { graph.gates[0].awaited[0] = 9; }));
  CHECK(also("gate-awaits", [](ExecutionGraph& graph) { graph.awaited[0].clear(); }));
  CHECK(also("gate-awaits", [](ExecutionGraph& graph) { graph.awaited[0] = {{ProcessId{0}, ProcessId{1}}}; }));
  CHECK(also("gate-awaits", [](ExecutionGraph& graph) { graph.awaited[0] = {{ProcessId{1}, ProcessId{9}}}; }));
  CHECK(also("gate-opens", [](ExecutionGraph& graph) { graph.gates[0].waiter = ProcessId{1}; }));
  CHECK(also("gate-waits", [](ExecutionGraph& graph) { drop(graph.processes[2], 1); }));
  CHECK(also("gate-waits", [](ExecutionGraph& graph) { insert(graph.processes[2], 1, WaitFor{GateId{0}}); }));
}

namespace {

/// Waiting in all its forms: bare and longer names, a node, copies, one of them, one's own copy of a node.
constexpr const char* waiting =
    "pidns: 1\nprocesses:\n"
    "  a: {command: [a], ready: {path: /a}}\n"
    "  b: {command: [b], depends-on: {a: started, c: exited}}\n"
    "  c: {command: [c], replicas: 3, depends-on: [a]}\n"
    "  d: {command: [d], depends-on: [c-2, n, pod/x]}\n"
    "namespaces:\n"
    "  n: {processes: {x: {command: [x]}, y: {command: [y], depends-on: [x]}}}\n"
    "  pod: {replicas: 2, processes: {x: {command: [x]}, y: {command: [y], depends-on: [x]}}}\n"
    "  own: {unshare: [pid], init: one, processes: {one: {command: [one], depends-on: [a]}, two: {command: [two]}}}\n";

bool breaks_rule(const char* rule, void (*change)(ExecutionGraph&)) {
  Planned lab = fused(waiting);
  change(lab.graph);
  const Lines rules = broken(lab);
  return std::find(rules.begin(), rules.end(), rule) != rules.end();
}

Gate& gate_of(ExecutionGraph& graph, std::string_view waiter) {
  const ProcessId id = testing::process(graph, waiter).id;
  for (auto& gate : graph.gates)
    if (gate.waiter == id) return gate;
  throw std::runtime_error("no gate of " + std::string(waiter));
}

}  // namespace

TEST_CASE("gate-as-written, ready-as-written: each waits for what the spec says") {
  CHECK(broken(canonical(waiting)).empty());
  CHECK(broken(fused(waiting)).empty());
  const auto written = [](void (*change)(ExecutionGraph&)) { return breaks_rule("gate-as-written", change); };
  // Another condition, or none.
  CHECK(written([](ExecutionGraph& graph) { gate_of(graph, "b").conditions[1].value.condition = Condition::succeeded; }));
  CHECK(written([](ExecutionGraph& graph) { gate_of(graph, "c-1").conditions[0].value.condition = Condition::started; }));
  CHECK(written([](ExecutionGraph& graph) {
    Gate& gate = gate_of(graph, "b");
    gate.conditions.pop_back();
    gate.awaited.pop_back();
  }));
  // Others than those that are meant: one copy too few, another's sibling, the wrong copy.
  CHECK(written([](ExecutionGraph& graph) {
    graph.awaited[gate_of(graph, "b").awaited[1]] = at_address(graph, "c-1");
  }));
  CHECK(written([](ExecutionGraph& graph) {
    graph.awaited[gate_of(graph, "pod-2/y").awaited[0]] = at_address(graph, "pod-1/x");
  }));
  CHECK(written([](ExecutionGraph& graph) {
    graph.awaited[gate_of(graph, "d").awaited[0]] = at_address(graph, "c-3");
  }));
  CHECK(written([](ExecutionGraph& graph) {
    graph.awaited[gate_of(graph, "d").awaited[2]] = at_address(graph, "pod-1/x");
  }));
  // One who waits though nothing says so, and one who does not though `init` implies it.
  CHECK(written([](ExecutionGraph& graph) { add_gate(graph, "n/x", "a"); }));
  CHECK(written([](ExecutionGraph& graph) {
    Process& process = testing::process(graph, "own/two");
    std::erase_if(process.steps, [](const Step& step) { return std::holds_alternative<WaitFor>(step.action); });
    std::erase_if(graph.gates, [&](const Gate& gate) { return gate.waiter == process.id; });
  }));

  const auto ready = [](void (*change)(ExecutionGraph&)) { return breaks_rule("ready-as-written", change); };
  CHECK(ready([](ExecutionGraph& graph) { graph.readiness.clear(); }));
  CHECK(ready([](ExecutionGraph& graph) { graph.readiness[0].ready.text = "/b"; }));
  CHECK(ready([](ExecutionGraph& graph) { graph.readiness[0].ready.within = std::chrono::seconds(1); }));
  CHECK(ready([](ExecutionGraph& graph) { testing::process(graph, "a").has_ready = false; }));
  CHECK(ready([](ExecutionGraph& graph) { graph.readiness[0].process = testing::process(graph, "b").id; }));
}

TEST_CASE("gate-cycle: nobody waits for himself") {
  CHECK_FALSE(is_cycle(three(), {{"a", "b"}, {"b", "c"}}));
  CHECK(is_cycle(three(), {{"a", "a"}}));
  CHECK(is_cycle(three(), {{"a", "b"}, {"b", "a"}}));
  CHECK(is_cycle(three(), {{"a", "b"}, {"b", "c"}, {"c", "a"}}));
  CHECK(is_cycle(three(), {{"a", "/"}}));
  // The address of a node means all in it.
  const auto nested = [] {
    return fused(
        "pidns: 1\nnamespaces: {n: {processes: {a: {command: [a]}, b: {command: [b]}}}, n-m: {command: [c]}}\n");
  };
  CHECK(is_cycle(nested(), {{"n-m", "n"}, {"n/b", "n-m"}}));
  CHECK_FALSE(is_cycle(nested(), {{"n-m", "n"}, {"n/b", "n/a"}}));
}
