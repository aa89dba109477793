#include <sys/prctl.h>

#include "run/child/actions.h"

namespace pidns::child {
namespace {

bool is_gone(int pidfd) {
  if (pidfd < 0) return false;
  pollfd look{pidfd, POLLIN, 0};
  const timespec now{0, 0};
  return raw::poll(&look, 1, &now) == 1;
}

/// The caller's dispositions and mask. SIGCHLD alone was changed, where the caller ignored it: with
/// SIG_IGN the kernel would reap for us and keep the statuses.
void restore_signals(const Context& context) {
  if (context.caller_ignored_sigchld) {
    raw::SignalAction ignore{SIG_IGN, 0, nullptr, 0};
    raw::sigaction(SIGCHLD, &ignore, nullptr);
  }
  raw::sigprocmask(SIG_SETMASK, &context.caller_mask, nullptr);
}

/// What one path's execve(2) says about the search: on with it, or this is the answer.
int judge(const char* path, int error) {
  if (error != ENOENT) return error;
  return raw::error_of(raw::faccessat(AT_FDCWD, path, F_OK)) == 0 ? static_cast<int>(trouble_no_interpreter) : ENOENT;
}

/// Pipes or files of ours in the place of the caller's standard output and error.
int take_outputs(const Context& context, ProcessId self) {
  if (context.output_descriptors == nullptr) return 0;
  for (int descriptor = 1; descriptor <= 2; ++descriptor) {
    const int given = context.output_descriptors[index(self) * 2 + static_cast<std::size_t>(descriptor) - 1];
    if (given < 0) continue;
    if (const int error = raw::error_of(raw::dup3(given, descriptor, 0))) return error;
  }
  return 0;
}

/// The caller's limit of open files; one that the spec sets has been set.
void restore_nofile(const Context& context, ProcessId self) {
  if (context.caller_nofile == nullptr) return;
  for (const auto& step : context.graph->processes[index(self)].steps)
    if (const auto* limit = std::get_if<SetRlimit>(&step.action))
      if (limit->limit.resource == RLIMIT_NOFILE) return;
  raw::prlimit(0, RLIMIT_NOFILE, context.caller_nofile);
}

}  // namespace

int do_tie_to_maker(const Context& context, const TieToMaker& action) {
  const int error = raw::error_of(raw::prctl(PR_SET_PDEATHSIG, static_cast<unsigned long>(action.signal)));
  if (error != 0) return error;
  // The maker may have died before the call. getppid(2) can't tell: in a new pid namespace it is 0.
  return is_gone(context.maker_pidfd) ? static_cast<int>(trouble_maker_gone) : 0;
}

int do_execute(const Context& context, ProcessId self) {
  const ExecImage& image = context.images[index(self)];
  const auto& steps = context.graph->processes[index(self)].steps;
  if (const int error = raw::error_of(raw::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC))) return error;
  for (const auto& step : steps)
    if (const auto* pass = std::get_if<PassDescriptors>(&step.action))
      for (const int number : pass->numbers)
        if (const int error = raw::error_of(raw::fcntl(number, F_SETFD, 0))) return error;
  if (const int error = take_outputs(context, self)) return error;
  // Once more: a maker that died while the first look was taken has sent no signal.
  if (std::holds_alternative<TieToMaker>(steps.front().action) && is_gone(context.maker_pidfd))
    return trouble_maker_gone;
  restore_nofile(context, self);
  restore_signals(context);
  return execute(image);
}

int execute(const ExecImage& image) {
  int answer = ENOENT;
  for (const char* const* path = image.candidates; *path != nullptr; ++path) {
    const int error = judge(*path, raw::error_of(raw::execve(*path, image.argv, image.envp)));
    // As execvp(3): go on where nothing is, or what is there may not be executed.
    if (error == EACCES) answer = EACCES;
    if (error != ENOENT && error != ENOTDIR && error != EACCES) return error;
  }
  return answer;
}

}  // namespace pidns::child
