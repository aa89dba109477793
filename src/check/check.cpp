#include "check/check.h"

#include <algorithm>
#include <tuple>

#include "check/rules.h"

namespace pidns {
namespace {

constexpr Rule rules[] = {
    needs_uts,
    needs_mount,
    needs_pid,
    needs_net,
    needs_user,
    needs_time,
    pid_levels_end,
    user_levels_end,
    privilege_is_there,
    offsets_fit_clocks,
    subordinate_ids_exist,
    init_false_is_single,
    init_names_a_process,
    background_jobs_are_reaped,
    tie_reaches_pid1,
    tie_is_there,
    tie_arrives_below_init,
    pid_shows_in_proc,
    mounts_stay_inside,
    root_is_not_shared,
    mounts_do_not_hide_others,
    mount_words_belong,
    somebody_makes_files,
    command_is_found,
    argv0_has_a_command,
    capabilities_are_there,
    arguments_are_taken,
    lists_and_paths_are_taken,
    limits_are_not_raised,
    nice_is_not_lowered,
    oom_score_is_not_lowered,
    joins_are_owned,
    joined_pid_is_nested,
    join_is_privileged,
    id_maps_are_legal,
    setgroups_is_possible,
    somebody_makes_user,
    ids_can_be_taken,
    ids_are_mapped,
    groups_can_be_set,
    filesystems_are_owned,
    proc_is_visible_outside,
    option_ids_are_mapped,
    sysctls_belong_inside,
    ipc_sysctls_are_set_by_root,
    one_main,
    one_new_terminal,
    keep_env_clears,
    kinds_are_made_or_joined,
    replicas_are_named,
    copies_hold_nothing_single,
    members_are_not_too_many,
    dependencies_come_true,
    programs_are_there,
    tie_survives_programs,
    locked_mounts_stay_together,
    map_helpers_are_there,
    user_is_allowed,
    namespaces_are_left,
    tests_find_their_address,
    tests_tell_addresses_apart,
};

Scope enter(const Scope& outer, const Node& node) {
  Scope scope{outer.spec,        outer.facts,      node,       &outer, outer.pid_levels,
              outer.user_levels, outer.under_user, outer.owned};
  return scope;
}

void count_own(Scope& scope) {
  const Node& node = scope.node;
  scope.pid_levels += node.makes(NamespaceKind::pid) ? 1 : 0;
  if (node.makes(NamespaceKind::user)) {
    ++scope.user_levels;
    scope.under_user = true;
    scope.owned = {};
  }
  node.unshared().each([&](const NamespaceKindInfo& row) { scope.owned.add(row.kind); });
}

void check_node(const Scope& scope, Diagnostics& diagnostics) {
  for (const Rule rule : rules) rule(scope, diagnostics);
  for (const Node& inner : scope.node.namespaces) {
    Scope nested = enter(scope, inner);
    count_own(nested);
    check_node(nested, diagnostics);
  }
}

}  // namespace

std::vector<bool> of_caller(const Diagnostics& found, const Diagnostics& of_anybody) {
  const auto key = [](const Diagnostic& one) { return std::tuple(one.code, caret(one).begin, caret(one).end); };
  std::vector<decltype(key(found.all().front()))> anybodys;
  for (const Diagnostic& one : of_anybody.all()) anybodys.push_back(key(one));
  std::sort(anybodys.begin(), anybodys.end());
  std::vector<bool> marks;
  for (const Diagnostic& one : found.all())
    marks.push_back(!std::binary_search(anybodys.begin(), anybodys.end(), key(one)));
  return marks;
}

void check(const Spec& spec, const CallerFacts& facts, Diagnostics& diagnostics) {
  Scope scope{spec, facts, spec.root, nullptr, 0, 0, false, {}};
  count_own(scope);
  check_node(scope, diagnostics);
  if (!spec.root_is_empty || !spec.root.processes.empty()) return;
  auto& found = diagnostics.error(Code::nothing_in_it, spec.root.place, "the spec has nothing to run");
  found.why = "a node has a command, a script, processes or namespaces, since a namespace lives by what is in it";
  found.fix = "command: [sleep, infinity]";
}

}  // namespace pidns
