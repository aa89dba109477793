#include "check/fact_needs.h"

#include <algorithm>

#include "check/lengths.h"
#include "check/paths.h"
#include "check/programs.h"

namespace pidns {
namespace {

bool maps_by(const Node& node, IdMapKind kind) noexcept {
  return (node.uid_map && node.uid_map->kind == kind) || (node.gid_map && node.gid_map->kind == kind);
}

void add_hidden(FactNeeds& needs, const Setting<std::vector<Placed<std::string>>>& paths) {
  if (!paths) return;
  for (const auto& path : *paths)
    if (covers("/proc", path.value) || covers("/sys", path.value)) needs.paths.push_back(path.value);
}

template <class T>
void keep_once(std::vector<T>& values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

void add_machine(FactNeeds& needs, const Node& node, std::vector<const Node*>& around, LookFor purpose) {
  needs.user_namespaces = needs.user_namespaces || node.makes(NamespaceKind::user);
  if (node.mounts)
    for (const auto& mount : *node.mounts)
      if (mount.value.type == "bind" && mount.value.source.starts_with('/')) needs.trees.push_back(mount.value.source);
  if (purpose == LookFor::run) return;
  needs.namespace_limits = needs.namespace_limits || node.unshare;
  for (const ProcessSpec& process : node.processes)
    if (auto program = program_of(process, around)) needs.programs.push_back(std::move(*program));
}

void add_needs(FactNeeds& needs, const Node& node, std::vector<const Node*>& around, LookFor purpose) {
  around.push_back(&node);
  add_machine(needs, node, around, purpose);
  // Only what a nested node may want to mount again.
  if (!node.namespaces.empty()) {
    add_hidden(needs, node.masked_paths);
    add_hidden(needs, node.read_only_paths);
  }
  const bool by_list = maps_by(node, IdMapKind::list);
  const bool all = maps_by(node, IdMapKind::all);
  needs.id_maps = needs.id_maps || all || by_list;
  needs.lent_ids = needs.lent_ids || all || by_list;
  needs.subordinate_ids = needs.subordinate_ids || maps_by(node, IdMapKind::automatic);
  if (node.root && node.propagation && *node.propagation == Propagation::unchanged) needs.root_propagation = true;
  needs.limits = needs.limits || node.defaults.rlimits;
  for (const ProcessSpec& process : node.processes) {
    needs.limits = needs.limits || process.own.rlimits || process.nice;
    needs.bounding = needs.bounding || process.capabilities;
    if (process.oom_score_adj) needs.oom_score_adj = std::min(needs.oom_score_adj, *process.oom_score_adj);
  }
  for (const Node& nested : node.namespaces) add_needs(needs, nested, around, purpose);
  around.pop_back();
}

}  // namespace

FactNeeds needed_facts(const Spec& spec, LookFor purpose) {
  FactNeeds needs;
  std::vector<const Node*> around;
  add_needs(needs, spec.root, around, purpose);
  needs.soft_stack = argument_bytes(spec) >= always_taken;
  needs.map_helpers = needs.subordinate_ids || needs.lent_ids;
  if (!needs.user_namespaces) needs.trees.clear();
  keep_once(needs.trees);
  keep_once(needs.programs);
  // Nobody reads more; of a hostile spec.
  constexpr std::size_t most_programs = 1000;
  if (needs.programs.size() > most_programs) needs.programs.clear();
  return needs;
}

CallerFacts any_caller() {
  CallerFacts facts;
  // As useradd(8) gives them.
  facts.subuid = facts.subgid = {{0, 100'000, 65'536}};
  return facts;
}

}  // namespace pidns
