#include "plan/arguments.h"

#include "plan/copies.h"

namespace pidns {
namespace {

bool has_main(const Node& node) {
  for (const auto& process : node.processes)
    if (process.main.value_or(false)) return true;
  for (const auto& nested : node.namespaces)
    if (has_main(nested)) return true;
  return false;
}

}  // namespace

std::size_t count_processes(const Node& node) {
  std::size_t count = 0;
  for (const auto& process : node.processes) count += copies(process.replicas);
  for (const auto& nested : node.namespaces) count += copies(nested.replicas) * count_processes(nested);
  return count;
}

void apply_arguments(Spec& spec, const std::vector<std::string>& arguments, Diagnostics& diagnostics) {
  if (arguments.empty()) return;
  Node& root = spec.root;
  if (root.processes.empty() && root.namespaces.empty()) {
    ProcessSpec process;
    process.place = root.place;
    process.command = Setting<std::vector<std::string>>(arguments, root.place);
    root.processes.push_back(std::move(process));
    return;
  }
  if (count_processes(root) == 1 || has_main(root)) return;
  Diagnostic& finding = diagnostics.error(Code::ambiguous_arguments, root.place,
                                          "the arguments after `--` could go to any of several processes");
  finding.why = "they replace the command of the only process, or of the one with `main: true`";
  finding.fix = "mark that process with `main: true`, or leave the arguments away";
}

}  // namespace pidns
