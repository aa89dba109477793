#include "run/parent/terminal.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

namespace pidns {

void CallerTerminal::remember() noexcept {
  pid_t group = -1;
  int found = -1;
  // tcgetpgrp(3) succeeds only for the controlling terminal.
  for (int descriptor = 0; descriptor < 3 && found < 0; ++descriptor)
    if ((group = ::tcgetpgrp(descriptor)) >= 0) found = descriptor;
  if (found >= 0)
    found = ::fcntl(found, F_DUPFD_CLOEXEC, 3);
  else if ((found = ::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)) >= 0)
    group = ::tcgetpgrp(found);
  if (found < 0) return;
  descriptor_ = found;
  own_group_ = ::getpgrp();
  foreground_ = group == own_group_ && ::tcgetattr(found, &modes_) == 0;
}

void CallerTerminal::give_back() noexcept {
  if (!foreground_) return;
  const pid_t now = ::tcgetpgrp(descriptor_);
  const bool ours = now == own_group_;
  // A group without a member was a command's. SIGTTOU, which tcsetpgrp(3) from the background sends,
  // is blocked here.
  const bool abandoned = !ours && (now <= 0 || (::kill(-now, 0) < 0 && errno == ESRCH));
  if (!ours && !abandoned) return;
  if (abandoned && ::tcsetpgrp(descriptor_, own_group_) < 0) return;
  termios found{};
  if (::tcgetattr(descriptor_, &found) == 0 && std::memcmp(&found, &modes_, sizeof found) != 0)
    ::tcsetattr(descriptor_, TCSADRAIN, &modes_);
}

void CallerTerminal::before_stop(pid_t group) noexcept {
  if (descriptor_ < 0) return;
  group_at_stop_ = group > 0 && ::tcgetpgrp(descriptor_) == group ? group : 0;
}

void CallerTerminal::after_continue() noexcept {
  if (descriptor_ < 0) return;
  const pid_t now = ::tcgetpgrp(descriptor_);
  if (now == own_group_ && group_at_stop_ > 0 && group_at_stop_ != own_group_ && ::kill(-group_at_stop_, 0) == 0)
    ::tcsetpgrp(descriptor_, group_at_stop_);
}

}  // namespace pidns
