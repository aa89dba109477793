/// What can be entered by setns(2). What `join` names was there before the run.

#include <algorithm>

#include "check/id_ranges.h"
#include "check/rules.h"

namespace pidns {
namespace {

const Placed<JoinTarget>* joined(const Node& node, NamespaceKind kind) {
  if (!node.join) return nullptr;
  const auto found = std::find_if(node.join->begin(), node.join->end(),
                                  [kind](const auto& entry) { return entry.value.kind == kind; });
  return found == node.join->end() ? nullptr : &*found;
}

}  // namespace

// setns(2): CAP_SYS_ADMIN in the user namespace that owns what is joined.
void joins_are_owned(const Scope& scope, Diagnostics& diagnostics) {
  if (!scope.node.join || scope.node.join->empty() || scope.outer == nullptr) return;
  const UserNamespace around = user_namespace(*scope.outer);
  if (!around.made) return;
  auto& found = diagnostics.error(Code::join_from_user, scope.node.join.place(),
                                  "`join` at or below a node with a new user namespace");
  found.labels.push_back({unshare_word(around.node->node, NamespaceKind::user), "the new one"});
  found.why = "what was there before the run belongs to no user namespace of the spec, so nobody inside may enter it "
              "(EPERM)";
  found.fix = "`join` at a node outside it, or at the node that makes it: `join` comes before `unshare`";
}

// setns(2), CLONE_NEWPID: only one's own pid namespace, or one nested in it.
void joined_pid_is_nested(const Scope& scope, Diagnostics& diagnostics) {
  const auto* target = joined(scope.node, NamespaceKind::pid);
  const Scope* maker = target != nullptr ? scope.maker(NamespaceKind::pid) : nullptr;
  if (maker == nullptr || maker == &scope) return;
  auto& found =
      diagnostics.error(Code::join_of_outer_pid, target->place, "a pid namespace joined from inside a new one");
  found.labels.push_back({unshare_word(maker->node, NamespaceKind::pid), "the new one"});
  found.why = "setns(2) enters only pid namespaces that are nested in one's own, and this one was there before (EINVAL)";
}

// setns(2): besides, CAP_SYS_ADMIN in one's own user namespace, which entering another gives.
void join_is_privileged(const Scope& scope, Diagnostics& diagnostics) {
  constexpr unsigned cap_sys_admin = 21;
  if (!scope.node.join || scope.node.join->empty() || scope.facts.has_capability(cap_sys_admin)) return;
  if (joined(scope.node, NamespaceKind::user) != nullptr) return;
  if (scope.outer != nullptr && user_namespace(*scope.outer).node != nullptr) return;
  auto& found = diagnostics.error(Code::no_privilege, scope.node.join.place(),
                                  "`join` needs CAP_SYS_ADMIN, which the caller does not have");
  found.why = "uid " + std::to_string(scope.facts.uid) +
              " may enter a user namespace of its own, and then what belongs to that";
  found.fix = "`user: PID` beside the others in `join`";
}

}  // namespace pidns
