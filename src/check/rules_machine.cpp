/// What depends on the machine on which the spec is to run: its programs, mounts and settings.

#include <algorithm>

#include "check/programs.h"
#include "check/rules.h"

namespace pidns {
namespace {

const FoundProgram* program_found(const Scope& scope, const ProcessSpec& process) {
  if (scope.facts.programs.empty()) return nullptr;
  std::vector<const Node*> nodes;
  for (const Scope* level = &scope; level != nullptr; level = level->outer) nodes.push_back(&level->node);
  std::reverse(nodes.begin(), nodes.end());
  const auto program = program_of(process, nodes);
  if (!program) return nullptr;
  const auto& found = scope.facts.programs;
  const auto same = std::lower_bound(found.begin(), found.end(), *program,
                                     [](const FoundProgram& one, const ProgramName& name) { return one.program < name; });
  return same == found.end() || same->program != *program ? nullptr : &*same;
}

/// Whether execve(2) would give the process an id or a capability that it does not have.
const char* gain(const Scope& scope, const ProcessSpec& process, const FoundProgram& program) {
  if (process.no_new_privs && *process.no_new_privs) return nullptr;
  if (process.uid && !std::holds_alternative<std::uint32_t>(*process.uid)) return nullptr;
  const std::uint32_t uid = process.uid ? std::get<std::uint32_t>(*process.uid) : scope.facts.uid;
  if (program.set_user_id && *program.set_user_id != uid) return "is set-user-ID";
  if (program.set_group_id) return "is set-group-ID";
  return program.has_capabilities && uid != 0 ? "has file capabilities" : nullptr;
}

}  // namespace

void programs_are_there(const Scope& scope, Diagnostics& diagnostics) {
  for (const ProcessSpec& process : scope.node.processes) {
    const FoundProgram* program = program_found(scope, process);
    if (program == nullptr || program->executable) continue;
    const std::string& name = process.command->front();
    if (program->file.empty()) {
      auto& found = diagnostics.warning(Code::no_program, process.command.place(), "there is no command `" + name + "`");
      found.why = name[0] == '/' ? "`run` would answer 127" : "it is nowhere on the PATH of the process; `run` would answer 127";
    } else {
      auto& found = diagnostics.warning(Code::not_executable, process.command.place(),
                                        "the command `" + name + "` cannot be executed");
      found.why = program->file + " is no file with an execute bit; `run` would answer 126";
    }
  }
}

// PR_SET_PDEATHSIG(2const): cleared by the execution of a set-user-ID or set-group-ID program, or of one
// with file capabilities. None of that happens in a user namespace that does not map the owner.
void tie_survives_programs(const Scope& scope, Diagnostics& diagnostics) {
  const Node& node = scope.node;
  const bool ours_is_first = !is_single(node) || (node.makes(NamespaceKind::pid) && !command_is_pid1(node));
  if (ours_is_first || scope.under_user || kill_child_signal(node) == 0) return;
  for (const ProcessSpec& process : node.processes) {
    const FoundProgram* program = program_found(scope, process);
    if (program == nullptr || !program->executable) continue;
    const char* what = gain(scope, process, *program);
    if (what == nullptr) continue;
    auto& found = diagnostics.warning(Code::tie_cleared, node.kill_child ? node.kill_child.place() : process.command.place(),
                                      program->file + " " + what + ", which clears `kill-child`");
    if (node.kill_child) found.labels.push_back({process.command.place().value, "executed here"});
    found.why = "the kernel takes the signal back where execve(2) gives ids or capabilities";
    found.fix = node.makes(NamespaceKind::pid) ? "init: true" : "no-new-privs: true";
  }
}

// mount_namespaces(7): what a less privileged mount namespace inherits is locked together, so that
// nothing that is covered comes to light.
void locked_mounts_stay_together(const Scope& scope, Diagnostics& diagnostics) {
  if (!scope.under_user || !scope.node.mounts) return;
  for (const Scope* level = &scope; level != nullptr; level = level->outer)
    if (level->node.root || (level != &scope && level->node.mounts) || level->node.join) return;
  for (const auto& mount : *scope.node.mounts) {
    if (mount.value.type != "bind") continue;
    const auto& options = mount.value.options;
    if (std::find(options.begin(), options.end(), "rbind") != options.end()) continue;
    const auto& trees = scope.facts.trees_with_mounts;
    if (!std::binary_search(trees.begin(), trees.end(), mount.value.source)) continue;
    auto& found = diagnostics.error(Code::locked_mounts, mount.place,
                                    "`bind` of " + mount.value.source + " without the mounts below it");
    found.why = "in a user namespace inherited mounts are locked together (EINVAL): what they cover must not come to light";
    found.fix = "options: [rbind]";
  }
}

void map_helpers_are_there(const Scope& scope, Diagnostics& diagnostics) {
  if (scope.facts.has_map_helpers || scope.user_levels != 1 || !scope.node.makes(NamespaceKind::user)) return;
  for (const Setting<IdMap>* map : {&scope.node.uid_map, &scope.node.gid_map}) {
    if (!*map || ((*map)->kind != IdMapKind::automatic && (*map)->kind != IdMapKind::list)) continue;
    auto& found = diagnostics.error(Code::no_map_helper, map->place(), "newuidmap and newgidmap are not on PATH");
    found.why = "without privilege only these set-user-ID programs can map more than the caller's own id";
    found.fix = "install them (Debian: the package uidmap), or uid-map: root";
    return;
  }
}

void user_is_allowed(const Scope& scope, Diagnostics& diagnostics) {
  if (!scope.node.makes(NamespaceKind::user) || scope.user_levels != 1) return;
  const Span word = unshare_word(scope.node, NamespaceKind::user);
  const Place place{word, word, {}};
  if (!scope.facts.may_make_user) {
    auto& found = diagnostics.error(Code::user_forbidden, place, "user namespaces are for root only on this machine");
    found.why = "kernel.unprivileged_userns_clone is 0";
    found.fix = "as root: sysctl kernel.unprivileged_userns_clone=1";
  } else if (scope.facts.user_is_confined) {
    auto& found = diagnostics.warning(Code::user_confined, place,
                                      "AppArmor gives no capabilities inside a user namespace on this machine");
    found.why = "kernel.apparmor_restrict_unprivileged_userns is 1: mounts and names inside are refused (EPERM, "
                "EACCES) unless a profile lets pidns do that";
    found.fix = "a profile with `userns,` for pidns, or run it as root";
  }
}

// Each user namespace from the caller's to the initial one counts what is made below it, so that a
// chain of nested levels is the least that is alive at one time.
void namespaces_are_left(const Scope& scope, Diagnostics& diagnostics) {
  scope.node.unshared().each([&](const NamespaceKindInfo& row) {
    const std::uint64_t most = scope.facts.most_namespaces[static_cast<std::size_t>(row.kind)];
    std::uint64_t made = 0;
    for (const Scope* level = &scope; level != nullptr; level = level->outer) made += level->node.makes(row.kind) ? 1 : 0;
    if (made != most + 1) return;
    const std::string setting = "user.max_" + std::string(row.proc_name) + "_namespaces";
    const Span word = unshare_word(scope.node, row.kind);
    auto& found = diagnostics.error(Code::namespaces_used_up, {word, word, {}},
                                    "this is the " + std::to_string(made) + (made == 1 ? "st" : "th") + " new " +
                                        std::string(row.name) + " namespace in one another, and " + setting + " is " +
                                        std::to_string(most));
    found.why = "beyond it the kernel makes none (ENOSPC)";
    found.fix = "as root: sysctl " + setting + "=1000";
  });
}

}  // namespace pidns
