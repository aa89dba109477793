#include "callers.h"

namespace pidns::fuzz {
namespace {

CallerFacts root() {
  CallerFacts facts;
  facts.cwd = "/home/somebody";
  return facts;
}

CallerFacts unprivileged() {
  CallerFacts facts;
  facts.uid = facts.gid = 1000;
  facts.capabilities = 0;
  facts.subuid = facts.subgid = {{0, 100000, 65536}};
  facts.cwd = "/home/somebody";
  return facts;
}

/// Three pid levels and two user levels down, with few ids, shared mounts and a directory without path.
CallerFacts contained() {
  CallerFacts facts;
  facts.pid_level = 3;
  facts.user_level = 2;
  facts.uid_map = facts.gid_map = {{0, 100000, 1000}, {5000, 105000, 1}};
  facts.subuid = {{0, 200000, 10}};
  facts.cwd = "";
  facts.root_is_shared = true;
  return facts;
}

/// /proc cannot be read.
CallerFacts blind() {
  CallerFacts facts = unprivileged();
  facts.pid_level = facts.user_level = std::nullopt;
  facts.subuid = facts.subgid = {};
  return facts;
}

}  // namespace

const std::vector<CallerFacts>& callers() {
  static const std::vector<CallerFacts> all{root(), unprivileged(), contained(), blind()};
  return all;
}

}  // namespace pidns::fuzz
