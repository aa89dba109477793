#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "run/parent/failure.h"
#include "run/parent/supervisor.h"

namespace pidns {

/// Where it was asked for. The file is opened first: a run should not be lost to a mistyped path.
bool Supervisor::start_stopwatch() {
  if (!options_.timings && options_.trace_path.empty()) return true;
  if (!options_.trace_path.empty()) {
    constexpr int flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY;
    trace_ = ::open(options_.trace_path.c_str(), flags, 0666);
    if (trace_ < 0) {
      message_ = "pidns: error: --trace " + options_.trace_path + ": " + error_words(errno) + "; nothing was run\n";
      return false;
    }
  }
  if (const int error = stopwatch_.start(graph_, context_); error != 0) {
    message_ = "pidns: error: no memory for times: " + error_words(error) + "; nothing was run\n";
    return false;
  }
  return true;
}

void Supervisor::tell_times() {
  if (context_.times == nullptr) return;
  const Timeline timeline = stopwatch_.read(graph_);
  if (options_.timings) say(waterfall(timeline, options_.style));
  if (trace_ < 0) return;
  const std::string events = chrome_trace(name_, timeline);
  std::size_t done = 0;
  while (done < events.size()) {
    const ssize_t written = ::write(trace_, events.data() + done, events.size() - done);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      say("pidns: --trace " + options_.trace_path + ": " + error_words(errno) + "\n");
      break;
    }
    done += static_cast<std::size_t>(written);
  }
  ::close(trace_);
}

}  // namespace pidns
