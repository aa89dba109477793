#pragma once

/// A process interprets its steps. All of it runs in forked children, or in children that share their
/// maker's memory: raw calls only, no allocation, no lock, no errno.

#include "run/child/context.h"

namespace pidns::child {

/// How the making of one child ended, for its maker.
struct Made {
  int pid = 0;                                   ///< As the maker sees it; 0 where clone(2) itself was refused.
  int error = 0;                                 ///< clone(2)'s, or that of the maker's own part:
  std::size_t step = 0;                          ///< of this step of the maker.
  bool executed = false;                         ///< Known at once for a child that the maker waits for.
  Report failure{ReportKind::created, 0, 0, 0};  ///< Of a child that shared memory.
};

/// Interprets a Fork or Clone step of a maker (and the WriteIdMaps after it): makes the child, which
/// interprets its own steps and never returns.
Made make_child(Context& context, ProcessId maker, std::size_t step);

/// The life of a new child: its steps to its end. `sharing`: in its maker's memory.
[[noreturn]] void enter(Context& context, ProcessId self, bool sharing);

/// One byte from a child; its pid as this process sees it, which the kernel writes beside the byte.
/// 0 where it ended before it said anything. The supervisor hears reports meanwhile.
int await_word(const Context& context, int socket);

/// The rest of a process of ours from `first` on: children and, at the last step, supervision.
[[noreturn]] void interpret(Context& context, ProcessId self, std::size_t first);

/// Performs one step of setting up: 0, or an errno or Trouble.
int perform(Context& context, ProcessId self, const Step& step);

/// Reap, forward, end. For inits and holders.
[[noreturn]] void reside(Context& context, ProcessId self);

/// Shows `pidns: init ADDRESS` in ps.
void set_title(Context& context, const char* role, const char* address);

void send_report(const Context& context, const Report& report);

}  // namespace pidns::child
