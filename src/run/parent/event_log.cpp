#include "run/parent/event_log.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <poll.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "base/quote.h"
#include "base/signal_name.h"
#include "run/parent/has_executed.h"
#include "sys/raw.h"

namespace pidns {
namespace {

constexpr int version = 1;
constexpr std::size_t most_pending = std::size_t{1} << 20;
constexpr int patience = 1000;  // Milliseconds, at the end, for a reader that does not read.

bool is_number(const std::string& where) {
  return !where.empty() && where.find_first_not_of("0123456789") == std::string::npos;
}

const char* word_for(EndCause cause) {
  switch (cause) {
    case EndCause::exit:
      return "exit";
    case EndCause::signal:
      return "signal";
    case EndCause::forwarded:
      return "forwarded";
    case EndCause::stop:
      return "stop";
    case EndCause::timeout:
      return "timeout";
    case EndCause::node:
      return "node";
    case EndCause::run:
      return "run";
    case EndCause::lost:
      return "lost";
    case EndCause::failed:
      return "failed";
    case EndCause::condition:
      return "condition";
  }
  return "";
}

}  // namespace

EventLog::~EventLog() {
  if (heard_ != nullptr) ::munmap(heard_, graph_.processes.size() * sizeof *heard_);
}

int EventLog::open(const std::string& where) {
  if (!is_number(where)) {
    file_ = UniqueFd(::open(where.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0666));
    if (!file_) return errno;
  }
  const int descriptor = file_ ? file_.get() : std::atoi(where.c_str());
  const int flags = ::fcntl(descriptor, F_GETFL);
  if (flags < 0) return errno;
  if ((flags & O_ACCMODE) == O_RDONLY) return EBADF;
  out_.open(descriptor, O_WRONLY);
  proc_is_ours_ = proc_.is_open() && proc_.self() == ::getpid();
  return 0;
}

int EventLog::await_each(child::Context& context) {
  const std::size_t size = graph_.processes.size() * sizeof *heard_;
  void* memory = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return errno;
  heard_ = static_cast<std::uint32_t*>(memory);
  context.heard = heard_;
  return 0;
}

void EventLog::run(std::string_view name) {
  begin("run");
  number("version", version);
  text("name", name);
  number("pid", ::getpid());
  finish_line();
}

void EventLog::created(const Process& process, int pid) {
  begin("created", process);
  text("role", describe(process.role));
  auto levels = proc_is_ours_ ? proc_.levels_of(pid) : std::vector<std::int32_t>{};
  // Without a /proc that counts as we do, what the kernel said of it is all that is known.
  if (levels.empty()) levels.push_back(pid);
  line_ += ",\"pids\":[";
  for (std::size_t i = 0; i < levels.size(); ++i) line_ += (i == 0 ? "" : ",") + std::to_string(levels[i]);
  line_ += ']';
  finish_line();
  if (heard_ == nullptr) return;
  std::uint32_t* word = heard_ + index(process.id);
  __atomic_store_n(word, 1U, __ATOMIC_RELEASE);
  raw::call(SYS_futex, raw::ptr(word), FUTEX_WAKE, INT_MAX);
}

void EventLog::executed(const Process& process) {
  begin("executed", process);
  finish_line();
}

void EventLog::executes(const Process& process, int pid) {
  executing_.push_back({process.id, pid});
  look();
}

bool EventLog::take_executing(ProcessId id) {
  return std::erase_if(executing_, [&](const Executing& one) { return one.id == id; }) != 0;
}

int EventLog::look() {
  // Without /proc it is known at the end: a process that could not execute has said so by then.
  if (executing_.empty() || !proc_is_ours_) return -1;
  const auto still = std::move(executing_);
  executing_.clear();
  for (const Executing& one : still) {
    if (has_executed(proc_.text_of(one.pid, "stat")))
      executed(graph_.process(one.id));
    else
      executing_.push_back(one);
  }
  return executing_.empty() ? -1 : 1;
}

void EventLog::ready(const Process& process) {
  begin("ready", process);
  finish_line();
}

void EventLog::stopped(const Process& process, int signal) {
  begin("stopped", process);
  text("signal", signal_name(signal));
  finish_line();
}

void EventLog::failed(const Process& process, std::string_view message) {
  take_executing(process.id);
  begin("failed", process);
  text("message", message);
  finish_line();
}

void EventLog::ended(const Process& process, Ending how, EndCause cause) {
  if (take_executing(process.id) && cause != EndCause::failed) executed(process);
  begin("ended", process);
  ending(how);
  text("cause", word_for(cause));
  finish_line();
}

void EventLog::end(Outcome outcome) {
  begin("end");
  ending({outcome.status, outcome.die_of});
  finish_line();
  pollfd room{waits_for(), POLLOUT, 0};
  while (room.fd >= 0 && ::poll(&room, 1, patience) != 0) {
    flush();
    room.fd = waits_for();
  }
  out_.close();
}

void EventLog::begin(std::string_view event) {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  char time[48];
  std::snprintf(time, sizeof time, "%lld.%06ld", static_cast<long long>(now.tv_sec), now.tv_nsec / 1000);
  line_ = "{\"event\":\"";
  line_ += event;
  line_ += "\",\"time\":";
  line_ += time;
}

void EventLog::begin(std::string_view event, const Process& process) {
  begin(event);
  text("address", process.address);
}

void EventLog::text(std::string_view key, std::string_view value) {
  line_ += ",\"";
  line_ += key;
  line_ += "\":";
  append_json_quoted(line_, value);
}

void EventLog::number(std::string_view key, std::int64_t value) {
  line_ += ",\"";
  line_ += key;
  line_ += "\":";
  line_ += std::to_string(value);
}

void EventLog::ending(Ending how) {
  number("status", how.status);
  if (how.signal != 0) text("signal", signal_name(how.signal));
}

void EventLog::finish_line() {
  if (!out_.is_open()) return;
  line_ += "}\n";
  flush();
  const std::string lost = lost_ == 0 ? "" : "{\"event\":\"lost\",\"count\":" + std::to_string(lost_) + "}\n";
  if (pending_.size() + lost.size() + line_.size() > most_pending) {
    ++lost_;
    return;
  }
  lost_ = 0;
  pending_ += lost;
  pending_ += line_;
  flush();
}

void EventLog::flush() noexcept {
  while (!pending_.empty()) {
    const long written = out_.write(pending_.data(), pending_.size());
    if (written == -EAGAIN) return;
    if (written <= 0) {
      // The reader is gone, or the disk is full: a line cut in its middle would be a lie.
      out_.close();
      pending_.clear();
      return;
    }
    pending_.erase(0, static_cast<std::size_t>(written));
  }
}

}  // namespace pidns
