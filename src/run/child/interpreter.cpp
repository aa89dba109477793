#include "run/child/interpreter.h"

#include <sys/uio.h>

#include "run/child/actions.h"
#include "run/child/orphans.h"
#include "run/child/start.h"
#include "run/child/timings.h"

namespace pidns::child {
namespace {

const Process& process_of(const Context& context, ProcessId id) { return context.graph->processes[index(id)]; }

bool shares_memory(const Step& step) {
  const auto* clone = std::get_if<Clone>(&step.action);
  return clone != nullptr && child::shares_memory(*clone);
}

template <class T>
bool has_step(const Process& process) {
  for (const auto& step : process.steps)
    if (std::holds_alternative<T>(step.action)) return true;
  return false;
}

bool is_resident(Role role) { return role != Role::command; }

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

/// The steps of a command: set up, then execute. `sharing`: in the maker's memory.
[[noreturn]] void run_command(Context& context, ProcessId self, bool sharing) {
  const Process& process = process_of(context, self);
  // The maker of a sharing child waits in clone(2): a report by the child itself tells the kernel's
  // pid. The supervisor knows it from clone(2).
  if (context.report_socket >= 0 && process.maker != ProcessId{0})
    send_report(context, {ReportKind::created, static_cast<std::uint32_t>(index(self)), 0, 0});
  const bool tells_itself = has_step<AwaitStart>(process);
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

[[noreturn]] void enter(Context& context, ProcessId self, bool sharing) {
  note(context, self, Moment::entered);
  const Process& process = process_of(context, self);
  if (!is_resident(process.role)) run_command(context, self, sharing);
  set_title(context, describe(process.role), context.graph->nodes[index(process.node)].address.c_str());
  if (process.maker != ProcessId{0})
    send_report(context, {ReportKind::created, static_cast<std::uint32_t>(index(self)), 0, 0});
  interpret(context, self, 0);
}

/// The child's side of clone(2) for one that shares memory: on a stack of its own.
struct SharedStart {
  Context* context;
  ProcessId self;
};
int shared_entry(void* argument) {
  const auto* start = static_cast<const SharedStart*>(argument);
  enter(*start->context, start->self, true);
}

// One is enough: a maker waits for each of its sharing children until it has executed.
alignas(64) char shared_stack[64 * 1024];

unsigned long flags_of(const Step& step) {
  const auto* clone = std::get_if<Clone>(&step.action);
  return clone != nullptr ? clone->kinds.clone_flags() : 0;
}

Made make_sharing(Context& context, const Step& step, int maker_pidfd) {
  Made made;
  SharedStart start{&context, child_of(step.action)};
  context.shared_failure.kind = ReportKind::created;
  const int before = context.maker_pidfd;
  context.maker_pidfd = maker_pidfd;
  const int flags = static_cast<int>(flags_of(step)) | CLONE_VM | CLONE_VFORK | SIGCHLD;
  const int pid = ::clone(shared_entry, shared_stack + sizeof shared_stack, flags, &start);
  context.maker_pidfd = before;
  if (pid < 0) {
    made.error = errno;
    return made;
  }
  made.pid = pid;
  made.failure = context.shared_failure;
  made.executed = made.failure.kind != ReportKind::failed;
  return made;
}

/// In the new process: what belongs to the maker alone is left behind.
void become_child(Context& context) {
  context.maker_pidfd = context.own_pidfd;
  context.own_pidfd = -1;
  context.write_maps_by_helper = nullptr;
  if (context.sync_maker >= 0) raw::close(context.sync_maker);
  if (context.release_maker >= 0) raw::close(context.release_maker);
  context.sync_maker = context.release_maker = -1;
  context.named_init = no_process;
  context.hear_reports = nullptr;
  become_waiting(context);
}

Made make_forked(Context& context, const Step& step, bool may_wait) {
  Made made;
  const ProcessId id = child_of(step.action);
  const Process& child = process_of(context, id);
  const bool waits = may_wait && !is_resident(child.role) && !has_step<AwaitStart>(child);
  const unsigned long flags = flags_of(step) | (waits ? CLONE_VFORK : 0UL);
  const long pid = raw::fork(flags);
  if (pid == 0) {
    become_child(context);
    enter(context, id, false);
  }
  made.error = raw::error_of(pid);
  if (made.error == 0) made.pid = static_cast<int>(pid);
  made.executed = waits && made.error == 0;
  return made;
}

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

/// One byte from a child; its pid as this process sees it, which the kernel writes beside the byte.
/// 0 where it ended before it said anything.
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

/// A socket pair between maker and child; the maker's end tells who wrote.
int open_sync(Context& context) {
  int pair[2];
  const long error = raw::call(SYS_socketpair, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, raw::ptr(pair));
  if (error < 0) return raw::error_of(error);
  const int on = 1;
  raw::call(SYS_setsockopt, pair[0], SOL_SOCKET, SO_PASSCRED, raw::ptr(&on), sizeof on);
  context.sync_maker = pair[0];
  context.sync_child = pair[1];
  return 0;
}

/// Makes the child from a process inside the pid namespace that this one's children go into, which
/// leaves it to this one and ends.
int clone_by_launcher(Context& context, const Step& step) {
  const long launcher = raw::fork(0);
  if (launcher == 0) {
    const long pid = raw::call(SYS_clone, static_cast<long>(flags_of(step)) | CLONE_PARENT, 0, 0, 0, 0);
    if (pid == 0) {
      become_child(context);
      raw::write(context.sync_child, "h", 1);
      enter(context, child_of(step.action), false);
    }
    raw::exit_group(raw::error_of(pid));
  }
  if (launcher < 0) return raw::error_of(launcher);
  siginfo_t ended{};
  raw::waitid(P_PID, static_cast<int>(launcher), &ended, WEXITED | __WALL);
  return ended.si_code == CLD_EXITED ? ended.si_status : EAGAIN;
}

/// The maker's part for a child that is ready: its maps, and the word to go on.
int map_ids(Context& context, int pid, const WriteIdMaps& maps) {
  if (await_word(context, context.sync_maker) == 0) return 0;  // It ended, and has said why.
  int error = 0;
  if (!maps.by_helper)
    error = write_maps_of(context, pid, maps);
  else
    error = context.write_maps_by_helper != nullptr ? context.write_maps_by_helper(pid, maps) : EPERM;
  if (error == 0) preset_limits(context, pid, process_of(context, maps.child));
  if (error == 0) raw::send(context.sync_maker, "g", 1, MSG_NOSIGNAL);
  return error;
}

/// A child with which this process talks while it sets up: it waits for its id maps, is made by a
/// launcher, or is the one that `init` names.
Made make_talking(Context& context, const Step& step, const WriteIdMaps* maps, bool is_named) {
  Made made;
  made.error = open_sync(context);
  if (made.error != 0) return made;
  const auto* clone = std::get_if<Clone>(&step.action);
  if (clone != nullptr && clone->by_launcher)
    made.error = clone_by_launcher(context, step);
  else
    made = make_forked(context, step, false);
  raw::close(context.sync_child);
  context.sync_child = -1;
  if (made.error == 0 && made.pid == 0) made.pid = await_word(context, context.sync_maker);
  if (made.error == 0 && maps != nullptr) {
    made.error = map_ids(context, made.pid, *maps);
    made.step = 1;
    if (made.error != 0) raw::kill(made.pid, SIGKILL);
  }
  if (is_named) {
    context.named_init = child_of(step.action);
    context.release_maker = context.sync_maker;
    context.sync_maker = -1;
    return made;
  }
  const Process& child = process_of(context, child_of(step.action));
  if (made.error == 0 && !is_resident(child.role) && !has_step<AwaitStart>(child)) {
    // Its end is closed as it executes, or as it ends.
    await_word(context, context.sync_maker);
    made.executed = true;
  }
  raw::close(context.sync_maker);
  context.sync_maker = -1;
  return made;
}

template <class T>
const T* step_at(const Process& process, std::size_t step) {
  return step < process.steps.size() ? std::get_if<T>(&process.steps[step].action) : nullptr;
}

void send_executed(Context& context, ProcessId child) {
  note_executed(context, child);
  send_report(context, {ReportKind::executed, static_cast<std::uint32_t>(index(child)), 0, 0});
}

/// The named init goes on, and executes: its end of the socket is closed by that, or by its end.
void release(Context& context, const Release& action) {
  raw::send(context.release_maker, "g", 1, MSG_NOSIGNAL);
  await_word(context, context.release_maker);
  raw::close(context.release_maker);
  context.release_maker = -1;
  send_executed(context, action.child);
}

}  // namespace

Made make_child(Context& context, ProcessId maker, std::size_t step) {
  const Process& process = process_of(context, maker);
  const Step& making = process.steps[step];
  // A pidfd of this process for the child to look at: in a new pid namespace getppid(2) is 0 whether
  // the maker lives or not.
  if (context.own_pidfd < 0) context.own_pidfd = static_cast<int>(raw::pidfd_open(raw::getpid()));
  if (const int error = open_start(context, process)) return Made{0, error, step, false, {}};
  note(context, child_of(making.action), Moment::made);
  const auto* maps = step_at<WriteIdMaps>(process, step + 1);
  const bool is_named = step_at<AwaitSetUp>(process, step + 1) != nullptr;
  const auto* clone = std::get_if<Clone>(&making.action);
  const bool shares = shares_memory(making);
  // The supervisor must not sleep in clone(2) while others may wait for it to hear them.
  const Process& child = process_of(context, child_of(making.action));
  const bool is_heard = maker == ProcessId{0} && !shares && !is_resident(child.role);
  const bool talks = maps != nullptr || is_named || is_heard || (clone != nullptr && clone->by_launcher);
  Made made = talks    ? make_talking(context, making, maps, is_named)
              : shares ? make_sharing(context, making, context.own_pidfd)
                       : make_forked(context, making, true);
  made.step += step;
  if (made.pid > 0) context.pids[index(child_of(making.action))] = made.pid;
  return made;
}

namespace {

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
