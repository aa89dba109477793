#pragma once

namespace pidns {

/// What a process would do with a signal.
enum class Handling : unsigned char {
  handled,    ///< It catches or ignores it.
  blocked,    ///< It blocks it, for a moment or in order to take it with sigwait(3) or signalfd(2).
  unhandled,  ///< The default action.
  unknown,    ///< Its /proc/PID/status can't be read.
};

/// From SigCgt, SigIgn and SigBlk of /proc/PID/status: proc(5).
Handling handling_of(int pid, int signal);

/// Whether /proc/PID/stat says that it is stopped; true where that can't be read.
bool is_stopped(int pid);

/// signal(7): whether the default action ends the process.
bool ends_by_default(int signal) noexcept;
bool stops_by_default(int signal) noexcept;
bool dumps_core(int signal) noexcept;

}  // namespace pidns
