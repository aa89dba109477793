#include "run/look/machine.h"

#include <fcntl.h>
#include <linux/nsfs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <unordered_map>
#include <utility>

#include "run/look/hostnames.h"
#include "run/look/proc_directory.h"

namespace pidns {
namespace {

class Look {
 public:
  Look() : hostnames_(proc_) {
    const int self = proc_.self();
    machine_.own = proc_.namespace_of(self, "pid");
    if (proc_.levels_of(self).size() == 1) outermost_ = machine_.own;
  }

  Machine over_all(bool every_process) {
    bool has_init = false;
    for (const int pid : proc_.pids()) {
      has_init = has_init || pid == 1;
      if (const std::uint64_t inode = proc_.namespace_of(pid, "pid"))
        count(pid, inode, every_process);
      else if (errno == EACCES || errno == EPERM)
        conceal(pid, every_process);
    }
    machine_.hides = !has_init;
    // Which process stands for a namespace is known only now.
    for (const SeenNamespace& each : machine_.namespaces)
      if (each.first && !every_process) describe(machine_.processes[*each.first]);
    find_parents();
    return std::move(machine_);
  }

  Machine over(std::span<const int> pids) {
    for (const int pid : pids) {
      errno = 0;
      const std::uint64_t inode = pid > 0 ? proc_.namespace_of(pid, "pid") : 0;
      SeenProcess& process = add(pid, inode);
      if (inode != 0 || errno == EACCES || errno == EPERM) process.levels = proc_.levels_of(pid);
      if (!process.levels.empty()) describe(process);
      if (inode == 0) continue;
      SeenNamespace& home = machine_.namespaces[index_of(inode)];
      ++home.count;
      if (!home.first) home.first = machine_.processes.size() - 1;
    }
    find_parents();
    return std::move(machine_);
  }

 private:
  SeenProcess& add(int pid, std::uint64_t inode) {
    SeenProcess process;
    process.pid = pid;
    process.pid_namespace = inode;
    machine_.processes.push_back(std::move(process));
    return machine_.processes.back();
  }

  void describe(SeenProcess& process) {
    process.hostname = hostnames_.of(process.pid);
    process.command = proc_.command_of(process.pid);
  }

  /// A namespace's first process is its PID 1. With pids in ascending order that is nearly always the
  /// first that is seen, so that few status files are read: they cost more than all else here.
  void count(int pid, std::uint64_t inode, bool every_process) {
    const auto known = known_.find(inode);
    const bool has_init = known != known_.end() && is_init(machine_.namespaces[known->second]);
    if (has_init && !every_process) {
      ++machine_.namespaces[known->second].count;
      return;
    }
    std::vector<std::int32_t> levels = proc_.levels_of(pid);
    if (levels.empty()) return;
    SeenNamespace& home = machine_.namespaces[index_of(inode)];
    ++home.count;
    const bool stands_for_it = !home.first || (!has_init && levels.back() == 1);
    if (!every_process && !stands_for_it) return;
    SeenProcess& process = !every_process && home.first ? machine_.processes[*home.first] : add(pid, inode);
    process.pid = pid;
    process.levels = std::move(levels);
    if (every_process) describe(process);
    if (!home.first || (every_process && stands_for_it)) home.first = machine_.processes.size() - 1;
  }

  [[nodiscard]] bool is_init(const SeenNamespace& home) const {
    return home.first && machine_.processes[*home.first].levels.back() == 1;
  }

  /// Who has one pid only is in the pid namespace of /proc; of others we know how far in they are.
  void conceal(int pid, bool every_process) {
    SeenProcess process;
    process.pid = pid;
    process.levels = proc_.levels_of(pid);
    if (process.levels.empty()) return;
    if (process.levels.size() == 1 && outermost_ != 0) return count(pid, outermost_, every_process);
    ++machine_.concealed;
    if (process.levels.size() > 1) machine_.concealed_deeper.push_back(std::move(process));
  }

  std::size_t index_of(std::uint64_t inode) {
    const auto [at, is_new] = known_.try_emplace(inode, machine_.namespaces.size());
    if (is_new) machine_.namespaces.push_back({inode, 0, 0, std::nullopt});
    return at->second;
  }

  /// Upwards from each namespace until one is known. What has no process that we see, but a namespace
  /// below it that we do, is found so.
  void find_parents() {
    const std::size_t with_processes = machine_.namespaces.size();
    for (std::size_t i = 0; i < with_processes; ++i) {
      std::size_t at = i;
      if (!machine_.namespaces[at].first) continue;
      int inner = proc_.open(machine_.processes[*machine_.namespaces[at].first].pid, "ns/pid", O_RDONLY);
      while (inner >= 0) {
        // EPERM: the initial one, or ours, or none that descends from ours: ioctl_ns(2).
        const int outer = ::ioctl(inner, NS_GET_PARENT);
        ::close(inner);
        inner = -1;
        struct stat found {};
        if (outer < 0) break;
        if (::fstat(outer, &found) == 0) {
          const bool was_known = known_.count(found.st_ino) != 0;
          const std::size_t parent = index_of(found.st_ino);
          machine_.namespaces[at].parent = found.st_ino;
          at = parent;
          if (!was_known) inner = outer;
        }
        if (inner < 0) ::close(outer);
      }
    }
  }

  ProcDirectory proc_;
  Hostnames hostnames_;
  Machine machine_;
  std::uint64_t outermost_ = 0;  ///< The pid namespace of /proc; 0 where it isn't ours, and so not known.
  std::unordered_map<std::uint64_t, std::size_t> known_;
};

}  // namespace

Machine look_at_machine(bool every_process) { return Look().over_all(every_process); }

Machine look_at_processes(std::span<const int> pids) { return Look().over(pids); }

}  // namespace pidns
