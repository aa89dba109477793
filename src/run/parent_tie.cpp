#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <cstring>

#include "run/run.h"

namespace pidns {
namespace {

/// Who our parent is. getppid(2) is 0 for one outside our pid namespace, whoever that is; the fourth
/// field of /proc/self/stat tells them apart where /proc is that of an outer namespace.
struct Parent {
  pid_t seen = 0;
  pid_t outer = 0;

  static Parent now() {
    Parent parent{::getppid(), 0};
    if (parent.seen != 0) return parent;
    const int file = ::open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
    if (file < 0) return parent;
    char text[256] = {};
    if (::read(file, text, sizeof text - 1) > 0)
      if (const char* name_end = std::strrchr(text, ')'); name_end != nullptr && std::strlen(name_end) > 4)
        parent.outer = std::atoi(name_end + 4);
    ::close(file);
    return parent;
  }
  bool operator==(const Parent&) const = default;
};

}  // namespace

void die_with_parent() noexcept {
  const Parent before = Parent::now();
  ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  // One that died before the call has sent nothing, and left us to somebody else.
  if (Parent::now() == before) return;
  ::kill(::getpid(), SIGKILL);
  ::_exit(128 + SIGKILL);  // A PID 1 does not get it from itself.
}

}  // namespace pidns
