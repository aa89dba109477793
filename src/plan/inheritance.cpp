#include "plan/inheritance.h"

#include <algorithm>

namespace pidns {
namespace {

void overlay_environment(EnvironmentPlan& plan, const Inherited& nearer) {
  if (nearer.clear_env) plan.clear = *nearer.clear_env;
  if (nearer.keep_env) plan.keep = *nearer.keep_env;
  if (!nearer.env) return;
  for (const auto& entry : *nearer.env) {
    auto same = [&](const EnvironmentEntry& old) { return old.name == entry.value.name; };
    auto found = std::find_if(plan.entries.begin(), plan.entries.end(), same);
    if (found != plan.entries.end())
      *found = entry.value;
    else
      plan.entries.push_back(entry.value);
  }
}

void overlay_rlimits(std::vector<Placed<Rlimit>>& limits, const std::vector<Placed<Rlimit>>& nearer) {
  for (const auto& limit : nearer) {
    auto same = [&](const Placed<Rlimit>& old) { return old.value.resource == limit.value.resource; };
    auto found = std::find_if(limits.begin(), limits.end(), same);
    if (found != limits.end())
      *found = limit;
    else
      limits.push_back(limit);
  }
}

}  // namespace

Inheritance Inheritance::under(const Inherited& nearer) const {
  Inheritance result = *this;
  if (nearer.env || nearer.clear_env || nearer.keep_env) {
    auto changed = std::make_shared<EnvironmentPlan>(*environment);
    overlay_environment(*changed, nearer);
    result.environment = std::move(changed);
  }
  if (nearer.cwd) result.cwd = nearer.cwd;
  if (nearer.umask) result.umask = nearer.umask;
  if (nearer.rlimits) overlay_rlimits(result.rlimits, *nearer.rlimits);
  return result;
}

}  // namespace pidns
