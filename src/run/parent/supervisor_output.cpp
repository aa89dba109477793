#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>

#include "run/parent/failure.h"
#include "run/parent/supervisor.h"

/// What becomes of the streams that commands inherit: `--output` and `--log-dir`.

namespace pidns {

/// What is done with each process's inherited streams.
struct OutputPlan {
  bool prefix = false;
  int folder = -1;         ///< Of `--log-dir`.
  std::size_t width = 0;   ///< Of the addresses in prefixes.
  std::size_t number = 0;  ///< Of the process among those that have a prefix: its colour.
};

namespace {

constexpr std::size_t widest = 24;

struct Inherits {
  bool output = true;
  bool error = true;
  [[nodiscard]] bool any() const { return output || error; }
};

Inherits inherits_of(const Process& process) {
  Inherits inherits;
  if (process.role != Role::command) return {false, false};
  for (const Step& step : process.steps) {
    if (std::holds_alternative<NewTerminal>(step.action)) return {false, false};
    if (const auto* redirect = std::get_if<RedirectStream>(&step.action)) {
      if (redirect->descriptor == STDOUT_FILENO) inherits.output = false;
      if (redirect->descriptor == STDERR_FILENO) inherits.error = false;
    }
  }
  return inherits;
}

/// `ns1/web` is `ns1+web.log`, `/` is `+.log`: no name holds a `+`, so no two are the same.
std::string log_name(const std::string& address) {
  std::string name = address;
  std::replace(name.begin(), name.end(), '/', '+');
  return name + ".log";
}

std::string prefix_of(const Process& process, const OutputPlan& plan, bool color) {
  constexpr std::array colors{"36", "33", "32", "35", "34", "96", "93", "92", "95", "94"};
  std::string text = process.address;
  if (text.size() < plan.width) text.resize(plan.width, ' ');
  if (!color) return text + " | ";
  return "\033[" + std::string(colors[plan.number % colors.size()]) + "m" + text + " |\033[0m ";
}

/// More descriptors than many systems allow at first: one or two a process. The commands get the
/// caller's limit back.
bool raise_nofile(rlimit& before) {
  if (::getrlimit(RLIMIT_NOFILE, &before) < 0 || before.rlim_cur >= before.rlim_max) return false;
  const rlimit raised{before.rlim_max, before.rlim_max};
  return ::setrlimit(RLIMIT_NOFILE, &raised) == 0;
}

UniqueFd open_folder(const std::string& path) {
  if (::mkdir(path.c_str(), 0777) < 0 && errno != EEXIST) return {};
  return UniqueFd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

}  // namespace

bool Supervisor::open_output() {
  OutputPlan plan;
  plan.prefix = options_.output == OutputMode::prefix;
  if (options_.output == OutputMode::automatic && options_.log_dir.empty() && commands_ > 1) {
    const auto inherit = [](const Process& process) { return inherits_of(process).any(); };
    plan.prefix = std::count_if(graph_.processes.begin(), graph_.processes.end(), inherit) > 1 &&
                  ::isatty(STDOUT_FILENO) == 1;
  }
  const bool listens = std::any_of(graph_.readiness.begin(), graph_.readiness.end(),
                                   [this](const Readiness& one) { return listens_to(one.process); });
  if (!plan.prefix && options_.log_dir.empty() && !listens) return true;
  UniqueFd folder;
  if (!options_.log_dir.empty() && !(folder = open_folder(options_.log_dir))) {
    message_ = "pidns: error: --log-dir " + options_.log_dir + ": " + error_words(errno) + "; nothing was run\n";
    return false;
  }
  plan.folder = folder.get();
  for (const auto& process : graph_.processes)
    if (inherits_of(process).any()) plan.width = std::max(plan.width, std::min(process.address.size(), widest));
  if (raise_nofile(caller_nofile_)) context_.caller_nofile = &caller_nofile_;
  outputs_.assign(graph_.processes.size() * 2, -1);
  context_.output_descriptors = outputs_.data();
  if (plan.prefix || listens) relays_ = std::make_unique<Relays>();
  if (listens) relays_->hear(hear_output, this);
  for (const auto& process : graph_.processes) {
    const bool inherits = inherits_of(process).any();
    if (!inherits && !listens_to(process.id)) continue;
    if (!open_outputs_of(process, plan)) return false;
    if (inherits) ++plan.number;
  }
  return true;
}

/// Whether it becomes ready by what it writes to pipes.
bool Supervisor::listens_to(ProcessId id) const {
  const Readiness* readiness = find_readiness(graph_, id);
  return id != relayed_ && readiness != nullptr && readiness->ready.probe == Ready::Probe::output;
}

bool Supervisor::open_outputs_of(const Process& process, const OutputPlan& plan) {
  const Inherits inherits = inherits_of(process);
  int* const ends = &outputs_[index(process.id) * 2];
  const auto refuse = [&](const std::string& what, int number) {
    message_ = "pidns: error: " + what + ": " + error_words(number) + "; nothing was run\n";
    return false;
  };
  UniqueFd log;
  if (plan.folder >= 0 && inherits.any()) {
    const std::string name = log_name(process.address);
    log.reset(::openat(plan.folder, name.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0666));
    if (!log) return refuse("--log-dir " + options_.log_dir + ": " + name, errno);
  }
  const bool listens = listens_to(process.id);
  if (!plan.prefix && !listens) {
    // The file itself: what both streams say stands there in order, and nobody is between.
    const int file = log.release();
    if (inherits.output) ends[0] = file;
    if (inherits.error) ends[1] = file;
    return true;
  }
  const int copied_to = plan.prefix ? log.get() : -1;
  std::optional<Relays::OutletNumber> of_log;
  if (log && !plan.prefix) of_log = relays_->file(std::move(log));
  if (log) logs_.push_back(std::move(log));
  std::optional<Relays::OutletNumber> first;  // Of standard output, and the pipe that leads there.
  int first_end = -1;
  for (const int descriptor : {STDOUT_FILENO, STDERR_FILENO}) {
    const bool inherited = descriptor == STDOUT_FILENO ? inherits.output : inherits.error;
    if (!inherited && !listens) continue;  // Its own file.
    int& end = inherited ? ends[descriptor - 1] : stream_of(process.id, descriptor);
    const auto outlet = !inherited ? relays_->file(take_stream(end)) : of_log ? *of_log : relays_->standard(descriptor);
    if (first == outlet) {
      end = first_end;
      continue;
    }
    Relays::Style style;
    if (inherited && plan.prefix) {
      const bool color = outlet == 0 ? options_.output_style.color : options_.style.color;
      style = {prefix_of(process, plan, color), copied_to};
    }
    end = relays_->add(process.id, outlet, std::move(style));
    if (end < 0) return refuse("a pipe for what " + process.address + " writes", -end);
    if (descriptor == STDOUT_FILENO) first = outlet, first_end = end;
  }
  return true;
}

int& Supervisor::stream_of(ProcessId id, int descriptor) {
  return streams_[index(id) * 3 + static_cast<std::size_t>(descriptor)];
}

/// A file that was opened for a stream. /dev/null is opened once for all.
UniqueFd Supervisor::take_stream(int opened) {
  const bool is_shared = std::count(streams_.begin(), streams_.end(), opened) > 1;
  return UniqueFd(is_shared ? ::fcntl(opened, F_DUPFD_CLOEXEC, 3) : opened);
}

void Supervisor::close_outputs_that_children_have() {
  for (std::size_t i = 0; i < outputs_.size(); ++i)
    if (outputs_[i] >= 0 && (i % 2 == 0 || outputs_[i] != outputs_[i - 1])) ::close(outputs_[i]);
}

/// What was written before the end comes out, for as long as somebody takes it and nobody says enough.
void Supervisor::drain_output() {
  constexpr std::array enough{SIGINT, SIGTERM, SIGHUP, SIGQUIT};
  if (relays_) relays_->finish();
  while ((relay_ && relay_->has_output()) || (relays_ && relays_->has_output())) {
    polled_.assign({{signals_, POLLIN, 0}});
    if (relay_) relay_->sources(polled_);
    const std::size_t of_relays = polled_.size();
    if (relays_) relays_->sources(polled_);
    ::poll(polled_.data(), polled_.size(), -1);
    if (relay_) relay_->pump();
    if (relays_) relays_->pump(polled_.data() + of_relays);
    signalfd_siginfo news;
    while (::read(signals_, &news, sizeof news) == static_cast<ssize_t>(sizeof news))
      if (std::find(enough.begin(), enough.end(), static_cast<int>(news.ssi_signo)) != enough.end()) return;
  }
}

}  // namespace pidns
