#include <sys/prctl.h>
#include <sys/uio.h>

#include "run/child/actions.h"
#include "run/child/interpreter.h"
#include "run/child/program.h"
#include "run/child/start.h"
#include "run/child/timings.h"

/// The maker's side of a child: clone(2), and the talk until it stands on its own.

namespace pidns::child {
namespace {

bool shares_memory(const Step& step) {
  const auto* clone = std::get_if<Clone>(&step.action);
  return clone != nullptr && child::shares_memory(*clone);
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
  // A change of ids in the child makes the shared memory undumpable, and so what this process makes
  // next: the id maps of that could not be written.
  const bool changes_ids = has_step<SetCredentials>(process_of(context, start.self));
  const long dumpable = changes_ids ? raw::prctl(PR_GET_DUMPABLE) : 0;
  const int pid = ::clone(shared_entry, shared_stack + sizeof shared_stack, flags, &start);
  if (dumpable == 1) raw::prctl(PR_SET_DUMPABLE, 1);
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
  const bool waits = may_wait && !is_resident(child.role) && !runs_on_its_own(child);
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

/// The process for which a launcher is made: it inherits what the launcher is given.
const Process& made_for(const Context& context, ProcessId id) {
  const Process& process = process_of(context, id);
  if (process.role == Role::launcher)
    for (const auto& step : process.steps)
      if (const ProcessId child = child_of(step.action); child != no_process) return process_of(context, child);
  return process;
}

/// The maker's part for a child that is ready: its maps, and the word to go on.
int map_ids(Context& context, int pid, const WriteIdMaps& maps) {
  if (await_word(context, context.sync_maker) == 0) return 0;  // It ended, and has said why.
  int error = 0;
  if (!maps.by_helper)
    error = write_maps_of(context, pid, maps);
  else
    error = context.write_maps_by_helper != nullptr ? context.write_maps_by_helper(pid, maps) : EPERM;
  if (error == 0) preset_limits(context, pid, made_for(context, maps.child));
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
  if (made.error == 0 && !is_resident(child.role) && !runs_on_its_own(child)) {
    // Its end is closed as it executes, or as it ends.
    await_word(context, context.sync_maker);
    made.executed = true;
  }
  raw::close(context.sync_maker);
  context.sync_maker = -1;
  return made;
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

}  // namespace pidns::child
