#include "run/look/enter.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>

#include "render/words.h"
#include "run/look/attend.h"
#include "run/look/inside.h"
#include "run/look/target.h"
#include "run/parent/exec_images.h"
#include "run/parent/failure.h"
#include "run/parent/signal_state.h"

namespace pidns {
namespace {

EntryResult problem(std::string text) {
  EntryResult result;
  result.problem = std::move(text);
  return result;
}

std::string refused_entry(NamespaceSet kinds, int error) {
  std::string text = "enter " + kinds_text(kinds) + ": " + error_words(error);
  if (error == EPERM) text += "; to enter a namespace takes CAP_SYS_ADMIN in the user namespace that owns it: setns(2)";
  if (error == ESRCH) text = "the process has ended";
  return text;
}

/// The ids that the command gets; nothing where they stay.
std::optional<SetCredentials> credentials_of(const Entry& entry, const Target& target) {
  SetCredentials credentials;
  credentials.uid = entry.user;
  credentials.gid = entry.group;
  if (!entry.user && target.maps_uid_0) credentials.uid = std::uint32_t{0};
  if (!entry.user && !entry.group && target.maps_gid_0) credentials.gid = std::uint32_t{0};
  if (!credentials.uid && !credentials.gid) return std::nullopt;
  // Where setgroups is denied those of the caller stay.
  if (!target.denies_setgroups) credentials.groups.emplace();
  return credentials;
}

/// EINVAL of the calls of credentials(7) in a user namespace.
std::string credentials_failed(int error) {
  return "take user and group ids: " + error_words(error) +
         (error == EINVAL ? "; its user namespace does not map them" : "");
}

std::string failed_inside(const Entry& entry, const InsideFailure& failure) {
  const std::string words = ": " + error_words(failure.error);
  switch (failure.step) {
    case InsideStep::tie:
      return "tie to pidns" + words;
    case InsideStep::terminal:
      return "take a terminal of its own" + words;
    case InsideStep::root:
      return "change the root to that of the process" + words;
    case InsideStep::directory:
      return (entry.directory ? "cwd " + entry.directory->path : "the working directory of the process") + words;
    case InsideStep::credentials:
      return credentials_failed(failure.error);
    case InsideStep::execute:
      return "execute " + entry.exec.argv.front() + words;
  }
  return words;
}

/// $SHELL where the process's root has it.
std::string shell_of(const Target& target) {
  const char* shell = std::getenv("SHELL");
  if (shell == nullptr || *shell != '/') return "/bin/sh";
  const long found =
      target.root ? raw::open_in_root(target.root.get(), shell, O_PATH) : raw::open(shell, O_PATH | O_CLOEXEC);
  if (found < 0) return "/bin/sh";
  raw::close(static_cast<int>(found));
  return shell;
}

/// Whether the command runs; false with a result where it does not. Waits for one of both.
bool has_executed(const Entry& entry, int pipe, EntryResult& result) {
  InsideFailure failure{};
  ssize_t size = 0;
  while ((size = ::read(pipe, &failure, sizeof failure)) < 0 && errno == EINTR) {
  }
  if (size != static_cast<ssize_t>(sizeof failure)) return true;
  result = problem(failed_inside(entry, failure));
  if (failure.step == InsideStep::execute) result.status = exec_status(failure.error);
  return false;
}

EntryResult result_of(int status) {
  EntryResult result;
  if (WIFEXITED(status)) {
    result.status = WEXITSTATUS(status);
    return result;
  }
  const int number = WTERMSIG(status);
  result.status = 128 + number;
  if (number != SIGKILL && !dumps_core(number)) result.die_of = number;
  return result;
}

/// Standard input and output are the caller's terminal: the command gets one of its own.
bool wants_terminal() { return ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1; }

}  // namespace

EntryResult enter(Entry entry) {
  const Target target = open_target(entry.pid, entry.start_time, entry.kinds);
  if (!target.problem.empty()) return problem(target.problem);
  if (entry.exec.argv.empty()) entry.exec.argv.push_back(shell_of(target));
  Arena arena;
  const child::ExecImage image = make_exec_image(entry.exec, entry.name, entry.address, arena);
  const auto credentials = credentials_of(entry, target);
  const UniqueFd self(static_cast<int>(raw::pidfd_open(raw::getpid())));
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return problem("make a pipe: " + error_words(errno));
  UniqueFd news(ends[0]);
  UniqueFd report(ends[1]);
  PtyRelay relay;
  const bool with_terminal = wants_terminal();
  if (with_terminal)
    if (const int error = relay.open()) return problem("make a pseudo-terminal: " + error_words(error));
  // Until it executes, the child is a copy of this process: with our files, of our program. Who is root in
  // that user namespace could trace it, or open /proc/PID/exe: ptrace(2), prctl(2).
  if (target.differing.has(NamespaceKind::user)) raw::prctl(PR_SET_DUMPABLE, 0);
  // All in one: the kernel judges each kind by the privileges that we have now, and then enters all.
  if (!target.differing.empty())
    if (const int error =
            raw::error_of(raw::setns(target.process.get(), static_cast<int>(target.differing.clone_flags()))))
      return problem(refused_entry(target.differing, error));
  Attendance attendance;
  Inside inside;
  inside.image = &image;
  inside.maker = self.get();
  inside.kill_child = entry.kill_child;
  inside.root = target.root.get();
  inside.directory = target.directory.get();
  inside.path = entry.directory ? &*entry.directory : nullptr;
  inside.umask = entry.umask ? &*entry.umask : nullptr;
  inside.credentials = credentials ? &*credentials : nullptr;
  inside.terminal = with_terminal ? relay.slave() : -1;
  inside.terminal_as_error = ::isatty(STDERR_FILENO) == 1;
  inside.caller_mask = attendance.caller_mask();
  inside.caller_ignored_sigchld = attendance.caller_ignored_sigchld();
  inside.report = report.get();
  int pidfd = -1;
  const long child = raw::fork(CLONE_PIDFD, &pidfd);
  if (child == 0) run_inside(inside);
  const UniqueFd command(pidfd);
  // ENOMEM is how the kernel says that the namespace's PID 1 has ended: pid_namespaces(7).
  if (child < 0 && raw::error_of(child) == ENOMEM) return problem("its pid namespace has ended");
  if (child < 0) return problem("create a process: " + error_words(raw::error_of(child)));
  report.reset();
  EntryResult result;
  const bool executed = has_executed(entry, news.get(), result);
  if (executed && with_terminal) relay.begin();
  const int status = attendance.until_end(static_cast<pid_t>(child), command.get(), with_terminal ? &relay : nullptr);
  if (with_terminal) {
    relay.end();
    attendance.drain(relay);
  }
  return executed ? result_of(status) : result;
}

}  // namespace pidns
