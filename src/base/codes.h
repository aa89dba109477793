#pragma once

/// The codes of findings: one a cause, never given to another, so that they can be looked up.
/// src/explain has a page for each.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace pidns {

/// Whose rule a finding is about. What the kernel would do, and the language does not want (renaming the
/// machine), is the language's.
enum class RuleOf : std::uint8_t { language, kernel };

// The one table: name, number, whose rule, title. New codes take new numbers; those of what is gone
// stay free. P0xx keys, P1xx values, P2xx the document, P3xx namespaces and PID 1, P4xx mounts, P5xx
// ids, P6xx processes, P7xx tests.
#define PIDNS_CODES(X)                                                                  \
  X(unknown_key, 1, language, "a key that the language does not have")                  \
  X(other_level, 2, language, "a key of another level")                                 \
  X(not_in_version, 3, language, "what version 1 of the language has not")              \
  X(missing_key, 5, language, "a key is missing")                                       \
  X(key_twice, 6, language, "a key stands twice in one map")                            \
  X(keys_exclude, 7, language, "keys that exclude one another")                         \
  X(nothing_in_it, 8, language, "a node with nothing in it")                            \
  X(no_own_process, 9, language, "a key of a process where there is none")              \
  X(bad_name, 10, language, "what is not a name")                                       \
  X(name_taken, 11, language, "one name for a node and a process")                      \
  X(needs_namespace, 12, language, "a key needs a namespace of the node's own")           \
  X(needs_key, 13, language, "a key that stands only beside another")                   \
  X(keep_env_alone, 14, language, "`keep-env` without `clear-env`")                     \
  X(wrong_version, 15, language, "another version of the language")                     \
  X(wrong_type, 101, language, "a value of the wrong type")                             \
  X(yaml_word, 102, language, "a plain word that YAML takes for something else")        \
  X(no_value, 103, language, "a key without a value")                                   \
  X(empty, 104, language, "an empty value where something must stand")                  \
  X(not_a_bool, 105, language, "what is neither true nor false")                        \
  X(not_a_number, 106, language, "what is not written as a number")                     \
  X(out_of_range, 107, language, "a value out of its range")                            \
  X(not_a_word, 108, language, "none of the words that a key takes")                    \
  X(not_a_signal, 109, language, "what is not a signal")                                \
  X(not_a_duration, 110, language, "what is not a duration")                            \
  X(relative_path, 111, language, "a relative path where an absolute one is meant")     \
  X(not_octal, 112, language, "a mode that is not octal digits in quotes")              \
  X(command_string, 113, language, "a command as one string")                           \
  X(named_twice, 114, language, "an element named twice")                               \
  X(unknown_kind, 115, language, "an unknown kind of namespace")                        \
  X(not_a_capability, 116, language, "what is not a capability")                          \
  X(not_a_limit, 117, language, "what is not a resource limit")                           \
  X(soft_above_hard, 118, kernel, "a soft limit above the hard one")                    \
  X(not_a_variable, 119, language, "what cannot be the name of a variable")               \
  X(star_inside, 120, language, "a `*` that is not at the end")                         \
  X(not_a_parameter, 121, language, "what is not the name of a kernel parameter")         \
  X(hostname_length, 122, kernel, "a host name that the kernel does not hold")          \
  X(not_a_regex, 123, language, "what is not a regular expression")                     \
  X(empty_spec, 201, language, "an empty spec")                                         \
  X(not_a_map, 202, language, "a spec that is not a map")                               \
  X(not_utf8, 203, language, "text that is not UTF-8")                                  \
  X(control_character, 204, language, "a control character")                            \
  X(tab, 205, language, "a tab in the indentation")                                     \
  X(not_yaml, 206, language, "what is not YAML")                                        \
  X(not_closed, 207, language, "a quote or bracket that is not closed")                 \
  X(second_document, 208, language, "more than one document")                           \
  X(not_a_key, 209, language, "a key that is not a word")                               \
  X(tag, 210, language, "a tag")                                                        \
  X(endless_alias, 211, language, "an alias inside what it names")                      \
  X(unknown_anchor, 212, language, "an alias without its anchor")                       \
  X(merge_of_no_map, 213, language, "a merge key that takes no map")                    \
  X(replaced_env, 214, language, "an `env` that replaces a merged one")                 \
  X(too_much, 215, language, "more than pidns reads")                                   \
  X(too_deep, 301, kernel, "namespaces nested too deep")                                \
  X(no_privilege, 302, kernel, "namespaces that need privilege")                        \
  X(made_and_joined, 303, language, "a namespace both made and joined")                   \
  X(sysctl_of_machine, 304, language, "a kernel parameter of the whole machine")          \
  X(init_false_of_several, 305, language, "`init: false` with more than one process")     \
  X(init_names_nobody, 306, language, "`init` names no process")                        \
  X(orphans_stay, 307, kernel, "a PID 1 that does not reap orphans")                    \
  X(tie_does_nothing, 308, kernel, "a `kill-child` that PID 1 does not notice")         \
  X(tie_off, 309, kernel, "`kill-child: false`")                                        \
  X(tie_cannot_arrive, 310, kernel, "a `kill-child` that cannot arrive")                \
  X(join_from_user, 311, kernel, "a `join` from inside a new user namespace")           \
  X(join_of_outer_pid, 312, kernel, "a `join` of an outer pid namespace")               \
  X(offset_too_large, 313, kernel, "a clock offset beyond any clock")                   \
  X(sysctl_of_root, 314, kernel, "a kernel parameter that only root of a namespace sets") \
  X(tie_cleared, 315, kernel, "a program that clears `kill-child`")                      \
  X(user_forbidden, 316, language, "user namespaces that are for root only")            \
  X(user_confined, 317, language, "user namespaces without capabilities")               \
  X(namespaces_used_up, 318, language, "more namespaces than the machine allows")        \
  X(outer_proc, 401, kernel, "a pid namespace that shows another's /proc")              \
  X(mounts_escape, 402, kernel, "mounts that reach the outside")                        \
  X(root_shared, 403, kernel, "a new root where mounts are shared")                     \
  X(mount_hides, 404, kernel, "a mount that hides another")                             \
  X(not_owned, 405, kernel, "a filesystem of a namespace that is not owned")            \
  X(never_in_user, 406, kernel, "a filesystem that no user namespace mounts")           \
  X(proc_hidden, 407, kernel, "a new /proc where a part of /proc is hidden")            \
  X(unmapped_option, 408, kernel, "a mount option with an id that is not mapped")       \
  X(wrong_mount_word, 409, language, "a mount option of another type")                    \
  X(nobody_makes_files, 410, kernel, "files made by nobody")                            \
  X(sysfs_hidden, 411, kernel, "a new /sys where a part of /sys is hidden")             \
  X(locked_mounts, 412, kernel, "a bind that parts locked mounts")                      \
  X(bad_id_map, 501, kernel, "an id map that the kernel does not take")                 \
  X(not_outside, 502, kernel, "ids that are not there outside")                         \
  X(auto_nested, 503, language, "`auto` inside another user namespace")                   \
  X(nobody_mapped, 504, kernel, "an id map without ids")                                \
  X(no_subordinates, 505, language, "`auto` without subordinate ids")                     \
  X(id_not_mapped, 506, kernel, "an id that its user namespace does not map")           \
  X(setgroups_denied, 507, kernel, "`setgroups: allow` where it is denied")             \
  X(groups_denied, 508, kernel, "`groups` where setgroups is denied")                   \
  X(groups_stay, 509, kernel, "supplementary groups that stay")                         \
  X(nobody_makes_user, 510, kernel, "a user namespace made by nobody")                  \
  X(ids_need_privilege, 511, kernel, "ids that the caller may not take")                \
  X(not_lent, 512, kernel, "ids that the caller may not map")                           \
  X(no_map_helper, 513, language, "ids that need newuidmap, which is not there")        \
  X(relative_command, 601, language, "a command that depends on the working directory") \
  X(second_main, 602, language, "a second `main`")                                      \
  X(second_terminal, 603, language, "a second `terminal: new`")                         \
  X(replicas_of_one, 604, language, "`replicas` of what there is once")                 \
  X(copy_name, 605, language, "copies that cannot be named")                            \
  X(ambiguous_arguments, 606, language, "arguments that several processes could get")   \
  X(raised_limit, 607, kernel, "a limit that the caller may not raise")                 \
  X(lowered_nice, 608, kernel, "a nice value that the caller may not set")              \
  X(lowered_oom_score, 609, kernel, "an oom score that the caller may not set")         \
  X(capability_not_there, 610, kernel, "a capability that the caller does not have")   \
  X(circle, 611, language, "processes that wait for each other")                        \
  X(never_ready, 612, language, "a condition that cannot come true")                    \
  X(no_program, 613, language, "a command that is not there")                           \
  X(not_executable, 614, language, "a command that cannot be executed")                 \
  X(too_long, 615, kernel, "what is longer than the kernel takes")                      \
  X(no_such_address, 701, language, "an address that nothing has")                      \
  X(not_a_node, 702, language, "a test in what is not one node")                        \
  X(variable_twice, 703, language, "two addresses that give one variable")

enum class Code : std::uint16_t {
  none = 0,  ///< A failure at run time, in the kernel's words.
#define PIDNS_CODE(name, number, rule_of, title) name = (number),
  PIDNS_CODES(PIDNS_CODE)
#undef PIDNS_CODE
};

struct CodeInfo {
  Code code;
  RuleOf rule_of;
  std::string_view title;
};

/// By number.
std::span<const CodeInfo> codes() noexcept;
/// The number of `P012`, in any case, with or without zeros; nothing for what is no code.
const CodeInfo* find_code(std::string_view word) noexcept;

/// `P012`; empty for Code::none.
std::string code_text(Code code);

}  // namespace pidns
