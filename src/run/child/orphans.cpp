#include "run/child/orphans.h"

#include "sys/raw.h"

namespace pidns::child {
namespace {

/// SIGKILL to each child that `thread-self/children` lists: proc(5). False where there was none.
bool kill_children(int procfs) {
  const long file = raw::openat(procfs, "thread-self/children", O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  char text[4096];
  bool any = false;
  int pid = 0;
  for (long size = 0; (size = raw::read(static_cast<int>(file), text, sizeof text)) > 0;)
    for (long i = 0; i < size; ++i) {
      if (text[i] >= '0' && text[i] <= '9') {
        pid = pid * 10 + (text[i] - '0');
      } else if (pid > 0) {
        raw::kill(pid, SIGKILL);
        any = true;
        pid = 0;
      }
    }
  raw::close(static_cast<int>(file));
  return any;
}

}  // namespace

void end_orphans() {
  const int procfs = static_cast<int>(raw::detached_procfs());
  for (int rounds_without_children = 0; rounds_without_children < 1000;) {
    siginfo_t ended{};
    const long result = raw::waitid(P_ALL, 0, &ended, WEXITED | WNOHANG | __WALL);
    if (result < 0) break;
    if (ended.si_pid != 0) continue;
    if (procfs < 0 || !kill_children(procfs)) ++rounds_without_children;
    const raw::SignalSet child_ended = raw::signal_bit(SIGCHLD);
    const timespec moment{0, 1000000};
    raw::sigtimedwait(&child_ended, nullptr, &moment);
  }
}

}  // namespace pidns::child
