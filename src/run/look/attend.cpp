#include "run/look/attend.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>

namespace pidns {
namespace {

constexpr int heard[] = {SIGCHLD, SIGHUP,  SIGINT,  SIGQUIT, SIGTERM, SIGUSR1,
                         SIGUSR2, SIGTSTP, SIGTTIN, SIGTTOU, SIGWINCH};

bool is_stop(int number) noexcept { return number == SIGTSTP || number == SIGTTIN || number == SIGTTOU; }

bool says_enough(int number) noexcept {
  return number == SIGINT || number == SIGTERM || number == SIGHUP || number == SIGQUIT;
}

void send(int pidfd, int number) noexcept { raw::call(SYS_pidfd_send_signal, pidfd, number); }

/// How the kernel reaps our child and tells of it: SA_ flags of sigaction(2). With a handler, though none
/// is ever called: setting SIG_DFL would discard a SIGCHLD that is pending.
void hear_of_child(int flags, struct sigaction* before = nullptr) noexcept {
  struct sigaction action {};
  action.sa_handler = [](int) {};
  action.sa_flags = flags;
  ::sigaction(SIGCHLD, &action, before);
}

/// What SIGCHLD says, as wait(2) would.
int wait_status(const signalfd_siginfo& news) noexcept {
  if (news.ssi_code == CLD_EXITED) return W_EXITCODE(news.ssi_status & 0xff, 0);
  return W_EXITCODE(0, news.ssi_status) | (news.ssi_code == CLD_DUMPED ? WCOREFLAG : 0);
}

}  // namespace

Attendance::Attendance() {
  const UniqueFd terminal(::open("/dev/tty", O_RDONLY | O_NOCTTY | O_CLOEXEC));
  has_terminal_ = static_cast<bool>(terminal);
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
  struct sigaction old {};
  hear_of_child(SA_NOCLDWAIT, &old);
  caller_ignored_sigchld_ = old.sa_handler == SIG_IGN;
  signals_.reset(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
}

int Attendance::until_end(pid_t child, int pidfd, PtyRelay* relay) {
  int status = 0;
  pollfd set[1 + PtyRelay::sources_count];
  for (;;) {
    set[0] = {signals_.get(), POLLIN, 0};
    nfds_t count = 1;
    if (relay != nullptr) {
      relay->sources(set + 1);
      count += PtyRelay::sources_count;
    }
    if (::poll(set, count, relay != nullptr ? relay->pause() : -1) < 0 && errno != EINTR) return W_EXITCODE(125, 0);
    if (relay != nullptr) relay->pump();
    if ((set[0].revents & POLLIN) != 0 && hear(child, pidfd, relay, status)) return status;
  }
}

void Attendance::drain(PtyRelay& relay) {
  while (relay.has_output()) {
    pollfd set[1 + PtyRelay::sources_count] = {{signals_.get(), POLLIN, 0}};
    relay.sources(set + 1);
    ::poll(set, 1 + PtyRelay::sources_count, -1);
    relay.pump();
    signalfd_siginfo news{};
    while (::read(signals_.get(), &news, sizeof news) == static_cast<ssize_t>(sizeof news))
      if (says_enough(static_cast<int>(news.ssi_signo))) return;
  }
}

/// True at the end of the child.
bool Attendance::hear(pid_t child, int pidfd, PtyRelay* relay, int& status) {
  signalfd_siginfo news{};
  bool has_ended = false;
  while (::read(signals_.get(), &news, sizeof news) == static_cast<ssize_t>(sizeof news)) {
    const int number = static_cast<int>(news.ssi_signo);
    // The terminal tells its whole foreground group, to which the child belongs unless it has its own.
    const bool by_terminal = news.ssi_code == SI_KERNEL && relay == nullptr;
    if (number == SIGCHLD) {
      if (static_cast<pid_t>(news.ssi_pid) != child) continue;
      // That it goes on may be pending when it ends, and the status would not come: it is kept for wait(2).
      if (news.ssi_code == CLD_STOPPED) hear_of_child(0);
      if (news.ssi_code == CLD_STOPPED && relay == nullptr && has_terminal_) stop(pidfd, relay);
      if (news.ssi_code != CLD_STOPPED && news.ssi_code != CLD_CONTINUED && news.ssi_code != CLD_TRAPPED) {
        status = wait_status(news);
        ::waitpid(child, nullptr, WNOHANG);
        return true;
      }
      pollfd end{pidfd, POLLIN, 0};
      if (::poll(&end, 1, 0) == 0) continue;
      if (::waitpid(child, &status, WNOHANG) == child) return true;
      // Reaped already. It said so behind this, unless it found this pending, and then sent no other.
      status = W_EXITCODE(0, SIGKILL);
      has_ended = true;
      continue;
    }
    if (number == SIGWINCH && relay != nullptr)
      relay->take_size();
    else if (is_stop(number) && relay != nullptr)
      stop(pidfd, relay);
    else if (!by_terminal)
      send(pidfd, number);
  }
  return has_ended;
}

void Attendance::stop(int pidfd, PtyRelay* relay) {
  if (relay != nullptr) relay->suspend();
  // While we are stopped nobody waits: its end is told alone.
  hear_of_child(SA_NOCLDWAIT | SA_NOCLDSTOP);
  ::kill(::getpid(), SIGSTOP);
  hear_of_child(0);
  if (relay != nullptr) return relay->resume();
  send(pidfd, SIGCONT);
}

}  // namespace pidns
