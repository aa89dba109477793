#pragma once

#include <sys/types.h>
#include <termios.h>

namespace pidns {

/// The caller's terminal: its modes and its foreground process group, as they were at the start.
/// Without a controlling terminal, or started in the background, everything here does nothing.
class CallerTerminal {
 public:
  void remember() noexcept;
  /// Modes and foreground group as at the start, unless the terminal has gone to somebody else.
  void give_back() noexcept;
  /// Before pidns stops itself: remembers whether `group`, the command's, has the terminal.
  void before_stop(pid_t group) noexcept;
  /// After SIGCONT: gives it to that group again, where pidns has been put into the foreground.
  void after_continue() noexcept;
  [[nodiscard]] bool present() const noexcept { return descriptor_ >= 0; }

 private:
  int descriptor_ = -1;
  bool foreground_ = false;
  pid_t own_group_ = 0;
  pid_t group_at_stop_ = 0;
  termios modes_{};
};

}  // namespace pidns
