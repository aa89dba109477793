#include "run/look/attend.h"

#include <poll.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>

#include <cerrno>
#include <csignal>

namespace pidns {
namespace {

constexpr int heard[] = {SIGCHLD, SIGHUP,  SIGINT,  SIGQUIT, SIGTERM, SIGUSR1,
                         SIGUSR2, SIGTSTP, SIGTTIN, SIGTTOU, SIGWINCH};

void send(int pidfd, int number) noexcept { raw::call(SYS_pidfd_send_signal, pidfd, number); }

/// What SIGCHLD says, as wait(2) would.
int wait_status(const signalfd_siginfo& news) noexcept {
  if (news.ssi_code == CLD_EXITED) return W_EXITCODE(news.ssi_status & 0xff, 0);
  return W_EXITCODE(0, news.ssi_status) | (news.ssi_code == CLD_DUMPED ? WCOREFLAG : 0);
}

}  // namespace

Attendance::Attendance() {
  sigset_t set;
  sigset_t before;
  sigemptyset(&set);
  for (const int number : heard) sigaddset(&set, number);
  // A reader of our output that has gone is an error of write(2), and not our end.
  sigaddset(&set, SIGPIPE);
  ::sigprocmask(SIG_BLOCK, &set, &before);
  for (int number = 1; number <= 64; ++number)
    if (sigismember(&before, number) == 1) caller_mask_ |= raw::signal_bit(number);
  sigdelset(&set, SIGPIPE);
  struct sigaction action {};
  struct sigaction old {};
  action.sa_handler = SIG_DFL;
  action.sa_flags = SA_NOCLDWAIT;
  ::sigaction(SIGCHLD, &action, &old);
  caller_ignored_sigchld_ = old.sa_handler == SIG_IGN;
  signals_.reset(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
}

int Attendance::until_end(pid_t child, int pidfd) {
  int status = 0;
  for (;;) {
    pollfd news{signals_.get(), POLLIN, 0};
    if (::poll(&news, 1, -1) < 0 && errno != EINTR) return W_EXITCODE(125, 0);
    if (hear(child, pidfd, status)) return status;
  }
}

/// True at the end of the child.
bool Attendance::hear(pid_t child, int pidfd, int& status) {
  signalfd_siginfo news{};
  while (::read(signals_.get(), &news, sizeof news) == static_cast<ssize_t>(sizeof news)) {
    const int number = static_cast<int>(news.ssi_signo);
    // The terminal tells its whole foreground group, to which the child belongs unless it has its own.
    const bool by_terminal = news.ssi_code == SI_KERNEL;
    if (number == SIGCHLD) {
      if (static_cast<pid_t>(news.ssi_pid) != child) continue;
      if (news.ssi_code == CLD_STOPPED) {
        ::kill(::getpid(), SIGSTOP);
        send(pidfd, SIGCONT);
      }
      if (news.ssi_code == CLD_STOPPED || news.ssi_code == CLD_CONTINUED || news.ssi_code == CLD_TRAPPED) {
        // The end may have found this signal pending, and then sends no other.
        pollfd end{pidfd, POLLIN, 0};
        if (::poll(&end, 1, 0) == 0) continue;
        status = W_EXITCODE(0, SIGKILL);
        return true;
      }
      status = wait_status(news);
      return true;
    }
    if (!by_terminal) send(pidfd, number);
  }
  return false;
}

}  // namespace pidns
