#include "run/look/hostnames.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "sys/raw.h"

namespace pidns {
namespace {

std::string own_hostname() {
  utsname names{};
  return ::uname(&names) == 0 ? names.nodename : "";
}

/// For who may enter only by way of the user namespace that owns it, which leads nowhere back: in a
/// child, which writes the name into a pipe.
std::optional<std::string> by_user_namespace(int pid) {
  const int process = static_cast<int>(raw::call(SYS_pidfd_open, pid));
  int ends[2];
  if (process < 0 || ::pipe2(ends, O_CLOEXEC) != 0) {
    if (process >= 0) ::close(process);
    return std::nullopt;
  }
  const pid_t child = ::fork();
  if (child == 0) {
    if (raw::error_of(raw::setns(process, CLONE_NEWUSER | CLONE_NEWUTS)) != 0) raw::exit_group(1);
    const std::string name = own_hostname();
    raw::exit_group(raw::write(ends[1], name.data(), name.size()) == static_cast<long>(name.size()) ? 0 : 1);
  }
  ::close(process);
  ::close(ends[1]);
  char name[sizeof(utsname::nodename)];
  const ssize_t size = child < 0 ? 0 : ::read(ends[0], name, sizeof name);
  ::close(ends[0]);
  int status = 1;
  while (child > 0 && ::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (status != 0 || size < 0) return std::nullopt;
  return std::string(name, static_cast<std::size_t>(size));
}

}  // namespace

Hostnames::Hostnames(const ProcDirectory& proc) : proc_(proc), self_(proc.self()) {
  first_ = proc.namespace_of(self_, "uts");
  if (first_ != 0) known_[first_] = own_hostname();
}

std::optional<std::string> Hostnames::of(int pid) {
  const std::uint64_t inode = pid == self_ ? first_ : proc_.namespace_of(pid, "uts");
  if (inode == 0) return std::nullopt;
  const auto known = known_.find(inode);
  if (known != known_.end()) return known->second;
  return known_[inode] = enter(pid);
}

std::optional<std::string> Hostnames::enter(int pid) {
  const int descriptor = proc_.open(pid, "ns/uts", O_RDONLY);
  if (descriptor < 0) return std::nullopt;
  const int error = raw::error_of(raw::setns(descriptor, CLONE_NEWUTS));
  ::close(descriptor);
  if (error == 0) return own_hostname();
  return error == EPERM ? by_user_namespace(pid) : std::nullopt;
}

}  // namespace pidns
