#include "plan/step_order.h"
#include "plan/verify_rules.h"

namespace pidns {
namespace {

class StepRules {
 public:
  StepRules(const ExecutionGraph& graph, std::vector<Violation>& violations)
      : graph_(graph), violations_(violations), fresh_(new_namespaces(graph)) {}

  void verify(const Process& process) {
    process_ = &process;
    own_ = fresh_[index(process.id)];
    pid_pending_ = false;
    children_elsewhere_ = false;
    awaits_set_up_ = false;
    released_ = false;
    propagated_ = false;
    private_target_.clear();
    tie_ = 0;
    rank_ = 0;
    for (step_ = 0; step_ < process.steps.size(); ++step_) {
      check_order(process.steps[step_].action);
      std::visit([this](const auto& action) { check(action); }, process.steps[step_].action);
    }
    if ((process.role == Role::holder || process.role == Role::launcher) && tie_ == 0) broken("tie-first", 0);
    // A launcher, and a holder around the process that `init` names, leave it to their child.
    const bool left_to_child = process.role == Role::launcher || awaits_set_up_;
    if (own_.has(NamespaceKind::mount) && !propagated_ && !left_to_child) broken("propagation-first", 0);
    if (awaits_set_up_ != released_) broken("released", 0);
  }

 private:
  void broken(const char* rule) { broken(rule, step_); }
  void broken(const char* rule, std::size_t step) { violations_.push_back({rule, process_->id, step}); }

  void check_order(const Action& action) {
    const int now = rank(action);
    // Again after a change of ids: allowed there only.
    if (std::holds_alternative<TieToMaker>(action) && step_ > 0) return;
    if (now < rank_) broken("order");
    if (now > rank_) rank_ = now;
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
    if (!propagated_) broken("propagation-first");
  }

  void check(const TieToMaker& action) {
    const bool after_ids = before() != nullptr && (std::holds_alternative<SetCredentials>(*before()) ||
                                                   std::holds_alternative<AwaitIdMaps>(*before()) ||
                                                   std::holds_alternative<Join>(*before()));
    if (step_ != 0 && !after_ids) broken("tie-first");
    if (tie_ != 0 && tie_ != action.signal) broken("tie-again");
    tie_ = action.signal;
  }
  void check_tied_again() {
    if (tie_ != 0 && (after() == nullptr || !std::holds_alternative<TieToMaker>(*after()))) broken("tie-again");
  }
  void check(const SetCredentials& action) {
    if (action.uid || action.gid) check_tied_again();
  }
  void check(const AwaitIdMaps& action) {
    need(NamespaceKind::user);
    if (action.become_uid_0 || action.become_gid_0) check_tied_again();
    if (!is_mapped_by_maker()) broken("maps-awaited");
  }
  bool is_mapped_by_maker() const {
    const Process& maker = graph_.process(process_->maker);
    for (const auto& step : maker.steps)
      if (const auto* maps = std::get_if<WriteIdMaps>(&step.action); maps != nullptr && maps->child == process_->id)
        return true;
    return false;
  }
  void check(const WriteIdMaps& action) {
    const bool follows = before() != nullptr && child_of(*before()) == action.child;
    bool awaited = false;
    if (follows)
      for (const auto& step : graph_.process(action.child).steps)
        awaited = awaited || std::holds_alternative<AwaitIdMaps>(step.action);
    if (!awaited) broken("maps-awaited");
  }
  void check(const WriteOwnIdMaps&) { need(NamespaceKind::user); }
  void check(const SetClockOffsets&) { need(NamespaceKind::time); }

  void check(const Unshare& action) {
    // A second one before a fork is EINVAL: pid_namespaces(7).
    if (action.kinds.has(NamespaceKind::pid) && pid_pending_) broken("one-pid-unshare-per-fork");
    pid_pending_ = pid_pending_ || action.kinds.has(NamespaceKind::pid);
    const bool for_children = process_->role == Role::launcher || process_->role == Role::holder;
    if (pid_pending_ && !for_children) broken("one-pid-unshare-per-fork");
  }
  void check(const Fork&) {
    if (process_->role == Role::launcher && !pid_pending_) broken("one-pid-unshare-per-fork");
    made_child();
  }
  void made_child() {
    children_elsewhere_ = children_elsewhere_ || pid_pending_;
    pid_pending_ = false;
  }
  void check(const Join& action) {
    for (const auto& target : action.targets)
      if (target.value.kind == NamespaceKind::pid) pid_pending_ = true;
    if (pid_pending_ && process_->role != Role::launcher) broken("one-pid-unshare-per-fork");
  }
  void check(const AwaitSetUp& action) {
    awaits_set_up_ = true;
    bool waits = false;
    for (const auto& step : graph_.process(action.child).steps)
      waits = waits || std::holds_alternative<AwaitRelease>(step.action);
    if (!waits || before() == nullptr || child_of(*before()) != action.child) broken("released");
  }
  void check(const AwaitStart&) {
    const Process* maker = &graph_.process(process_->maker);
    if (maker->role == Role::launcher) maker = &graph_.process(maker->maker);
    bool starts = false;
    for (const auto& step : maker->steps) starts = starts || std::holds_alternative<StartChildren>(step.action);
    if (!starts) broken("started");
  }
  void check(const StartChildren&) {
    // The last that a maker does before it supervises: whom it makes later would never start.
    if (after() == nullptr || !std::holds_alternative<Supervise>(*after())) broken("started");
  }
  void check(const Release&) {
    released_ = true;
    if (!awaits_set_up_) broken("released");
  }
  void check(const Clone& action) {
    // From where children go elsewhere only a process inside can make one more: EINVAL otherwise.
    if ((pid_pending_ || children_elsewhere_) && action.kinds.has(NamespaceKind::pid) && !action.by_launcher)
      broken("one-pid-unshare-per-fork");
    made_child();
    if (action.kinds.has(NamespaceKind::time)) broken("own-namespace");
    if (action.shares_memory && graph_.process(action.child).role != Role::command) broken("shares-memory");
    if (action.shares_memory)
      for (const auto& step : graph_.process(action.child).steps)
        if (std::holds_alternative<WaitFor>(step.action) || std::holds_alternative<AwaitIdMaps>(step.action) ||
            std::holds_alternative<AwaitRelease>(step.action) || std::holds_alternative<AwaitStart>(step.action) || std::holds_alternative<Join>(step.action) ||
            std::holds_alternative<SetOomScoreAdj>(step.action))
          broken("shares-memory");
  }

  void check(const SetPropagation&) {
    need(NamespaceKind::mount);
    propagated_ = true;
  }
  void check(const MakePrivate& action) { private_target_ = action.target; }
  void check(const MountProcfs& action) {
    need_mounts();
    // It shows the pid namespace of who mounts it: not yet the one that waits for the fork.
    if (pid_pending_) broken("proc-in-new-pid");
    bool is_private = false;
    for (const auto& step : process_->steps)
      if (const auto* mode = std::get_if<SetPropagation>(&step.action))
        is_private = mode->mode == Propagation::private_;
      else if (std::holds_alternative<ChangeRoot>(step.action))
        is_private = true;
    if (!is_private && private_target_ != action.mount.target) broken("private-target");
  }
  void check(const ChangeRoot&) { need_mounts(); }
  void check(const MountFilesystem&) { need_mounts(); }
  void check(const DetachOldRoot&) { need_mounts(); }
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
  const Process* process_ = nullptr;
  NamespaceSet own_;
  std::size_t step_ = 0;
  int rank_ = 0;
  int tie_ = 0;
  bool pid_pending_ = false;         ///< The next child is the first of a pid namespace.
  bool children_elsewhere_ = false;  ///< Children go into a pid namespace that is not this process's.
  bool awaits_set_up_ = false;
  bool released_ = false;
  bool propagated_ = false;
  std::string private_target_;
};

}  // namespace

void verify_steps(const ExecutionGraph& graph, std::vector<Violation>& violations) {
  StepRules rules(graph, violations);
  for (const auto& process : graph.processes) rules.verify(process);
}

}  // namespace pidns
