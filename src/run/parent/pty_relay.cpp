#include "run/parent/pty_relay.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace pidns {
namespace {

/// Without a terminal to take it from: what programs assume where they are told nothing.
constexpr winsize usual_size{24, 80, 0, 0};

volatile std::sig_atomic_t was_continued = 0;

/// While the kernel may stop us for what we do from the background: else it would let us. To be continued
/// interrupts the call (EINTR), which would else begin again in the kernel, and stop us again, without end.
class StopsAllowed {
 public:
  StopsAllowed() noexcept {
    struct sigaction notes {};
    notes.sa_handler = [](int) { was_continued = 1; };
    was_continued = 0;
    ::sigaction(SIGCONT, &notes, &action_before_);
    sigset_t set;
    sigemptyset(&set);
    for (const int signal : {SIGTTOU, SIGCONT}) sigaddset(&set, signal);
    ::sigprocmask(SIG_UNBLOCK, &set, &before_);
  }
  ~StopsAllowed() {
    ::sigprocmask(SIG_SETMASK, &before_, nullptr);
    ::sigaction(SIGCONT, &action_before_, nullptr);
    // For whoever else has to do with it.
    if (was_continued != 0) ::kill(::getpid(), SIGCONT);
  }
  StopsAllowed(const StopsAllowed&) = delete;
  StopsAllowed& operator=(const StopsAllowed&) = delete;

 private:
  sigset_t before_;
  struct sigaction action_before_ {};
};

/// A signal that is to end us, or what we relay, has come, and is blocked until somebody hears it.
bool has_been_told_to_end() noexcept {
  sigset_t pending;
  if (::sigpending(&pending) < 0) return false;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT})
    if (sigismember(&pending, signal) == 1) return true;
  return false;
}

/// Somebody else's process group has it. Never so for a terminal that is not our controlling one.
bool is_anothers(int terminal) noexcept {
  const pid_t foreground = ::tcgetpgrp(terminal);
  return foreground >= 0 && foreground != ::getpgrp();
}

int open_master() noexcept {
  constexpr int flags = O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK;
  const int master = ::open("/dev/ptmx", flags);
  return master >= 0 || errno != ENOENT ? master : ::open("/dev/pts/ptmx", flags);
}

}  // namespace

bool RawMode::enter(int terminal) noexcept {
  // Once more after a stop, which gave the terminal to somebody else: with the modes of before that.
  if (!is_on() && ::tcgetattr(terminal, &before_) < 0) return false;
  termios raw = before_;
  ::cfmakeraw(&raw);
  const StopsAllowed allowed;
  // Not TCSADRAIN: a terminal that ^S has stopped would hold us up.
  int result = 0;
  do {
    if (is_anothers(terminal) && has_been_told_to_end()) return false;
    result = ::tcsetattr(terminal, TCSANOW, &raw);
  } while (result < 0 && errno == EINTR);
  if (result < 0) return false;
  terminal_ = terminal;
  return true;
}

void RawMode::leave() noexcept {
  if (!is_on()) return;
  if (!is_anothers(terminal_)) ::tcsetattr(terminal_, TCSANOW, &before_);
  terminal_ = -1;
}

PtyRelay::~PtyRelay() {
  raw_.leave();
  hang_up();
}

int PtyRelay::open() noexcept {
  master_ = open_master();
  if (master_ < 0) return errno;
  const int unlocked = 0;
  if (::ioctl(master_, TIOCSPTLCK, &unlocked) < 0) return errno;
  // Not by its path: that may lead into another devpts.
  slave_ = ::ioctl(master_, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (slave_ < 0) return errno;
  for (int descriptor = 0; descriptor < 3 && sized_by_ < 0; ++descriptor)
    if (::isatty(descriptor) == 1) sized_by_ = descriptor;
  termios modes{};
  if (sized_by_ >= 0 && ::tcgetattr(sized_by_, &modes) == 0) ::tcsetattr(slave_, TCSANOW, &modes);
  ::ioctl(master_, TIOCSWINSZ, &usual_size);
  take_size();
  output_.open(STDOUT_FILENO, O_WRONLY);
  return 0;
}

void PtyRelay::begin() noexcept {
  input_.open(STDIN_FILENO, O_RDONLY);
  reads_ = true;
  resume();
}

void PtyRelay::resume(bool ends) noexcept {
  if (!input_.is_open()) return;
  // A background process that nobody can put into the foreground takes no input.
  if (::isatty(STDIN_FILENO) == 1)
    reads_ = !(ends && is_anothers(STDIN_FILENO)) && raw_.enter(STDIN_FILENO) && !is_anothers(STDIN_FILENO);
  take_size();
}

void PtyRelay::end() noexcept {
  pump();
  raw_.leave();
  input_.close();
  reads_ = input_ended_ = false;
}

void PtyRelay::take_size() noexcept {
  winsize size{};
  // The kernel tells the foreground process group inside, where the size is another.
  if (sized_by_ >= 0 && ::ioctl(sized_by_, TIOCGWINSZ, &size) == 0) ::ioctl(master_, TIOCSWINSZ, &size);
}

void PtyRelay::sources(pollfd* set) const noexcept {
  const bool wants_input = reads_ && in_.empty();
  short of_master = 0;
  if (!output_ended_ && out_.empty()) of_master |= POLLIN;
  if (!in_.empty()) of_master |= POLLOUT;
  set[0] = {of_master != 0 ? master_ : -1, of_master, 0};
  set[1] = {wants_input ? input_.descriptor() : -1, POLLIN, 0};
  set[2] = {out_.empty() ? -1 : output_.descriptor(), POLLOUT, 0};
}

void PtyRelay::pump() noexcept {
  // Bounded: a command that never stops writing must not keep us from hearing signals.
  for (int rounds = 0; rounds < 16; ++rounds) {
    bool moved = give_output();
    moved |= take_output();
    moved |= give_input();
    moved |= take_input();
    if (!moved) break;
  }
  if (input_ended_ && in_.empty()) offer_end_of_file();
}

int PtyRelay::pause() const noexcept { return input_ended_ && master_ >= 0 && !output_ended_ ? 50 : -1; }

bool PtyRelay::has_output() const noexcept {
  if (!out_.empty()) return true;
  if (master_ < 0 || output_ended_) return false;
  pollfd look{master_, POLLIN, 0};
  return ::poll(&look, 1, 0) == 1 && (look.revents & POLLIN) != 0;
}

bool PtyRelay::take_input() noexcept {
  if (!reads_ || !in_.empty()) return false;
  const long size = input_.read(in_.data.data(), in_.data.size());
  if (size > 0) {
    in_.begin = 0;
    in_.end = static_cast<std::size_t>(size);
    return true;
  }
  if (size == -EAGAIN) return false;
  reads_ = false;
  // EIO is also what one in the background gets who does not let the kernel stop it.
  input_ended_ = !is_anothers(STDIN_FILENO);
  return false;
}

bool PtyRelay::give_input() noexcept {
  if (in_.empty() || master_ < 0) return false;
  const ssize_t size = ::write(master_, in_.data.data() + in_.begin, in_.end - in_.begin);
  if (size < 0 && errno != EAGAIN && errno != EINTR) in_.begin = in_.end;  // Nobody is left to read it.
  if (size <= 0) return false;
  in_.begin += static_cast<std::size_t>(size);
  return true;
}

bool PtyRelay::take_output() noexcept {
  if (output_ended_ || !out_.empty() || master_ < 0) return false;
  const ssize_t size = ::read(master_, out_.data.data(), out_.data.size());
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return false;
  if (size <= 0) {
    output_ended_ = true;  // EIO: the session's leader is gone, and with it the terminal.
    return false;
  }
  out_.begin = 0;
  out_.end = static_cast<std::size_t>(size);
  if (hearer_ != nullptr) {
    // Out first: what starts because of it may write there, too.
    give_output();
    hearer_(self_, process_, {out_.data.data(), static_cast<std::size_t>(size)});
  }
  return true;
}

bool PtyRelay::give_output() noexcept {
  if (out_.empty()) return false;
  const long size = output_.write(out_.data.data() + out_.begin, out_.end - out_.begin);
  if (size < 0 && size != -EAGAIN) {
    hang_up();
    return false;
  }
  if (size <= 0) return false;
  out_.begin += static_cast<std::size_t>(size);
  return true;
}

/// The caller's input is at its end, and stays so: each reader inside shall meet that end. A terminal
/// knows no lasting one. So VEOF is typed whenever the last has been read; to who reads key by key, once.
void PtyRelay::offer_end_of_file() noexcept {
  termios modes{};
  pollfd unread{slave_, POLLIN, 0};
  if (slave_ < 0 || ::tcgetattr(slave_, &modes) < 0 || ::poll(&unread, 1, 0) != 0) return;
  const bool by_key = (modes.c_lflag & ICANON) == 0;
  if (by_key && raw_has_had_end_) return;
  raw_has_had_end_ = by_key;
  constexpr char usual = 4;  // ^D
  in_.data[0] = modes.c_cc[VEOF] != 0 ? static_cast<char>(modes.c_cc[VEOF]) : usual;
  in_.begin = 0;
  in_.end = 1;
  give_input();
}

/// As a terminal that is switched off: SIGHUP for the session, and nothing to read or write any more.
void PtyRelay::hang_up() noexcept {
  if (output_.is_open() && !out_.empty()) hung_up_ = true;
  for (int* descriptor : {&master_, &slave_}) {
    if (*descriptor >= 0) ::close(*descriptor);
    *descriptor = -1;
  }
  in_.begin = in_.end = out_.begin = out_.end = 0;
  input_ended_ = reads_ = false;
  output_ended_ = true;
}

}  // namespace pidns
