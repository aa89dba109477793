/// What only the maker of a process may give it, and only with privilege outside every user namespace:
/// setrlimit(2), setpriority(2), proc(5) on oom_score_adj.

#include <sys/resource.h>

#include "check/id_ranges.h"
#include "check/rules.h"

namespace pidns {
namespace {

constexpr unsigned cap_sys_nice = 23;
constexpr unsigned cap_sys_resource = 24;

/// The kernel asks for these capabilities in the initial user namespace. In one of the spec's they are
/// worth nothing; but the first process of an outermost one is still in the hands of its maker.
bool has_outside(const Scope& scope, unsigned capability) {
  if (!scope.facts.has_capability(capability)) return false;
  const UserNamespace user = user_namespace(scope);
  if (user.node == nullptr) return true;
  const bool outermost = scope.outer == nullptr || user_namespace(*scope.outer).node == nullptr;
  const bool* init = scope.node.init ? std::get_if<bool>(&*scope.node.init) : nullptr;
  return user.made && user.node == &scope && outermost && !scope.node.join && is_single(scope.node) &&
         (!scope.node.init || (init != nullptr && !*init));
}

void check_rlimit(const Scope& scope, const Placed<Rlimit>& entry, Diagnostics& diagnostics) {
  const Rlimit& limit = entry.value;
  const std::uint64_t have = scope.facts.hard_limits[static_cast<std::size_t>(limit.resource)];
  const bool beyond_all = limit.resource == RLIMIT_NOFILE && limit.hard > scope.facts.most_files;
  if (!beyond_all && (limit.hard <= have || has_outside(scope, cap_sys_resource))) return;
  auto& found = diagnostics.error(
      Code::raised_limit, entry.place,
      '`' + limit.name + "` above " + (beyond_all ? "what the system allows" : "the caller's hard limit"));
  found.why = beyond_all ? "nobody may have more files open than fs.nr_open says (EPERM)"
                         : "raising a hard limit needs CAP_SYS_RESOURCE outside every user namespace (EPERM)";
  if (!beyond_all) found.fix = limit.name + ": " + std::to_string(have);
}

/// Calls `take` with each limit that a process gets: its own, then those of the nodes around it.
template <class Take>
void each_limit(const Scope& scope, const ProcessSpec& process, const Take& take) {
  std::uint32_t seen = 0;
  const auto among = [&](const Inherited& own) {
    if (!own.rlimits) return;
    for (const auto& entry : *own.rlimits) {
      if ((seen >> entry.value.resource & 1U) == 0) take(entry);
      seen |= 1U << entry.value.resource;
    }
  };
  among(process.own);
  for (const Scope* node = &scope; node != nullptr; node = node->outer) among(node->node.defaults);
}

}  // namespace

void limits_are_not_raised(const Scope& scope, Diagnostics& diagnostics) {
  for (const ProcessSpec& process : scope.node.processes)
    each_limit(scope, process, [&](const Placed<Rlimit>& entry) { check_rlimit(scope, entry, diagnostics); });
}

// can_nice(): 20 - value must not be above RLIMIT_NICE.
void nice_is_not_lowered(const Scope& scope, Diagnostics& diagnostics) {
  for (const ProcessSpec& process : scope.node.processes) {
    if (!process.nice || *process.nice >= scope.facts.nice || has_outside(scope, cap_sys_nice)) continue;
    std::uint64_t most = scope.facts.nice_limit;
    each_limit(scope, process, [&](const Placed<Rlimit>& entry) {
      if (entry.value.resource == RLIMIT_NICE) most = entry.value.soft;
    });
    if (static_cast<std::uint64_t>(20 - *process.nice) <= most) continue;
    diagnostics.error(Code::lowered_nice, process.nice.place(), "a nice value below the caller's").why =
        "a lower one needs CAP_SYS_NICE outside every user namespace, or RLIMIT_NICE (EACCES)";
  }
}

void oom_score_is_not_lowered(const Scope& scope, Diagnostics& diagnostics) {
  for (const ProcessSpec& process : scope.node.processes) {
    if (!process.oom_score_adj || *process.oom_score_adj >= scope.facts.least_oom_score_adj) continue;
    if (has_outside(scope, cap_sys_resource)) continue;
    diagnostics
        .error(Code::lowered_oom_score, process.oom_score_adj.place(),
               "an `oom-score-adj` below the least that the caller may set")
        .why = "a lower one needs CAP_SYS_RESOURCE outside every user namespace (EACCES)";
  }
}

}  // namespace pidns
