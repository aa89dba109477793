#pragma once

#include <optional>

#include "plan/step.h"
#include "spec/caller_facts.h"
#include "spec/spec.h"

namespace pidns {

inline constexpr std::uint32_t overflow_id = 65534;

/// Who makes a node, as its user namespace sees it: ids, the ids that exist there, and whether it may
/// write any map (CAP_SETUID and CAP_SETGID over the parent namespace).
struct IdScope {
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::vector<IdRange> uids;
  std::vector<IdRange> gids;
  bool privileged = false;
  bool inside_spec = false;  ///< At or below a `user` level of the spec.
  bool joined = false;       ///< In a user namespace that is not the spec's: which ids exist there is not known.
};

IdScope caller_scope(const CallerFacts& facts);

/// How the maps of a new user namespace get written, and who its processes are inside.
struct IdMapPlan {
  std::optional<WriteOwnIdMaps> own;  ///< By the child itself …
  std::optional<WriteIdMaps> maker;   ///< … or by its maker (`child` to be filled in) …
  AwaitIdMaps await;                  ///< … for which it waits.
  IdScope inside;
};

IdMapPlan plan_id_maps(const Node& node, const IdScope& outside, const CallerFacts& facts);

}  // namespace pidns
