/// How deep namespaces nest, and what the caller may make.

#include <chrono>
#include <limits>

#include "check/rules.h"

namespace pidns {
namespace {

/// At the first level too deep; those below it follow from it.
void levels_end(const Scope& scope, NamespaceKind kind, unsigned above, unsigned own, unsigned most,
                Diagnostics& diagnostics) {
  if (!scope.node.makes(kind) || above + own != most + 1) return;
  const std::string name(info(kind).name);
  auto& found =
      diagnostics.error(Code::too_deep, scope.node.unshare.place(),
                        "more than " + std::to_string(most) + ' ' + name + " namespaces nested below the initial one");
  found.labels.push_back({unshare_word(scope.node, kind), "level " + std::to_string(above + own)});
  found.why = "the kernel refuses a deeper one with ENOSPC";
  if (above != 0) found.why += "; the caller is at level " + std::to_string(above) + " already";
}

/// setns(2) into a user namespace gives every capability in it; whether it is allowed is known then.
bool is_in_joined_user(const Scope& scope) {
  for (const Scope* around = &scope; around != nullptr; around = around->outer)
    if (around->node.join)
      for (const auto& entry : *around->node.join)
        if (entry.value.kind == NamespaceKind::user) return true;
  return false;
}

}  // namespace

// pid_namespaces(7): "Since Linux 3.7, the kernel limits the maximum nesting depth for PID namespaces to 32."
void pid_levels_end(const Scope& scope, Diagnostics& diagnostics) {
  levels_end(scope, NamespaceKind::pid, scope.facts.pid_level.value_or(0), scope.pid_levels, 32, diagnostics);
}

// user_namespaces(7) says 32; create_user_ns() looks at the parent's level, so that 33 can be made.
void user_levels_end(const Scope& scope, Diagnostics& diagnostics) {
  levels_end(scope, NamespaceKind::user, scope.facts.user_level.value_or(0), scope.user_levels, 33, diagnostics);
}

// clone(2): all kinds but user need CAP_SYS_ADMIN, which the maker of a user namespace has inside it.
void privilege_is_there(const Scope& scope, Diagnostics& diagnostics) {
  constexpr unsigned cap_sys_admin = 21;
  if (scope.facts.has_capability(cap_sys_admin) || scope.under_user || scope.node.unshared().empty()) return;
  if (is_in_joined_user(scope)) return;
  // One `user` at the outermost node cures all below it.
  for (const Scope* outer = scope.outer; outer != nullptr; outer = outer->outer)
    if (!outer->node.unshared().empty()) return;
  const NamespaceSet kinds = scope.node.unshared();
  std::size_t count = 0;
  kinds.each([&](const NamespaceKindInfo&) { ++count; });
  const std::string subject =
      count == 1 ? "a new " + kind_words(kinds) + " namespace needs" : "new " + kind_words(kinds) + " namespaces need";
  auto& found = diagnostics.error(Code::no_privilege, scope.node.unshare.place(),
                                  subject + " CAP_SYS_ADMIN, which the caller does not have");
  found.why = "uid " + std::to_string(scope.facts.uid) +
              " without it may make a user namespace, and the others inside that one";
  found.fix = unshare_with(scope.node, NamespaceKind::user);
}

// timens_offsets: no clock goes beyond half of what ktime_t holds, whatever it shows now (ERANGE).
void offsets_fit_clocks(const Scope& scope, Diagnostics& diagnostics) {
  constexpr auto most = std::chrono::seconds(std::numeric_limits<std::int64_t>::max() / 1'000'000'000 / 2);
  const auto fits = [&](const Setting<Duration>& offset) {
    if (!offset || (*offset <= most && *offset >= -most)) return;
    diagnostics.error(Code::offset_too_large, offset.place(), "an offset of more than 53375 days").why =
        "no clock of a time namespace goes below zero or beyond 146 years (ERANGE)";
  };
  fits(scope.node.monotonic);
  fits(scope.node.boottime);
}

}  // namespace pidns
