#include "plan/passes.h"

#include <utility>

namespace pidns {
namespace {

Unshare* leading_unshare(Process& process, std::size_t& at) {
  for (at = 0; at < process.steps.size() && at < 2; ++at) {
    if (auto* unshare = std::get_if<Unshare>(&process.steps[at].action)) return unshare;
    if (!std::holds_alternative<TieToMaker>(process.steps[at].action)) return nullptr;
  }
  return nullptr;
}

/// What a clone may make at once. `time` it may not: the child of clone would be in the new namespace
/// at once, and its offsets can only be written before anybody is (time_namespaces(7)).
NamespaceSet clonable(NamespaceSet kinds) {
  kinds.remove(NamespaceKind::time);
  return kinds;
}

bool is_joining(const Process& process) {
  for (const auto& step : process.steps)
    if (std::holds_alternative<Join>(step.action)) return true;
  return false;
}

/// A child may run in its maker's memory where it only sets up and executes, and where no step of it
/// would act on that memory: a user namespace made without privilege leaves it undumpable, and
/// oom_score_adj belongs to the memory.
bool may_share_memory(const Process& child, NamespaceSet kinds) {
  if (child.role != Role::command || kinds.has(NamespaceKind::user)) return false;
  for (const auto& step : child.steps)
    if (std::holds_alternative<WaitFor>(step.action) || std::holds_alternative<AwaitIdMaps>(step.action) ||
        std::holds_alternative<WriteOwnIdMaps>(step.action) || std::holds_alternative<SetOomScoreAdj>(step.action) ||
        std::holds_alternative<AwaitRelease>(step.action) || std::holds_alternative<AwaitStart>(step.action) ||
        std::holds_alternative<Join>(step.action))
      return false;
  return true;
}

class Fuse {
 public:
  explicit Fuse(ExecutionGraph graph) : graph_(std::move(graph)), gone_(graph_.processes.size(), false) {}

  ExecutionGraph run() {
    for (auto& process : graph_.processes)
      if (!gone_[index(process.id)]) fuse_forks(process);
    renumber();
    return std::move(graph_);
  }

 private:
  Process& at(ProcessId id) { return graph_.processes[index(id)]; }

  /// Gives the launcher's part to the child that it forks, and the child to the launcher's maker.
  ProcessId absorb_launcher(Process& launcher) {
    ProcessId child = no_process;
    for (const auto& step : launcher.steps)
      if (const auto* fork = std::get_if<Fork>(&step.action)) child = fork->child;
    auto& steps = at(child).steps;
    const bool tied = !steps.empty() && std::holds_alternative<TieToMaker>(steps.front().action);
    std::vector<Step> prefix;
    for (std::size_t i = 0; i < launcher.steps.size(); ++i) {
      Step& step = launcher.steps[i];
      if (std::holds_alternative<Fork>(step.action) || std::holds_alternative<Supervise>(step.action)) continue;
      if (auto* offsets = std::get_if<SetClockOffsets>(&step.action)) offsets->enter = at(child).role != Role::command;
      if (!std::holds_alternative<TieToMaker>(step.action))
        prefix.push_back(std::move(step));
      else if (i > 0 && tied)  // Again after a change of ids: with the child's signal.
        prefix.push_back(steps.front());
    }
    if (const Step* asked = unentered_time(prefix); asked != nullptr && at(child).role != Role::command)
      prefix.push_back({SetClockOffsets{{}, {}, true}, asked->origin});
    steps.insert(steps.begin() + (tied ? 1 : 0), std::make_move_iterator(prefix.begin()),
                 std::make_move_iterator(prefix.end()));
    at(child).maker = launcher.maker;
    gone_[index(launcher.id)] = true;
    return child;
  }

  /// Where time was unshared without offsets: the launcher's child was in the new namespace by its
  /// fork; what takes the launcher's place, and stays, has to enter it.
  static const Step* unentered_time(const std::vector<Step>& steps) {
    const Step* found = nullptr;
    for (const auto& step : steps) {
      if (const auto* own = std::get_if<Unshare>(&step.action); own != nullptr && own->kinds.has(NamespaceKind::time))
        found = &step;
      if (std::holds_alternative<SetClockOffsets>(step.action)) return nullptr;
    }
    return found;
  }

  void fuse_forks(Process& maker) {
    const bool elsewhere = makes_children_elsewhere(maker);
    for (std::size_t i = 0; i < maker.steps.size(); ++i) {
      const auto* fork = std::get_if<Fork>(&maker.steps[i].action);
      if (fork == nullptr) continue;
      ProcessId id = fork->child;
      // A launcher that joins stays: its maker must not go where it goes.
      if (at(id).role == Role::launcher && !is_joining(at(id))) id = absorb_launcher(at(id));
      if (i + 1 < maker.steps.size())
        if (auto* maps = std::get_if<WriteIdMaps>(&maker.steps[i + 1].action)) maps->child = id;
      Clone clone = fused(at(id));
      if (elsewhere && clone.kinds.has(NamespaceKind::pid)) {
        clone.by_launcher = true;
        clone.shares_memory = false;
      }
      maker.steps[i].action = clone;
    }
  }

  /// A holder around the process that `init` names: its children go into that one's pid namespace.
  static bool makes_children_elsewhere(const Process& maker) {
    for (const auto& step : maker.steps)
      if (std::holds_alternative<AwaitSetUp>(step.action)) return true;
    return false;
  }

  static Clone fused(Process& child) {
    Clone clone{NamespaceSet{}, child.id, false};
    std::size_t place = 0;
    if (Unshare* unshare = leading_unshare(child, place)) {
      clone.kinds = clonable(unshare->kinds);
      // A holder's new pid namespace is for its children.
      if (child.role == Role::holder) clone.kinds.remove(NamespaceKind::pid);
      NamespaceSet rest;
      unshare->kinds.each([&](const NamespaceKindInfo& row) {
        if (!clone.kinds.has(row.kind)) rest.add(row.kind);
      });
      if (!rest.empty()) {
        unshare->kinds = rest;
      } else {
        child.steps.erase(child.steps.begin() + static_cast<std::ptrdiff_t>(place));
      }
    }
    clone.shares_memory = may_share_memory(child, clone.kinds);
    return clone;
  }

  void renumber() {
    std::vector<ProcessId> now(graph_.processes.size(), no_process);
    std::vector<Process> kept;
    for (auto& process : graph_.processes) {
      if (gone_[index(process.id)]) continue;
      now[index(process.id)] = ProcessId{static_cast<std::uint32_t>(kept.size())};
      kept.push_back(std::move(process));
    }
    for (auto& process : kept) {
      process.id = now[index(process.id)];
      if (process.maker != no_process) process.maker = now[index(process.maker)];
      for (auto& step : process.steps) {
        if (auto* clone = std::get_if<Clone>(&step.action)) clone->child = now[index(clone->child)];
        if (auto* maps = std::get_if<WriteIdMaps>(&step.action)) maps->child = now[index(maps->child)];
        if (auto* wait = std::get_if<AwaitSetUp>(&step.action)) wait->child = now[index(wait->child)];
        if (auto* release = std::get_if<Release>(&step.action)) release->child = now[index(release->child)];
      }
    }
    for (auto& gate : graph_.gates) gate.waiter = now[index(gate.waiter)];
    for (auto& readiness : graph_.readiness) readiness.process = now[index(readiness.process)];
    renumber_awaited(now, kept.size());
    graph_.processes = std::move(kept);
  }

  /// Where what began or ended a row is gone, the next that stays does.
  void renumber_awaited(const std::vector<ProcessId>& now, std::size_t kept) {
    if (graph_.awaited.empty()) return;
    std::vector<ProcessId> from(now.size() + 1, ProcessId{static_cast<std::uint32_t>(kept)});
    for (std::size_t i = now.size(); i-- > 0;) from[i] = now[i] == no_process ? from[i + 1] : now[i];
    for (auto& awaited : graph_.awaited)
      for (auto& range : awaited) range = {from[index(range.first)], from[index(range.end)]};
  }

  ExecutionGraph graph_;
  std::vector<bool> gone_;
};

}  // namespace

ExecutionGraph fuse(ExecutionGraph graph) { return Fuse(std::move(graph)).run(); }

}  // namespace pidns
