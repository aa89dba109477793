#include "plan/step_order.h"
#include "plan/verify_rules.h"

namespace pidns {
namespace {

/// What the steps of one process so far have come to.
struct Progress {
  int rank = 0;
  std::size_t children = 0;
  std::size_t start_waits = 0;
  int tie = 0;
  NamespaceSet made;                ///< By clone or unshare, for this process or its children.
  bool pid_pending = false;         ///< The next child is the first of a pid namespace.
  bool children_elsewhere = false;  ///< Children go into a pid namespace that is not this process's.
  bool time_pending = false;        ///< Unshared, not entered.
  bool builds_root = false;
  ProcessId awaited = no_process;
  ProcessId released = no_process;
  std::optional<Propagation> propagation;
  std::string private_target;
};

class StepRules {
 public:
  StepRules(const ExecutionGraph& graph, std::vector<Violation>& violations)
      : graph_(graph),
        violations_(violations),
        fresh_(new_namespaces(graph)),
        mapped_(graph.processes.size(), false),
        cloned_(graph.processes.size()) {}

  void verify(const Process& process) {
    process_ = &process;
    own_ = fresh_[index(process.id)];
    now_ = {};
    now_.made = cloned_[index(process.id)];
    for (step_ = 0; step_ < process.steps.size(); ++step_) {
      check_order(process.steps[step_].action);
      check_tied_again(process.steps[step_].action);
      std::visit([this](const auto& action) { check(action); }, process.steps[step_].action);
    }
    if ((process.role == Role::holder || process.role == Role::launcher) && now_.tie == 0) broken("tie-first", 0);
    // A launcher, and a holder around the process that `init` names, leave it to their child.
    const bool left_to_child = process.role == Role::launcher || now_.awaited != no_process;
    if (own_.has(NamespaceKind::mount) && !now_.propagation && !left_to_child) broken("propagation-first", 0);
    if (now_.awaited != now_.released) broken("released", 0);
    if (now_.builds_root) broken("old-root-detached", 0);
    check_start(process);
    // A command enters as it executes, a launcher's child as it is forked.
    const bool stays = process.role == Role::init || process.role == Role::holder;
    if (now_.time_pending && stays) broken("time-entered", 0);
  }

 private:
  static bool starts_children(const Process& process) {
    const std::size_t steps = process.steps.size();
    return steps >= 2 && std::holds_alternative<StartChildren>(process.steps[steps - 2].action);
  }

  /// An init of ours with several children lets none of them go on before the last is made.
  void check_start(const Process& process) {
    if (process.role == Role::init && starts_children(process) != (now_.children >= 2)) broken("started", 0);
    if (process.maker == no_process || process.role == Role::launcher) return;
    const Process* maker = &graph_.process(process.maker);
    if (maker->role == Role::launcher) maker = &graph_.process(maker->maker);
    if (now_.start_waits != (starts_children(*maker) ? 1U : 0U)) broken("started", 0);
  }

  void broken(const char* rule) { broken(rule, step_); }
  void broken(const char* rule, std::size_t step) { violations_.push_back({rule, process_->id, step}); }

  void check_order(const Action& action) {
    const int now = rank(action);
    // Again after a change of ids: allowed there only.
    if (std::holds_alternative<TieToMaker>(action) && step_ > 0) return;
    // Who waits at a gate has been waited for before.
    const bool held_up = std::holds_alternative<AwaitStart>(action) || std::holds_alternative<AwaitRelease>(action);
    if (held_up && after() != nullptr && std::holds_alternative<WaitFor>(*after())) return;
    if (now < now_.rank) broken("order");
    if (now > now_.rank) now_.rank = now;
  }

  const Action* before() const { return step_ == 0 ? nullptr : &process_->steps[step_ - 1].action; }
  const Action* after() const {
    return step_ + 1 < process_->steps.size() ? &process_->steps[step_ + 1].action : nullptr;
  }

  void need(NamespaceKind kind) {
    if (!own_.has(kind)) broken("own-namespace");
  }
  void need_mounts() {
    need(NamespaceKind::mount);
    if (!now_.propagation) broken("propagation-first");
  }

  /// What clears a tie: prctl(2), PR_SET_PDEATHSIG, and setns(2) into another's user namespace.
  static bool clears_tie(const Action& action) {
    if (const auto* ids = std::get_if<SetCredentials>(&action)) return ids->uid || ids->gid;
    if (const auto* maps = std::get_if<AwaitIdMaps>(&action)) return maps->become_uid_0 || maps->become_gid_0;
    if (const auto* join = std::get_if<Join>(&action))
      for (const auto& target : join->targets)
        if (target.value.kind == NamespaceKind::user) return true;
    return false;
  }
  void check(const TieToMaker& action) {
    const bool again = now_.tie != 0 && before() != nullptr && clears_tie(*before());
    if (step_ != 0 && !again) broken("tie-first");
    if (now_.tie != 0 && now_.tie != action.signal) broken("tie-again");
    now_.tie = action.signal;
  }
  void check_tied_again(const Action& action) {
    if (now_.tie == 0 || !clears_tie(action)) return;
    if (after() == nullptr || !std::holds_alternative<TieToMaker>(*after())) broken("tie-again");
  }
  void check(const AwaitIdMaps&) {
    need(NamespaceKind::user);
    if (!mapped_[index(process_->id)]) broken("maps-awaited");
  }
  void check(const WriteIdMaps& action) {
    // Makers have smaller numbers: this comes before the child's own steps.
    const bool follows = before() != nullptr && child_of(*before()) == action.child;
    if (follows) mapped_[index(action.child)] = true;
    if (!follows || !has<AwaitIdMaps>(graph_.process(action.child))) broken("maps-awaited");
  }
  template <class T>
  static bool has(const Process& process) {
    for (const auto& step : process.steps)
      if (std::holds_alternative<T>(step.action)) return true;
    return false;
  }
  void check(const WriteOwnIdMaps&) { need(NamespaceKind::user); }
  void check(const SetClockOffsets& action) {
    need(NamespaceKind::time);
    if (!now_.time_pending) broken("time-entered");
    if (action.enter) now_.time_pending = false;
  }

  void check(const Unshare& action) {
    action.kinds.each([this](const NamespaceKindInfo& row) {
      if (now_.made.has(row.kind)) broken("new-once");
      now_.made.add(row.kind);
    });
    // A second one before a fork is EINVAL: pid_namespaces(7).
    if (action.kinds.has(NamespaceKind::pid) && now_.pid_pending) broken("one-pid-unshare-per-fork");
    now_.pid_pending = now_.pid_pending || action.kinds.has(NamespaceKind::pid);
    const bool for_children = process_->role == Role::launcher || process_->role == Role::holder;
    if (now_.pid_pending && !for_children) broken("one-pid-unshare-per-fork");
    now_.time_pending = now_.time_pending || action.kinds.has(NamespaceKind::time);
  }
  void check(const Fork&) {
    if (process_->role == Role::launcher && !now_.pid_pending) broken("one-pid-unshare-per-fork");
    made_child();
  }
  void made_child() {
    ++now_.children;
    now_.children_elsewhere = now_.children_elsewhere || now_.pid_pending;
    now_.pid_pending = false;
  }
  void check(const Join& action) {
    for (const auto& target : action.targets)
      if (target.value.kind == NamespaceKind::pid) now_.pid_pending = true;
    if (now_.pid_pending && process_->role != Role::launcher) broken("one-pid-unshare-per-fork");
  }
  void check(const AwaitSetUp& action) {
    now_.awaited = action.child;
    const bool follows = before() != nullptr && child_of(*before()) == action.child;
    if (!follows || !has<AwaitRelease>(graph_.process(action.child))) broken("released");
  }
  void check(const AwaitStart&) { ++now_.start_waits; }
  void check(const StartChildren&) {
    // The last that a maker does before it supervises: whom it makes later would never start.
    if (after() == nullptr || !std::holds_alternative<Supervise>(*after())) broken("started");
  }
  void check(const Release& action) {
    now_.released = action.child;
    if (now_.awaited != action.child) broken("released");
  }
  void check(const Clone& action) {
    // From where children go elsewhere only a process inside can make one more: EINVAL otherwise.
    if ((now_.pid_pending || now_.children_elsewhere) && action.kinds.has(NamespaceKind::pid) && !action.by_launcher)
      broken("one-pid-unshare-per-fork");
    made_child();
    cloned_[index(action.child)] = action.kinds;
    if (action.kinds.has(NamespaceKind::time)) broken("own-namespace");
    if (action.shares_memory && !may_share_memory(action)) broken("shares-memory");
  }
  /// A child that stays, or waits, could be traced while it has its maker's memory; a new user namespace
  /// makes that undumpable, and oom_score_adj belongs to it.
  bool may_share_memory(const Clone& clone) const {
    const Process& child = graph_.process(clone.child);
    if (child.role != Role::command || clone.kinds.has(NamespaceKind::user) || clone.by_launcher) return false;
    for (const auto& step : child.steps) {
      const Action& action = step.action;
      if (std::holds_alternative<WaitFor>(action) || std::holds_alternative<AwaitIdMaps>(action) ||
          std::holds_alternative<AwaitRelease>(action) || std::holds_alternative<AwaitStart>(action) ||
          std::holds_alternative<WriteOwnIdMaps>(action) || std::holds_alternative<Join>(action) ||
          std::holds_alternative<SetOomScoreAdj>(action))
        return false;
      if (const auto* own = std::get_if<Unshare>(&action); own != nullptr && own->kinds.has(NamespaceKind::user))
        return false;
    }
    return true;
  }

  void check(const SetPropagation& action) {
    need(NamespaceKind::mount);
    now_.propagation = action.mode;
  }
  void check(const MakePrivate& action) {
    need_mounts();
    now_.private_target = action.target;
  }
  void check(const MountProcfs& action) {
    need_mounts();
    // It shows the pid namespace of who mounts it: not yet the one that waits for the fork.
    if (now_.pid_pending) broken("proc-in-new-pid");
    // A root of the node's own hangs in no tree of the caller's.
    if (now_.propagation != Propagation::private_ && now_.private_target != action.mount.target && !now_.builds_root)
      broken("private-target");
  }
  void check(const ChangeRoot&) {
    need_mounts();
    now_.builds_root = true;
  }
  void check(const MountFilesystem&) { need_mounts(); }
  void check(const DetachOldRoot&) {
    need_mounts();
    if (!now_.builds_root) broken("old-root-detached");
    now_.builds_root = false;
  }
  void check(const MaskPath&) { need_mounts(); }
  void check(const ReadOnlyPath&) { need_mounts(); }
  void check(const ReadOnlyRoot&) { need_mounts(); }
  void check(const SetHostname&) { need(NamespaceKind::uts); }
  void check(const SetDomainname&) { need(NamespaceKind::uts); }
  void check(const BringUpLoopback&) { need(NamespaceKind::net); }
  template <class T>
  void check(const T&) {}

  const ExecutionGraph& graph_;
  std::vector<Violation>& violations_;
  std::vector<NamespaceSet> fresh_;
  std::vector<bool> mapped_;          ///< By process: its maker writes its id maps.
  std::vector<NamespaceSet> cloned_;  ///< By process: what its maker's clone makes.
  const Process* process_ = nullptr;
  NamespaceSet own_;
  std::size_t step_ = 0;
  Progress now_;
};

}  // namespace

void verify_steps(const ExecutionGraph& graph, std::vector<Violation>& violations) {
  StepRules rules(graph, violations);
  for (const auto& process : graph.processes) rules.verify(process);
}

}  // namespace pidns
