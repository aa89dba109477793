/// What is known of a process before it runs.

#include "check/rules.h"

#include "base/capability_name.h"
#include "check/id_ranges.h"

namespace pidns {

void command_is_found(const Scope& scope, Diagnostics& diagnostics) {
  for (const ProcessSpec& process : scope.node.processes) {
    if (!process.command || process.command->empty()) continue;
    const std::string& program = process.command->front();
    if (program.empty() || program[0] == '/' || program.find('/') == std::string::npos) continue;
    auto& found = diagnostics.warning(Code::relative_command, process.command.place(),
                                      "the command `" + program + "` is looked for from the process's cwd");
    found.why = "a name with a slash is not looked up on PATH, and this one does not begin at `/`";
    found.fix = "its absolute path, or `cwd` beside it";
  }
}

void argv0_has_a_command(const Scope& scope, Diagnostics& diagnostics) {
  for (const ProcessSpec& process : scope.node.processes) {
    if (!process.argv0 || process.command || !process.script) continue;
    auto& found = diagnostics.error(Code::needs_key, process.argv0.place(), "`argv0` needs `command`");
    found.labels.push_back({process.script.place().key, "a script is run by /bin/sh"});
  }
}

// capabilities(7). A user namespace of the spec's gives all of them.
void capabilities_are_there(const Scope& scope, Diagnostics& diagnostics) {
  constexpr unsigned cap_setpcap = 8;
  const CallerFacts& facts = scope.facts;
  if (user_namespace(scope).node != nullptr) return;
  for (const ProcessSpec& process : scope.node.processes) {
    if (!process.capabilities || process.capabilities->all) continue;
    std::uint64_t keep = 0;
    bool all_there = true;
    for (const auto& name : process.capabilities->names) {
      const auto number = parse_capability(name.value);
      if (!number) continue;
      keep |= std::uint64_t{1} << *number;
      if ((facts.permitted >> *number & 1U) != 0) continue;
      all_there = false;
      diagnostics.error(Code::capability_not_there, name.place, "the caller does not have " + name.value).why =
          "a process can keep only capabilities that its maker has (EPERM)";
    }
    if (!all_there || (facts.permitted >> cap_setpcap & 1U) != 0 || (facts.bounding & ~keep) == 0) continue;
    auto& found = diagnostics.error(Code::capability_not_there, process.capabilities.place(),
                                    "dropping capabilities needs CAP_SETPCAP, which the caller does not have");
    found.why = "the bounding set of the process is cut, too (EPERM)";
    found.fix = unshare_with(scope.node, NamespaceKind::user);
  }
}

}  // namespace pidns
