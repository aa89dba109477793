#include "run/child/start.h"

#include "run/child/actions.h"

namespace pidns::child {
namespace {

bool starts_children(const Process& maker) {
  const std::size_t steps = maker.steps.size();
  return steps >= 2 && std::holds_alternative<StartChildren>(maker.steps[steps - 2].action);
}

void close_both(int& a, int& b) {
  raw::close(a);
  raw::close(b);
  a = b = -1;
}

/// Whether a child has ended, of which there will be no word: somebody killed it.
bool has_lost_one() {
  siginfo_t ended{};
  return raw::waitid(P_ALL, 0, &ended, WEXITED | WNOHANG | WNOWAIT | __WALL) >= 0 && ended.si_pid != 0;
}

}  // namespace

int open_start(Context& context, const Process& maker) {
  if (context.start_read >= 0 || !starts_children(maker)) return 0;
  int start[2];
  int ready[2];
  if (const int error = raw::error_of(raw::call(SYS_pipe2, raw::ptr(start), O_CLOEXEC))) return error;
  if (const int error = raw::error_of(raw::call(SYS_pipe2, raw::ptr(ready), O_CLOEXEC))) {
    close_both(start[0], start[1]);
    return error;
  }
  context.start_read = start[0];
  context.start_write = start[1];
  context.ready_read = ready[0];
  context.ready_write = ready[1];
  return 0;
}

void become_waiting(Context& context) {
  if (context.start_read < 0) return;
  context.await_start = context.start_read;
  raw::close(context.start_write);
  raw::close(context.ready_read);
  context.start_read = context.start_write = context.ready_read = -1;
}

void say_ready(const Context& context, bool set_up) {
  if (context.ready_write >= 0) raw::write(context.ready_write, set_up ? "r" : "f", 1);
}

bool start_children(Context& context, const Process& maker) {
  std::size_t missing = 0;
  for (const auto& step : maker.steps)
    if (child_of(step.action) != no_process) ++missing;
  bool all_set_up = true;
  while (missing > 0 && all_set_up) {
    pollfd words{context.ready_read, POLLIN, 0};
    const timespec moment{0, 20000000};
    raw::poll(&words, 1, &moment);
    char word = 0;
    if (words.revents != 0 && raw::read(context.ready_read, &word, 1) == 1) {
      --missing;
      all_set_up = word == 'r';
    } else if (has_lost_one()) {
      break;
    }
  }
  if (!all_set_up) return false;
  close_both(context.start_read, context.start_write);
  close_both(context.ready_read, context.ready_write);
  return true;
}

int do_await_start(Context& context, bool stays) {
  say_ready(context, true);
  raw::close(context.ready_write);
  context.ready_write = -1;
  char none = 0;
  raw::read(context.await_start, &none, 1);  // Until nobody can write to it any more.
  if (stays) {
    raw::close(context.await_start);
    context.await_start = -1;
  }
  return 0;
}

}  // namespace pidns::child
