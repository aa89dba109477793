#pragma once

#include <memory>
#include <string>

#include "plan/graph.h"
#include "spec/spec.h"

namespace pidns {

/// What a node hands down to its processes and to everything nested in it: `env`, `clear-env`,
/// `keep-env`, `cwd`, `umask` and `rlimits`. Maps are merged key by key, the nearer one wins.
struct Inheritance {
  std::shared_ptr<const EnvironmentPlan> environment = std::make_shared<EnvironmentPlan>();
  Setting<std::string> cwd;
  Setting<unsigned> umask;
  std::vector<Placed<Rlimit>> rlimits;

  /// This one with `nearer` over it; shares what is unchanged.
  [[nodiscard]] Inheritance under(const Inherited& nearer) const;
};

}  // namespace pidns
