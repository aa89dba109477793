#include "plan/planner.h"

#include <algorithm>
#include <csignal>

#include "plan/arguments.h"
#include "plan/dependencies.h"
#include "plan/id_maps.h"
#include "plan/inheritance.h"
#include "plan/limits.h"
#include "plan/node_shape.h"
#include "plan/node_steps.h"

namespace pidns {
namespace {

/// Where a node stands: what its surroundings hand down.
struct Surroundings {
  std::string address;  ///< Of the node around; empty for the root's.
  NodeId node{};
  ProcessId maker{};                ///< The nearest process of ours.
  bool in_pid_namespace = false;    ///< Of the spec.
  bool looks_up_cwd_again = false;  ///< Mounts of the spec may cover the caller's directory.
  Inheritance inherited;
  IdScope ids;
  std::vector<const Node*> around;  ///< From the root's nested node to this one.
  std::vector<Placed<Dependency>> implied;  ///< What `init` names around it, where that waits itself.
  std::uint32_t replica = 0;        ///< Of the innermost node around that has copies; 0: none has.
};

void note_what_is_handed_down(GraphNode& node, const Inheritance& inherited) {
  node.environment = inherited.environment;
  if (inherited.cwd) node.cwd = *inherited.cwd;
  if (inherited.umask) node.umask = *inherited.umask;
}

class Planner {
 public:
  Planner(const CallerFacts& facts, const PlanRequest& request) : facts_(facts), request_(request) {}

  ExecutionGraph plan(const Spec& spec) {
    graph_.name = request_.instance_name;
    if (!request_.arguments.empty()) arguments_ = &request_.arguments;
    several_ = count_processes(spec.root) > 1;
    const ProcessId supervisor = add_process(no_process, Role::supervisor, NodeId{0}, "");
    Surroundings caller;
    caller.maker = supervisor;
    caller.ids = caller_scope(facts_);
    if (waits_anywhere(spec.root)) dependencies_.emplace(spec.root);
    add_node(spec.root, "", caller);
    if (dependencies_) dependencies_->resolve(graph_);
    end_with_supervise(supervisor, spec.root.place);
    set_stop_timeouts();
    return std::move(graph_);
  }

 private:
  /// A process of ours has as long to end as the longest below it.
  void set_stop_timeouts() {
    for (auto& process : graph_.processes)
      if (process.role != Role::command) process.stop_timeout = Duration{0};
    for (std::size_t i = graph_.processes.size(); i-- > 1;) {
      const Process& process = graph_.processes[i];
      Duration& around = graph_.processes[index(process.maker)].stop_timeout;
      around = std::max(around, process.stop_timeout);
    }
  }

  ProcessId add_process(ProcessId maker, Role role, NodeId node, std::string address) {
    Process process;
    process.id = ProcessId{static_cast<std::uint32_t>(graph_.processes.size())};
    process.maker = maker;
    process.role = role;
    process.node = node;
    process.address = std::move(address);
    graph_.processes.push_back(std::move(process));
    return graph_.processes.back().id;
  }

  std::vector<Step>& steps(ProcessId id) { return graph_.processes[index(id)].steps; }

  void end_with_supervise(ProcessId id, Place node) { steps(id).push_back({Supervise{}, default_origin("", node)}); }

  NodeId add_graph_node(const Node& node, const std::string& name, const Surroundings& around) {
    const bool is_root = graph_.nodes.empty();
    GraphNode made;
    made.id = NodeId{static_cast<std::uint32_t>(graph_.nodes.size())};
    made.parent = is_root ? made.id : around.node;
    made.address = is_root ? "/" : join_address(around.address, name);
    made.unshared = node.unshared();
    if (node.join)
      for (const auto& entry : *node.join) made.joined.add(entry.value.kind);
    made.place = node.place;
    made.limits = limits_of(node, around.in_pid_namespace, facts_);
    made.kill_child = kill_signal(node);
    graph_.nodes.push_back(std::move(made));
    return graph_.nodes.back().id;
  }

  void add_nodes(const Node& node, const Surroundings& around) {
    const ProcessId first = next_process();
    each_copy(node, [&](const std::string& name, std::uint32_t number) {
      Surroundings of_copy = around;
      if (number != 0) of_copy.replica = number;
      if (dependencies_) of_copy.around.push_back(&node);
      const ProcessId begin = next_process();
      add_node(node, name, of_copy);
      note(join_address(around.address, name), begin);
    });
    if (node.replicas) note(join_address(around.address, node.name), first);
  }

  /// `name` is empty for the root.
  void add_node(const Node& node, const std::string& name, const Surroundings& around) {
    Surroundings here = around;
    here.node = add_graph_node(node, name, around);
    here.address = name.empty() ? "" : join_address(around.address, name);
    here.inherited = around.inherited.under(node.defaults);
    note_what_is_handed_down(graph_.nodes.back(), here.inherited);
    here.in_pid_namespace = around.in_pid_namespace || node.makes(NamespaceKind::pid);
    here.looks_up_cwd_again = around.looks_up_cwd_again || may_cover(node, facts_.cwd);
    switch (shape_of(node)) {
      case NodeShape::plain:
        add_members(node, here);
        return;
      case NodeShape::leaf:
        add_leaf(node, here);
        return;
      case NodeShape::init:
        add_resident(node, here, Role::init);
        return;
      case NodeShape::holder:
        add_resident(node, here, Role::holder);
        return;
    }
  }

  void add_leaf(const Node& node, Surroundings& here) {
    const ProcessSpec& process = node.processes.front();
    const std::string name = copy_name(process.name, process.replicas, 1);
    const ProcessId id = create(node, here, Role::command, process_address(name, here));
    if (!name.empty()) note(join_address(here.address, name), id);
    if (process.replicas) note(join_address(here.address, process.name), id);
    add_node_steps(steps(id), node, request_.spec_directory);
    add_command(process, here, id, kill_signal(node), process.replicas ? 1 : 0);
  }

  void add_resident(const Node& node, Surroundings& here, Role role) {
    const ProcessId id = create(node, here, role, join_address(here.address, ".init"));
    here.maker = id;
    if (names_its_init(node)) {
      add_members_around(node, here, std::get<std::string>(*node.init));
    } else {
      if (joins(node, NamespaceKind::pid)) steps(id).push_back({BecomeSubreaper{}, origin("join", node.join.place())});
      add_node_steps(steps(id), node, request_.spec_directory);
      add_members(node, here);
    }
    if (role == Role::init) keep_promised_pids(id, node.place);
    end_with_supervise(id, node.place);
  }

  /// The pids 2, 3, … of an init's children: none of them may fork before the last is made.
  void keep_promised_pids(ProcessId init, Place node) {
    std::vector<ProcessId> children;
    for (const auto& step : steps(init))
      if (const auto* fork = std::get_if<Fork>(&step.action)) children.push_back(fork->child);
    if (children.size() < 2) return;
    for (ProcessId child : children) {
      // What a launcher makes waits in its place.
      if (graph_.process(child).role == Role::launcher)
        for (const auto& step : steps(child))
          if (const auto* fork = std::get_if<Fork>(&step.action)) child = fork->child;
      auto& program = steps(child);
      auto first_last = std::find_if(program.begin(), program.end(), [](const Step& step) {
        return std::holds_alternative<WaitFor>(step.action) || std::holds_alternative<Fork>(step.action) ||
               std::holds_alternative<Exec>(step.action) || std::holds_alternative<Supervise>(step.action);
      });
      program.insert(first_last, Step{AwaitStart{}, default_origin("", node)});
    }
    steps(init).push_back({StartChildren{}, default_origin("", node)});
  }

  /// `init: NAME`. NAME is made first, and sets up what is new; the others are put into its pid
  /// namespace while it waits, since none could be once it had ended. Its id has its place in the
  /// document, by which the status of a run goes.
  void add_members_around(const Node& node, const Surroundings& outside, const std::string& name) {
    const Origin asked = origin("init", node.init.place());
    Surroundings here = outside;
    for (const auto& process : node.processes)
      if (process.name == name && process.depends_on)
        here.implied.push_back({{join_address(here.address, name), Condition::started}, node.init.place()});
    ProcessId named = no_process;
    const auto first = static_cast<std::ptrdiff_t>(steps(here.maker).size());
    for (const auto& process : node.processes) {
      if (process.name != name) {
        add_members_of(node, process, here);
        continue;
      }
      named = add_process(here.maker, Role::command, here.node, process_address(process.name, here));
      note(join_address(here.address, name), named);
      graph_.processes[index(named)].is_pid1 = true;
      const int tie = kill_signal(node);
      if (tie != 0) steps(named).push_back({TieToMaker{tie}, kill_child_origin(node)});
      add_node_steps(steps(named), node, request_.spec_directory);
      add_command(process, outside, named, tie, 0);
      auto& program = steps(named);
      const auto gate = std::find_if(program.begin(), program.end() - 1, [](const Step& step) {
        return std::holds_alternative<WaitFor>(step.action);
      });
      program.insert(gate, Step{AwaitRelease{}, asked});
    }
    auto& holder = steps(here.maker);
    holder.insert(holder.begin() + first, {Step{Fork{named}, asked}, Step{AwaitSetUp{named}, asked}});
    for (const auto& nested : node.namespaces) add_nodes(nested, here);
    steps(here.maker).push_back({Release{named}, asked});
  }

  /// The node's own processes, then its nested nodes: the order in which an init gives out pids.
  void add_members(const Node& node, const Surroundings& here) {
    for (const auto& process : node.processes) add_members_of(node, process, here);
    for (const auto& nested : node.namespaces) add_nodes(nested, here);
  }

  ProcessId next_process() const { return ProcessId{static_cast<std::uint32_t>(graph_.processes.size())}; }

  /// What `address` names stands from `first` on.
  void note(const std::string& address, ProcessId first) {
    if (dependencies_) dependencies_->note(address, {first, next_process()});
  }

  void add_members_of(const Node& node, const ProcessSpec& process, const Surroundings& here) {
    const ProcessId first = next_process();
    each_copy(process, [&](const std::string& name, std::uint32_t number) {
      const ProcessId begin = next_process();
      add_member(node, process, process_address(name, here), here, number);
      if (!name.empty()) note(join_address(here.address, name), begin);
    });
    if (process.replicas) note(join_address(here.address, process.name), first);
  }

  void add_member(const Node& node, const ProcessSpec& process, std::string address, const Surroundings& here,
                  std::uint32_t replica) {
    const ProcessId id = add_process(here.maker, Role::command, here.node, std::move(address));
    steps(here.maker).push_back({Fork{id}, origin(process.script ? "script" : "command", process.place)});
    // What is made by an init of ours dies with its namespace.
    const bool by_init = graph_.process(here.maker).role == Role::init;
    const int tie = by_init ? 0 : kill_signal(node);
    if (tie != 0) steps(id).push_back({TieToMaker{tie}, kill_child_origin(node)});
    add_command(process, here, id, tie, replica);
  }

  /// `name` is empty for a node's own `command` or `script`.
  static std::string process_address(const std::string& name, const Surroundings& here) {
    if (!name.empty()) return join_address(here.address, name);
    return here.address.empty() ? "/" : here.address;
  }

  void add_command(const ProcessSpec& process, const Surroundings& here, ProcessId id, int tie,
                   std::uint32_t replica) {
    Inheritance inherited = here.inherited.under(process.own);
    ProcessContext context;
    context.inherited = &inherited;
    context.facts = &facts_;
    context.spec_directory = &request_.spec_directory;
    context.arguments = several_ && !process.main.value_or(false) ? nullptr : arguments_;
    context.look_up_cwd_again = here.looks_up_cwd_again;
    context.tie_signal = tie;
    context.several = several_;
    context.stdin_is_null = several_ && !process.main.value_or(false);
    if (dependencies_) add_gate(process, here, id);
    add_process_steps(steps(id), process, context);
    Process& made = graph_.processes[index(id)];
    if (process.ready) {
      made.has_ready = true;
      graph_.readiness.push_back(readiness_of(process, id, inherited.environment));
    }
    made.replica = replica != 0 ? replica : here.replica;
    made.is_main = process.main.value_or(false);
    if (process.stop_signal) {
      made.stop_signal = *process.stop_signal;
      made.stop_signal_written = true;
    }
    if (process.stop_timeout) made.stop_timeout = *process.stop_timeout;
    if (process.timeout) {
      made.timeout = *process.timeout;
      made.timeout_place = process.timeout.place();
    }
  }

  void add_gate(const ProcessSpec& process, const Surroundings& here, ProcessId id) {
    if ((!process.depends_on || process.depends_on->empty()) && here.implied.empty()) return;
    // The siblings of a node's own command are the node's.
    std::span<const Node* const> around(here.around);
    std::string address = here.address;
    if (process.name.empty() && !around.empty()) {
      around = around.first(around.size() - 1);
      address.resize(around.empty() ? 0 : address.rfind('/'));
    }
    Gate gate;
    gate.id = GateId{static_cast<std::uint32_t>(graph_.gates.size())};
    gate.waiter = id;
    if (process.depends_on)
      for (const auto& condition : *process.depends_on)
        gate.conditions.push_back({dependencies_->from_root(around, address, condition.value), condition.place});
    gate.conditions.insert(gate.conditions.end(), here.implied.begin(), here.implied.end());
    const Origin asked = process.depends_on ? origin("depends-on", process.depends_on.place())
                                            : origin("init", gate.conditions.front().place);
    steps(id).push_back({WaitFor{gate.id}, asked});
    graph_.gates.push_back(std::move(gate));
  }

  static int kill_signal(const Node& node) { return node.kill_child ? node.kill_child->signal : SIGKILL; }

  static Origin kill_child_origin(const Node& node) {
    return node.kill_child ? origin("kill-child", node.kill_child.place()) : default_origin("kill-child", node);
  }

  /// The node's first process in its new namespaces, set up but for what it runs.
  ProcessId create(const Node& node, Surroundings& here, Role role, std::string address) {
    const Origin asked = node.unshare ? origin("unshare", node.unshare.place()) : origin("join", node.join.place());
    const bool by_launcher =
        (node.makes(NamespaceKind::pid) && !names_its_init(node)) || joins(node, NamespaceKind::pid);
    ProcessId maker = here.maker;
    if (by_launcher) maker = add_launcher(node, here, asked);
    const ProcessId id = add_process(maker, role, here.node, std::move(address));
    steps(maker).push_back({Fork{id}, asked});
    if (by_launcher) end_with_supervise(maker, node.place);
    graph_.processes[index(id)].is_pid1 = by_launcher && node.makes(NamespaceKind::pid);

    const bool is_holder = role == Role::holder;
    const int tie = is_holder ? SIGKILL : kill_signal(node);
    if (tie != 0)
      steps(id).push_back({TieToMaker{tie}, is_holder ? default_origin("", node) : kill_child_origin(node)});
    if (!by_launcher) {
      add_join(node, here, id, tie);
      add_unshare(node, here, maker, id, asked, role != Role::command);
    }
    return id;
  }

  ProcessId add_launcher(const Node& node, Surroundings& here, const Origin& asked) {
    const ProcessId id = add_process(here.maker, Role::launcher, here.node, join_address(here.address, ".launcher"));
    steps(here.maker).push_back({Fork{id}, asked});
    steps(id).push_back({TieToMaker{SIGKILL}, default_origin("", node)});
    add_join(node, here, id, SIGKILL);
    add_unshare(node, here, here.maker, id, asked, false);
    return id;
  }

  void add_join(const Node& node, Surroundings& here, ProcessId id, int tie) {
    if (!node.join) return;
    const Origin asked = origin("join", node.join.place());
    Join join;
    for (const auto& entry : *node.join) {
      Placed<JoinTarget> target = entry;
      if (auto* path = std::get_if<std::string>(&target.value.target))
        *path = from_spec_directory(*path, request_.spec_directory);
      join.targets.push_back(std::move(target));
    }
    steps(id).push_back({std::move(join), asked});
    if (joins(node, NamespaceKind::mount)) here.looks_up_cwd_again = true;
    if (!joins(node, NamespaceKind::user)) return;
    // setns(2) into another's user namespace clears the tie, and gives every capability in it.
    if (tie != 0) steps(id).push_back({TieToMaker{tie}, asked});
    here.ids.uid = here.ids.gid = 0;
    here.ids.privileged = here.ids.inside_spec = here.ids.joined = true;
    here.ids.uids.clear();
    here.ids.gids.clear();
  }

  /// unshare(2), the id maps of a new user namespace, and the offsets of a new time namespace.
  void add_unshare(const Node& node, Surroundings& here, ProcessId maker, ProcessId id, const Origin& asked,
                   bool stays) {
    if (node.unshared().empty()) return;
    steps(id).push_back({Unshare{node.unshared()}, asked});
    if (node.makes(NamespaceKind::user)) add_id_maps(node, here, maker, id);
    if (node.makes(NamespaceKind::time)) {
      SetClockOffsets offsets;
      if (node.monotonic) offsets.monotonic = *node.monotonic;
      if (node.boottime) offsets.boottime = *node.boottime;
      offsets.enter = stays;
      if (offsets.monotonic || offsets.boottime || stays)
        steps(id).push_back({offsets, node.monotonic  ? origin("monotonic", node.monotonic.place())
                                      : node.boottime ? origin("boottime", node.boottime.place())
                                                      : asked});
    }
  }

  /// With the signal of the first time, where there was one.
  void tie_again(ProcessId id) {
    const Step first = steps(id).front();
    if (std::holds_alternative<TieToMaker>(first.action)) steps(id).push_back(first);
  }

  void add_id_maps(const Node& node, Surroundings& here, ProcessId maker, ProcessId id) {
    IdMapPlan maps = plan_id_maps(node, here.ids, facts_);
    here.ids = maps.inside;
    const Origin asked = node.uid_map   ? origin("uid-map", node.uid_map.place())
                         : node.gid_map ? origin("gid-map", node.gid_map.place())
                                        : default_origin("uid-map", node);
    if (maps.own) steps(id).push_back({std::move(*maps.own), asked});
    if (!maps.maker) return;
    maps.maker->child = id;
    steps(maker).push_back({std::move(*maps.maker), asked});
    steps(id).push_back({maps.await, asked});
    // A changed effective id clears the tie: prctl(2), PR_SET_PDEATHSIG.
    if (maps.await.become_uid_0 || maps.await.become_gid_0) tie_again(id);
  }

  const CallerFacts& facts_;
  const PlanRequest& request_;
  const std::vector<std::string>* arguments_ = nullptr;
  bool several_ = false;
  std::optional<Dependencies> dependencies_;  ///< Only where something waits.
  ExecutionGraph graph_;
};

}  // namespace

ExecutionGraph plan(const Spec& spec, const CallerFacts& facts, const PlanRequest& request) {
  return Planner(facts, request).plan(spec);
}

}  // namespace pidns
