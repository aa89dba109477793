#include "run/child/interpreter.h"

#include <linux/futex.h>
#include <sys/uio.h>

#include "run/child/actions.h"
#include "run/child/orphans.h"
#include "run/child/program.h"
#include "run/child/start.h"
#include "run/child/timings.h"

namespace pidns::child {
namespace {

[[noreturn]] void fail(Context& context, ProcessId self, std::size_t step, int error, bool sharing) {
  const Report report{ReportKind::failed, static_cast<std::uint32_t>(index(self)), static_cast<std::uint32_t>(step),
                      error};
  if (sharing)
    context.shared_failure = report;
  else
    send_report(context, report);
  say_ready(context, false);
  raw::exit_group(error == ENOENT ? 127 : 126);
}

/// Once ended and reaped, nobody could say any more by which pids a process was known. A supervisor that
/// is stopped, or busy for so long, is not waited for.
void await_heard(const Context& context, ProcessId self) {
  if (context.heard == nullptr) return;
  std::uint32_t* word = context.heard + index(self);
  const timespec long_enough{1, 0};
  while (__atomic_load_n(word, __ATOMIC_ACQUIRE) == 0)
    if (raw::call(SYS_futex, raw::ptr(word), FUTEX_WAIT, 0, raw::ptr(&long_enough)) == -ETIMEDOUT) return;
}

void send_created(const Context& context, ProcessId self) {
  send_report(context, {ReportKind::created, static_cast<std::uint32_t>(index(self)), 0, 0});
  await_heard(context, self);
}

/// The steps of a command: set up, then execute. `sharing`: in the maker's memory.
[[noreturn]] void run_command(Context& context, ProcessId self, bool sharing) {
  const Process& process = process_of(context, self);
  // The maker of a sharing child waits in clone(2): a report by the child itself tells the kernel's
  // pid. The supervisor knows it from clone(2).
  if (context.report_socket >= 0 && process.maker != ProcessId{0}) send_created(context, self);
  const bool tells_itself = runs_on_its_own(process);
  for (std::size_t i = 0;; ++i) {
    // Its maker does not wait for it; should the exec fail after all, the failure outranks this.
    if (tells_itself && std::holds_alternative<Exec>(process.steps[i].action)) {
      note_executed(context, self);
      send_report(context, {ReportKind::executed, static_cast<std::uint32_t>(index(self)), 0, 0});
    }
    const int error = perform(context, self, process.steps[i]);
    if (error != 0) fail(context, self, i, error, sharing);
    note_step(context, self, i);
  }
}

}  // namespace

void enter(Context& context, ProcessId self, bool sharing) {
  note(context, self, Moment::entered);
  const Process& process = process_of(context, self);
  if (!is_resident(process.role)) run_command(context, self, sharing);
  set_title(context, describe(process.role), context.graph->nodes[index(process.node)].address.c_str());
  if (process.maker != ProcessId{0}) send_created(context, self);
  interpret(context, self, 0);
}

namespace {

/// Until there is something to read, or nobody who could write.
void await_readable(const Context& context, int descriptor) {
  if (context.hear_reports == nullptr) return;
  for (;;) {
    pollfd sources[2] = {{descriptor, POLLIN, 0}, {context.reports, POLLIN, 0}};
    raw::poll(sources, context.reports >= 0 ? 2 : 1, nullptr);
    if (sources[0].revents != 0) return;
    if (sources[1].revents != 0) context.hear_reports(context.supervisor);
  }
}

}  // namespace

int await_word(const Context& context, int socket) {
  await_readable(context, socket);
  char word = 0;
  iovec part{&word, 1};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(ucred))];
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  if (raw::call(SYS_recvmsg, socket, raw::ptr(&message), MSG_CMSG_CLOEXEC) != 1) return 0;
  const cmsghdr* header = CMSG_FIRSTHDR(&message);
  if (header == nullptr || header->cmsg_type != SCM_CREDENTIALS) return -1;
  return reinterpret_cast<const ucred*>(CMSG_DATA(header))->pid;
}

namespace {

void send_executed(Context& context, ProcessId child) {
  note_executed(context, child);
  send_report(context, {ReportKind::executed, static_cast<std::uint32_t>(index(child)), 0, 0});
}

/// The named init goes on, and executes: its end of the socket is closed by that, or by its end.
void release(Context& context, const Release& action) {
  raw::send(context.release_maker, "g", 1, MSG_NOSIGNAL);
  const bool waits_on = has_step<WaitFor>(process_of(context, action.child));
  if (!waits_on) await_word(context, context.release_maker);
  raw::close(context.release_maker);
  context.release_maker = -1;
  if (!waits_on) send_executed(context, action.child);
}

/// A set-up has failed, and the supervisor has been told: it ends everything. Nothing goes on here.
[[noreturn]] void await_end(const Context& context, const Process& self) {
  // Out of the supervisor's reach is what was made in a joined pid namespace.
  if (ends_what_is_left(self)) {
    for (const auto& step : self.steps) {
      const ProcessId child = child_of(step.action);
      if (child != no_process && context.pids[index(child)] > 0) raw::kill(context.pids[index(child)], SIGKILL);
    }
    end_orphans();
    raw::exit_group(126);
  }
  pollfd maker{context.maker_pidfd, POLLIN, 0};
  raw::poll(&maker, 1, nullptr);
  raw::exit_group(126);
}

}  // namespace

void interpret(Context& context, ProcessId self, std::size_t first) {
  const Process& process = process_of(context, self);
  const auto id = static_cast<std::uint32_t>(index(self));
  for (std::size_t i = first; i < process.steps.size(); ++i) {
    const Step& step = process.steps[i];
    if (std::holds_alternative<Supervise>(step.action)) reside(context, self);
    if (std::holds_alternative<WriteIdMaps>(step.action)) continue;  // Done with the child before it.
    if (std::holds_alternative<AwaitSetUp>(step.action)) {
      // One that ended has told why, or was killed; nobody shall be put beside it.
      if (await_word(context, context.release_maker) == 0) reside(context, self);
      continue;
    }
    if (std::holds_alternative<StartChildren>(step.action)) {
      if (!start_children(context, process)) await_end(context, process);
      continue;
    }
    if (const auto* releasing = std::get_if<Release>(&step.action)) {
      release(context, *releasing);
      continue;
    }
    if (child_of(step.action) == no_process) {
      const int error = perform(context, self, step);
      if (error != 0) fail(context, self, i, error, false);
      note_step(context, self, i);
      continue;
    }
    const Made made = make_child(context, self, i);
    note_step(context, self, i);
    if (made.error != 0) {
      send_report(context, {ReportKind::failed, id, static_cast<std::uint32_t>(made.step), made.error});
      await_end(context, process);
    }
    if (made.failure.kind == ReportKind::failed) {
      send_report(context, made.failure);
      const auto& steps = process_of(context, child_of(step.action)).steps;
      if (!std::holds_alternative<Exec>(steps[made.failure.step].action)) await_end(context, process);
    } else if (made.executed) {
      send_executed(context, child_of(step.action));
    }
  }
  raw::exit_group(0);
}

void send_report(const Context& context, const Report& report) {
  // A supervisor that is gone hears nothing; its death is told by the tie.
  if (context.report_socket >= 0) raw::send(context.report_socket, &report, sizeof report, MSG_NOSIGNAL);
}

}  // namespace pidns::child