#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <utility>
#include <vector>

#include "run/parent/failure.h"
#include "run/parent/outcome.h"
#include "run/run.h"
#include "state/stop_request.h"
#include "sys/raw.h"
#include "sys/unique_fd.h"

/// `run --detach`: the caller's process waits at a pipe. What the supervisor says there goes to the
/// caller's standard error; the instance's name between two zero bytes means that it has started. The
/// end of the pipe without it means that the run has ended: then its status is ours.

namespace pidns {
namespace {

/// The numbers that the spec, or the caller, wants kept.
std::vector<int> kept_descriptors(const ExecutionGraph& graph, const RunOptions& options) {
  std::vector<int> kept;
  for (const Process& process : graph.processes)
    for (const Step& step : process.steps)
      if (const auto* pass = std::get_if<PassDescriptors>(&step.action))
        kept.insert(kept.end(), pass->numbers.begin(), pass->numbers.end());
  const std::string& events = options.events;
  int number = 0;
  const auto read = std::from_chars(events.data(), events.data() + events.size(), number);
  if (!events.empty() && read.ec == std::errc{} && read.ptr == events.data() + events.size()) kept.push_back(number);
  std::sort(kept.begin(), kept.end());
  return kept;
}

/// Everything else is the caller's: a pipe that it reads must end when it wants.
void close_all_but(const std::vector<int>& kept) {
  unsigned next = 3;
  for (const int number : kept) {
    const auto here = static_cast<unsigned>(number);
    if (here < next) continue;
    if (here > next) raw::close_range(next, here - 1, 0);
    next = here + 1;
  }
  raw::close_range(next, ~0U, 0);
}

/// The signals that end a run. Each that its caller gets while it waits goes to the supervisor, whose
/// session no terminal reaches: the caller goes when all is undone. Not one that the caller ignores.
class EndingSignals {
 public:
  EndingSignals() noexcept {
    sigemptyset(&set_);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
      struct sigaction action {};
      if (::sigaction(signal, nullptr, &action) == 0 && action.sa_handler != SIG_IGN) sigaddset(&set_, signal);
    }
    ::sigprocmask(SIG_BLOCK, &set_, &before_);
  }
  ~EndingSignals() { restore(); }
  EndingSignals(const EndingSignals&) = delete;
  EndingSignals& operator=(const EndingSignals&) = delete;

  void restore() const noexcept { ::sigprocmask(SIG_SETMASK, &before_, nullptr); }
  [[nodiscard]] UniqueFd open() const noexcept { return UniqueFd(::signalfd(-1, &set_, SFD_CLOEXEC | SFD_NONBLOCK)); }

 private:
  sigset_t set_;
  sigset_t before_;
};

/// In the new process. Its log takes the place of standard output and error once it has a name.
[[noreturn]] void supervise(ExecutionGraph& graph, const SourceFile& source, RunOptions options, int starter,
                            pid_t caller, std::vector<int> kept) {
  ::setsid();
  // Until all has started the run is its caller's: whose end, by ^C for one, ends it.
  ::prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0);
  if (::getppid() != caller && ::getppid() != 0) ::_exit(125);
  const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  for (int descriptor = 0; descriptor < 3; ++descriptor) ::dup2(null, descriptor);
  if (null > 2) ::close(null);
  // Not on a number that the spec names: it would be taken for the caller's. Where few are allowed it stays
  // where it is: what fails then must be said.
  const int moved = ::fcntl(starter, F_DUPFD_CLOEXEC, kept.empty() ? 3 : kept.back() + 1);
  options.instance.starter = moved >= 0 ? moved : starter;
  kept.push_back(options.instance.starter);
  close_all_but(kept);
  say_to(options.instance.starter);
  ::_exit(run(std::move(graph), source, options));
}

void pass_on(int signals, pid_t supervisor) {
  signalfd_siginfo news;
  while (::read(signals, &news, sizeof news) == static_cast<ssize_t>(sizeof news))
    ::kill(supervisor, static_cast<int>(news.ssi_signo));
}

/// What the supervisor says, until it has started or ended. Its name in the first case.
std::string hear(int pipe, int signals, pid_t supervisor) {
  std::string text;
  char chunk[4096];
  for (;;) {
    pollfd news[2] = {{pipe, POLLIN, 0}, {signals, POLLIN, 0}};
    ::poll(news, 2, -1);
    if (news[1].revents != 0) pass_on(signals, supervisor);
    if (news[0].revents == 0) continue;
    const ssize_t size = ::read(pipe, chunk, sizeof chunk);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) break;
    text.append(chunk, static_cast<std::size_t>(size));
    const std::size_t begin = text.find('\0');
    if (begin == std::string::npos) {
      say(text);
      text.clear();
    } else if (const std::size_t end = text.find('\0', begin + 1); end != std::string::npos) {
      say(text.substr(0, begin));
      return text.substr(begin + 1, end - begin - 1);
    }
  }
  say(text);
  return {};
}

/// Of a run that has ended before it had started: never 0. Of a signal that ended it we die, too.
int status_of(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0)
    if (errno != EINTR) return 125;
  if (!WIFSIGNALED(status)) return WEXITSTATUS(status) != 0 ? WEXITSTATUS(status) : 125;
  if (WTERMSIG(status) == SIGKILL) say("pidns: error: the supervisor was killed before all had started\n");
  if (WTERMSIG(status) != SIGKILL) die_of(WTERMSIG(status));
  return 128 + WTERMSIG(status);
}

/// As `pidns stop` does. Our child: its pid is not another's before it has been waited for.
void stop(pid_t supervisor) {
  siginfo_t request{};
  request.si_signo = SIGTERM;
  request.si_code = SI_QUEUE;
  request.si_value.sival_int = static_cast<int>(StopRequest::in_order);
  raw::sigqueueinfo(supervisor, SIGTERM, &request);
  while (::waitpid(supervisor, nullptr, 0) < 0 && errno == EINTR) {
  }
}

}  // namespace

int run_detached(ExecutionGraph&& graph, const SourceFile& source, const RunOptions& options,
                 bool (*tell)(const std::string& name)) {
  const std::vector<int> kept = kept_descriptors(graph, options);
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) < 0) {
    say("pidns: error: pipe: " + error_words(errno) + "; nothing was run\n");
    return 125;
  }
  const UniqueFd hears(ends[0]);
  UniqueFd tells(ends[1]);
  // A caller that ignores SIGCHLD would not be told the status.
  ::signal(SIGCHLD, SIG_DFL);
  const pid_t caller = ::getpid();
  const EndingSignals ending;
  const pid_t child = ::fork();
  if (child < 0) {
    say("pidns: error: fork: " + error_words(errno) + "; nothing was run\n");
    return 125;
  }
  if (child == 0) {
    ending.restore();
    supervise(graph, source, options, tells.get(), caller, kept);
  }
  tells.reset();
  const std::string name = hear(hears.get(), ending.open().get(), child);
  if (name.empty()) return status_of(child);
  if (tell(name)) return 0;
  stop(child);
  say("pidns: error: " + name + " was stopped: without its name nobody could find it\n");
  return 125;
}

}  // namespace pidns
