#include "run/look/target.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>

#include "run/id_files.h"
#include "run/look/identified.h"
#include "run/look/proc_directory.h"
#include "run/parent/failure.h"
#include "state/store.h"
#include "sys/raw.h"

namespace pidns {
namespace {

bool maps_0(int pid, const char* file) {
  const auto ranges = read_id_map(("/proc/" + std::to_string(pid) + "/" + file).c_str());
  return std::any_of(ranges.begin(), ranges.end(), [](const IdRange& range) { return range.inside == 0; });
}

/// Why a file of /proc/PID was not there for us. ENOENT is of one that ends: it has left its namespaces
/// and directories, though its pid is there until it has been reaped.
std::string unseen(const std::string& what, int pid, int error) {
  if (error == ENOENT || error == ESRCH)
    return "process " + std::to_string(pid) + (is_hidden(pid) ? " is hidden by /proc (hidepid)" : " has ended");
  std::string text = what + " of process " + std::to_string(pid) + ": " + error_words(error);
  if (error == EACCES) text += "; to look at another's namespaces one must be allowed to trace it: ptrace(2)";
  return text;
}

/// Which kinds differ. Empty where all can be told, else what is in the way.
std::string compare(const ProcDirectory& proc, int pid, NamespaceSet kinds, Target& target) {
  std::string problem;
  const int self = proc.self();
  kinds.each([&](const NamespaceKindInfo& kind) {
    if (!problem.empty()) return;
    const std::string link(kind.proc_name);
    const std::uint64_t own = proc.namespace_of(self, link.c_str());
    if (own == 0) return;  // A kind that this kernel has not.
    const std::uint64_t its = proc.namespace_of(pid, link.c_str());
    if (its == 0) problem = unseen("the namespaces", pid, errno);
    if (its != own) target.differing.add(kind.kind);
  });
  return problem;
}

void open_directories(const ProcDirectory& proc, int pid, Target& target) {
  target.root.reset(proc.open(pid, "root", O_PATH | O_DIRECTORY));
  if (!target.root)
    target.problem = unseen("the root", pid, errno);
  else
    target.directory.reset(proc.open(pid, "cwd", O_PATH | O_DIRECTORY));
}

}  // namespace

Target open_target(int pid, std::optional<std::uint64_t> start_time, NamespaceSet kinds) {
  Target target;
  ProcDirectory proc;
  if (proc.self() != raw::getpid()) {
    target.problem = proc_counts_others;
    return target;
  }
  if (start_time)
    target.process = open_identified({pid, *start_time});
  else if (const long opened = raw::pidfd_open(pid); opened >= 0)
    target.process.reset(static_cast<int>(opened));
  else
    errno = raw::error_of(opened);
  if (!target.process) {
    const std::string who = "process " + std::to_string(pid);
    if (errno != ESRCH)
      target.problem = who + ": " + error_words(errno);
    else
      target.problem = start_time ? who + " has ended" : "there is no " + who;
    return target;
  }
  target.problem = compare(proc, pid, kinds, target);
  if (!target.problem.empty()) return target;
  if (kinds.has(NamespaceKind::mount)) open_directories(proc, pid, target);
  if (target.differing.has(NamespaceKind::user)) {
    target.maps_uid_0 = maps_0(pid, "uid_map");
    target.maps_gid_0 = maps_0(pid, "gid_map");
    target.denies_setgroups = proc.text_of(pid, "setgroups").starts_with("deny");
  }
  return target;
}

}  // namespace pidns
