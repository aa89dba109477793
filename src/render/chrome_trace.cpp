#include <cstdio>

#include "base/quote.h"
#include "render/timeline.h"

namespace pidns {
namespace {

/// Microseconds with three places: the unit of the format.
std::string microseconds(std::chrono::nanoseconds time) {
  char text[48];
  std::snprintf(text, sizeof text, "%.3f", static_cast<double>(time.count()) / 1e3);
  return text;
}

class Events {
 public:
  std::string write(const std::string& name, const Timeline& timeline) {
    add(R"({"ph":"M","pid":1,"name":"process_name","args":{"name":)" + json_quote("pidns " + name) + "}}");
    for (const auto* list : {&timeline.steps, &timeline.lives})
      for (const TimedStep& step : *list) add_step(step, list == &timeline.lives);
    return "{\"displayTimeUnit\":\"ms\",\"traceEvents\":[\n" + out_ + "\n]}\n";
  }

 private:
  void add(const std::string& event) { out_ += (out_.empty() ? "" : ",\n") + event; }

  std::string thread(const std::string& process) {
    for (std::size_t i = 0; i < threads_.size(); ++i)
      if (threads_[i] == process) return std::to_string(i + 1);
    threads_.push_back(process);
    const std::string number = std::to_string(threads_.size());
    add(R"({"ph":"M","pid":1,"tid":)" + number + R"(,"name":"thread_name","args":{"name":)" + json_quote(process) +
        "}}");
    return number;
  }

  void add_step(const TimedStep& step, bool is_life) {
    const std::string tid = thread(step.process);
    add(R"({"ph":"X","pid":1,"tid":)" + tid + R"(,"name":)" + json_quote(step.words) + R"(,"cat":")" +
        (is_life ? "run" : "step") + R"(","ts":)" + microseconds(step.begin) + R"(,"dur":)" +
        microseconds(step.end - step.begin) + "}");
  }

  std::string out_;
  std::vector<std::string> threads_;
};

}  // namespace

std::string chrome_trace(const std::string& name, const Timeline& timeline) { return Events().write(name, timeline); }

}  // namespace pidns
