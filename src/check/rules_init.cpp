/// Who is PID 1 of a new pid namespace.

#include <algorithm>

#include "check/rules.h"
#include "check/shell.h"

namespace pidns {

// `init: false` makes the node's only command PID 1; there must be one, and nothing beside it.
void init_false_is_single(const Scope& scope, Diagnostics& diagnostics) {
  const Node& node = scope.node;
  const bool* written = node.init ? std::get_if<bool>(&*node.init) : nullptr;
  if (written == nullptr || *written) return;
  if (!node.makes(NamespaceKind::pid)) {
    auto& found = diagnostics.error(Code::needs_namespace, node.init.place(),
                                    "`init: false` on a node without a new pid namespace");
    if (node.unshare) found.labels.push_back({node.unshare.place().value, "`pid` would go here"});
    found.why = "it says that the node's command is PID 1 of a pid namespace";
    found.fix = "leave it out, or " + unshare_with(node, NamespaceKind::pid);
  } else if (!is_single(node) && !(node.processes.empty() && node.namespaces.empty())) {
    auto& found = diagnostics.error(Code::init_false_of_several, node.init.place(),
                                    "`init: false` on a node that is more than one process");
    if (!node.namespaces.empty())
      found.labels.push_back({node.namespaces[0].place.key, "a nested node"});
    else
      found.labels.push_back({node.processes[1].place.key, "a second process"});
    found.why =
        "somebody must start the others and reap them: that is pidns's own init, or a process that `init` names";
    found.fix = "init: true";
  }
}

void init_names_a_process(const Scope& scope, Diagnostics& diagnostics) {
  const Node& node = scope.node;
  const std::string* name = node.init ? std::get_if<std::string>(&*node.init) : nullptr;
  if (name == nullptr) return;
  const auto process = std::find_if(node.processes.begin(), node.processes.end(),
                                    [&](const ProcessSpec& one) { return one.name == *name; });
  if (process == node.processes.end()) {
    auto& found = diagnostics.error_at_value(Code::init_names_nobody, node.init.place(),
                                             "`init` names `" + *name + "`, which is no process of this node");
    for (const ProcessSpec& one : node.processes)
      if (!one.name.empty()) found.fix += (found.fix.empty() ? "init: " : ", or init: ") + one.name;
  } else if (process->replicas) {
    auto& found = diagnostics.error(Code::replicas_of_one, process->replicas.place(),
                                    "the process that `init` names has `replicas`");
    found.labels.push_back({node.init.place().value, "named here"});
    found.why = "a pid namespace has one PID 1";
  }
}

// A PID 1 that does not wait for what it did not start leaves orphans as zombies.
void background_jobs_are_reaped(const Scope& scope, Diagnostics& diagnostics) {
  const Node& node = scope.node;
  if (!command_is_pid1(node)) return;
  const Setting<std::string>& script = node.processes[0].script;
  if (!script || !has_background_job(*script)) return;
  auto& found = diagnostics.warning(Code::orphans_stay, script.place(),
                                    "a script with a background `&` is PID 1, and nobody reaps orphans");
  if (node.init) found.labels.push_back({node.init.place().key, "by this"});
  found.why = "orphans of a pid namespace become children of its PID 1, and sh waits for its own jobs only";
  found.fix = "init: true";
}

}  // namespace pidns
