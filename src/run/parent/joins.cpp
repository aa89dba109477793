#include "run/parent/joins.h"

#include <fcntl.h>
#include <linux/nsfs.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>

#include "run/parent/failure.h"

namespace pidns {
namespace {

std::string path_of(const JoinTarget& target) {
  if (const auto* path = std::get_if<std::string>(&target.target)) return *path;
  return "/proc/" + std::to_string(std::get<std::int64_t>(target.target)) + "/ns/" +
         std::string(info(target.kind).proc_name);
}

/// A descriptor, or a negated errno or Trouble.
int open_namespace(const JoinTarget& target) {
  const int descriptor = ::open(path_of(target).c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) {
    const bool by_pid = std::holds_alternative<std::int64_t>(target.target);
    return by_pid && errno == ENOENT ? -ESRCH : -errno;
  }
  const int kind = ::ioctl(descriptor, NS_GET_NSTYPE);
  if (kind == static_cast<int>(info(target.kind).clone_flag)) return descriptor;
  ::close(descriptor);
  return kind < 0 ? -child::trouble_not_a_namespace : -child::trouble_other_kind;
}

std::string problem_of(const std::string& node, const Placed<JoinTarget>& target, int error, const SourceFile& source,
                       TextStyle style) {
  Diagnostic finding;
  finding.place = target.place;
  finding.at_value = true;
  finding.message = node + ": join " + std::string(info(target.value.kind).name) + " of " +
                    (std::holds_alternative<std::string>(target.value.target)
                         ? std::get<std::string>(target.value.target)
                         : std::to_string(std::get<std::int64_t>(target.value.target))) +
                    ": " + error_words(error);
  if (error == EACCES)
    finding.why = "to look at another's namespaces one must be allowed to trace it: ptrace(2), PTRACE_MODE_READ";
  if (error == child::trouble_not_a_namespace)
    finding.why = "a namespace file is a /proc/PID/ns/KIND, or what such a one is mounted on";
  return render_diagnostic(source, finding, style);
}

}  // namespace

Joins open_joins(const ExecutionGraph& graph, const SourceFile& source, TextStyle style) {
  Joins joins;
  for (const auto& process : graph.processes)
    for (const auto& step : process.steps) {
      const auto* join = std::get_if<Join>(&step.action);
      if (join == nullptr) continue;
      if (joins.descriptors.empty()) joins.descriptors.assign(graph.processes.size() * namespace_kind_count, -1);
      for (const auto& target : join->targets) {
        const int opened = open_namespace(target.value);
        if (opened < 0) {
          joins.problem = problem_of(graph.node(process.node).address, target, -opened, source, style);
          return joins;
        }
        joins.descriptors[index(process.id) * namespace_kind_count + static_cast<std::size_t>(target.value.kind)] =
            opened;
      }
    }
  return joins;
}

}  // namespace pidns
