#pragma once

/// The execution graph: one process after another in preorder, each with its ordered steps. It is a
/// value; nothing in it points into the spec, and the same spec gives the same graph.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "plan/step.h"

namespace pidns {

enum class Role : std::uint8_t {
  supervisor,  ///< `pidns run` itself; process 0.
  launcher,    ///< Canonical graphs only: unshares, forks once, and waits. `fuse` takes it away.
  init,        ///< Ours, PID 1 of its node.
  holder,      ///< Ours, in a node's namespaces but not its PID 1.
  command,     ///< Executes what the spec says.
};

struct Process {
  ProcessId id{};
  ProcessId maker = no_process;  ///< Smaller than id; no_process for the supervisor.
  Role role = Role::command;
  NodeId node{};
  std::string address;           ///< `ns1/ns2`, `/` for the root; `ns1/.init` for our own.
  bool is_pid1 = false;          ///< First process of a new pid namespace.
  bool has_ready = false;        ///< A probe tells when it is ready.
  bool is_main = false;          ///< The run ends when it does.
  std::uint32_t replica = 0;     ///< Its number among the innermost copies; 0: none of any.
  int stop_signal = 15;
  Duration stop_timeout = std::chrono::seconds(10);
  Duration timeout{0};           ///< 0: none.
  bool stop_signal_written = false;
  Place timeout_place;
  std::vector<Step> steps;
};

/// The five limits that the kernel leaves on "nothing that a run made outlives it".
enum class Limit : std::uint8_t {
  grandchildren,      ///< (a) no pid namespace around the node: grandchildren, if pidns gets SIGKILL
  clears_tie,         ///< (b) a first process that is not our init may clear its tie by changing ids
  may_not_signal,     ///< (c) an unprivileged pidns may not signal what changed its ids
  kill_child_false,   ///< (d)
  unhandled_signal,   ///< (e) a kill-child other than SIGKILL that the first process may not handle
};

struct GraphNode {
  NodeId id{};
  NodeId parent{};      ///< Itself for the root.
  std::string address;  ///< `/` for the root.
  NamespaceSet unshared;
  NamespaceSet joined;
  Place place;
  std::vector<Limit> limits;
  // What who enters the node later finds there, as its own processes do.
  int kill_child = 9;  ///< The signal; 0: `false`.
  std::shared_ptr<const EnvironmentPlan> environment{};  ///< Of the node itself or handed down.
  std::optional<std::string> cwd{};
  std::optional<unsigned> umask{};
};

/// Whom conditions name: all commands from `first` to before `end`. (A node's stand in one row; copies of
/// what stands in copies do not.)
struct ProcessRange {
  ProcessId first{};
  ProcessId end{};
};
using Awaited = std::vector<ProcessRange>;

/// Conditions that one process waits for; opened by the supervisor alone.
struct Gate {
  GateId id{};
  ProcessId waiter{};
  std::vector<Placed<Dependency>> conditions;  ///< With addresses as from the root.
  std::vector<std::uint32_t> awaited;          ///< Of each condition: an index into the graph's.
};

/// How it is known that a process is ready.
struct Readiness {
  ProcessId process{};
  Ready ready;
  Exec exec;  ///< Of a probe that executes something.
  Place place;
};

struct ExecutionGraph {
  std::string name;  ///< The instance's: PIDNS_NAME.
  std::vector<GraphNode> nodes;
  std::vector<Process> processes;
  std::vector<Gate> gates;
  std::vector<Awaited> awaited;
  std::vector<Readiness> readiness;  ///< In the order of their processes.

  [[nodiscard]] const Process& process(ProcessId id) const { return processes[index(id)]; }
  [[nodiscard]] const GraphNode& node(NodeId id) const { return nodes[index(id)]; }
};

/// Null where it does not say when it is ready.
const Readiness* find_readiness(const ExecutionGraph& graph, ProcessId id) noexcept;

/// What a condition asks of one process: of one that does not say when it is ready no more than that it
/// has started.
Condition asked_of(const Process& process, Condition condition) noexcept;

/// Whether a holder is a subreaper in a joined pid namespace, and ends what is left there.
bool ends_what_is_left(const Process& process) noexcept;

/// The words of the language for each limit, without its letter.
const char* describe(Limit limit) noexcept;
const char* describe(Role role) noexcept;

}  // namespace pidns
