/// What is known of a process before it runs.

#include "check/rules.h"

namespace pidns {

void command_is_found(const Scope& scope, Diagnostics& diagnostics) {
  for (const ProcessSpec& process : scope.node.processes) {
    if (!process.command || process.command->empty()) continue;
    const std::string& program = process.command->front();
    if (program.empty() || program[0] == '/' || program.find('/') == std::string::npos) continue;
    auto& found = diagnostics.warning(process.command.place(),
                                      "the command `" + program + "` is looked for from the process's cwd");
    found.why = "a name with a slash is not looked up on PATH, and this one does not begin at `/`";
    found.fix = "its absolute path, or `cwd` beside it";
  }
}

void argv0_has_a_command(const Scope& scope, Diagnostics& diagnostics) {
  for (const ProcessSpec& process : scope.node.processes) {
    if (!process.argv0 || process.command || !process.script) continue;
    auto& found = diagnostics.error(process.argv0.place(), "`argv0` needs `command`");
    found.labels.push_back({process.script.place().key, "a script is run by /bin/sh"});
  }
}

}  // namespace pidns
