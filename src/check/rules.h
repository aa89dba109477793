#pragma once

/// Every rule, by the file it stands in. check.cpp runs them all on each node.

#include "check/scope.h"

namespace pidns {

// rules_needs.cpp: keys that need a namespace of the node's own.
void needs_uts(const Scope&, Diagnostics&);
void needs_mount(const Scope&, Diagnostics&);
void needs_pid(const Scope&, Diagnostics&);
void needs_net(const Scope&, Diagnostics&);
void needs_user(const Scope&, Diagnostics&);
void needs_time(const Scope&, Diagnostics&);

// rules_levels.cpp: how deep, and by whom.
void pid_levels_end(const Scope&, Diagnostics&);
void user_levels_end(const Scope&, Diagnostics&);
void privilege_is_there(const Scope&, Diagnostics&);
void offsets_fit_clocks(const Scope&, Diagnostics&);

// rules_machine.cpp: programs, mounts and settings of the machine.
void programs_are_there(const Scope&, Diagnostics&);
void tie_survives_programs(const Scope&, Diagnostics&);
void locked_mounts_stay_together(const Scope&, Diagnostics&);
void map_helpers_are_there(const Scope&, Diagnostics&);
void user_is_allowed(const Scope&, Diagnostics&);
void namespaces_are_left(const Scope&, Diagnostics&);

// rules_init.cpp: who is PID 1.
void init_false_is_single(const Scope&, Diagnostics&);
void init_names_a_process(const Scope&, Diagnostics&);
void background_jobs_are_reaped(const Scope&, Diagnostics&);

// rules_kill_child.cpp: what the death of a maker does.
void tie_reaches_pid1(const Scope&, Diagnostics&);
void tie_is_there(const Scope&, Diagnostics&);
void tie_arrives_below_init(const Scope&, Diagnostics&);

// rules_mount.cpp: /proc and propagation.
void pid_shows_in_proc(const Scope&, Diagnostics&);
void mounts_stay_inside(const Scope&, Diagnostics&);
void root_is_not_shared(const Scope&, Diagnostics&);
void mounts_do_not_hide_others(const Scope&, Diagnostics&);
void mount_words_belong(const Scope&, Diagnostics&);
void somebody_makes_files(const Scope&, Diagnostics&);

// rules_subordinates.cpp
void subordinate_ids_exist(const Scope&, Diagnostics&);

// rules_process.cpp
void command_is_found(const Scope&, Diagnostics&);
void argv0_has_a_command(const Scope&, Diagnostics&);

void capabilities_are_there(const Scope&, Diagnostics&);

// rules_lengths.cpp: what is longer than the kernel takes.
void arguments_are_taken(const Scope&, Diagnostics&);
void lists_and_paths_are_taken(const Scope&, Diagnostics&);

// rules_limits.cpp: what needs privilege outside.
void limits_are_not_raised(const Scope&, Diagnostics&);
void nice_is_not_lowered(const Scope&, Diagnostics&);
void oom_score_is_not_lowered(const Scope&, Diagnostics&);

// rules_join.cpp: what can be entered.
void joins_are_owned(const Scope&, Diagnostics&);
void joined_pid_is_nested(const Scope&, Diagnostics&);
void join_is_privileged(const Scope&, Diagnostics&);

// rules_ids.cpp: maps, and the ids of processes.
void id_maps_are_legal(const Scope&, Diagnostics&);
void setgroups_is_possible(const Scope&, Diagnostics&);
void somebody_makes_user(const Scope&, Diagnostics&);
void ids_can_be_taken(const Scope&, Diagnostics&);
void ids_are_mapped(const Scope&, Diagnostics&);
void groups_can_be_set(const Scope&, Diagnostics&);

// rules_owned.cpp: what belongs to a namespace.
void filesystems_are_owned(const Scope&, Diagnostics&);
void proc_is_visible_outside(const Scope&, Diagnostics&);
void option_ids_are_mapped(const Scope&, Diagnostics&);
void sysctls_belong_inside(const Scope&, Diagnostics&);
void ipc_sysctls_are_set_by_root(const Scope&, Diagnostics&);

// rules_once.cpp: what may stand once, or needs another key.
void one_main(const Scope&, Diagnostics&);
void one_new_terminal(const Scope&, Diagnostics&);
void keep_env_clears(const Scope&, Diagnostics&);
void kinds_are_made_or_joined(const Scope&, Diagnostics&);

// rules_replicas.cpp
void replicas_are_named(const Scope&, Diagnostics&);
void copies_hold_nothing_single(const Scope&, Diagnostics&);
void members_are_not_too_many(const Scope&, Diagnostics&);

// rules_depends_on.cpp
void dependencies_come_true(const Scope&, Diagnostics&);

// rules_tests.cpp: what the `tests` of a spec name.
void tests_find_their_address(const Scope&, Diagnostics&);
void tests_tell_addresses_apart(const Scope&, Diagnostics&);

}  // namespace pidns
