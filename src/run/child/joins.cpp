#include <sys/prctl.h>

#include "run/child/actions.h"

namespace pidns::child {
namespace {

int enter(const Context& context, ProcessId self, NamespaceKind kind) {
  const int descriptor = context.join_descriptors[index(self) * namespace_kind_count + static_cast<std::size_t>(kind)];
  const int error = raw::error_of(raw::setns(descriptor, static_cast<int>(info(kind).clone_flag)));
  // One's own user namespace can't be entered again; the kind of the file has been looked at before.
  return kind == NamespaceKind::user && error == EINVAL ? 0 : error;
}

/// As nsenter(1): 0 of the entered user namespace, where it maps 0.
void take_ids() {
  if (raw::setresgid(0, 0, 0) >= 0) raw::setgroups(0, nullptr);
  raw::setresuid(0, 0, 0);
  raw::prctl(PR_SET_DUMPABLE, 1);
}

}  // namespace

int do_join(const Context& context, ProcessId self, const Join& action) {
  bool has_user = false;
  NamespaceSet later;
  // What the user namespace around owns can be entered only before the user namespace, what it owns
  // itself only after: setns(2) asks for CAP_SYS_ADMIN in the owner.
  for (const auto& [target, place] : action.targets) {
    if (target.kind == NamespaceKind::user) has_user = true;
    if (target.kind == NamespaceKind::user) continue;
    const int error = enter(context, self, target.kind);
    if (error == EPERM)
      later.add(target.kind);
    else if (error != 0)
      return error;
  }
  if (has_user) {
    if (const int error = enter(context, self, NamespaceKind::user)) return error;
    take_ids();
  }
  for (const auto& [target, place] : action.targets)
    if (later.has(target.kind))
      if (const int error = has_user ? enter(context, self, target.kind) : EPERM) return error;
  return 0;
}

int do_await_release(const Context& context) {
  char go = 0;
  raw::write(context.sync_child, "s", 1);
  return raw::read(context.sync_child, &go, 1) == 1 ? 0 : static_cast<int>(trouble_maker_gone);
}

}  // namespace pidns::child
