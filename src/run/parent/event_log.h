#pragma once

/// `--events`: what happens in a run, for programs; one JSON object a line. README.md, "Events", says
/// what stands in them.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "plan/graph.h"
#include "run/child/context.h"
#include "run/look/proc_directory.h"
#include "run/parent/outcome.h"
#include "sys/unblocking.h"
#include "sys/unique_fd.h"

namespace pidns {

/// Why a process has ended.
enum class EndCause : std::uint8_t {
  exit,       ///< Of itself.
  signal,     ///< Of a signal that pidns did not send.
  forwarded,  ///< Of one that was sent to pidns.
  stop,       ///< Asked to end by the orderly stop.
  timeout,    ///< Its `timeout` was over.
  node,       ///< With its node.
  run,        ///< With the run, at once.
  lost,       ///< Somebody killed the process of ours that it was under.
  failed,     ///< A step of its set-up, or its execution.
  condition,  ///< It was never started: what it waited for can no longer come true.
};

/// Never waits: what a slow reader has not taken is kept, up to a bound, and then counted; a reader that
/// is gone is written to no more. Costs nothing where it is not asked for: then there is none.
class EventLog {
 public:
  explicit EventLog(const ExecutionGraph& graph) : graph_(graph) {}
  EventLog(const EventLog&) = delete;
  EventLog& operator=(const EventLog&) = delete;
  ~EventLog();

  /// `where` is the number of an open descriptor, or a file to be made or emptied. 0 or an errno.
  int open(const std::string& where);
  /// From now on each process further in waits, once created, until it has been heard: so that its
  /// pids can be read before it may have ended.
  int await_each(child::Context& context);

  void run(std::string_view name);
  void created(const Process& process, int pid);
  void executed(const Process& process);
  /// It says that it will execute now. Written once it has: PF_FORKNOEXEC is then gone from its flags.
  void executes(const Process& process, int pid);
  void ready(const Process& process);
  void stopped(const Process& process, int signal);
  void failed(const Process& process, std::string_view message);
  void ended(const Process& process, Ending ending, EndCause cause);
  /// The last, with the status that pidns has. Gives a slow reader a second.
  void end(Outcome outcome);

  /// For poll(2): -1 unless something waits to be written.
  [[nodiscard]] int waits_for() const noexcept { return pending_.empty() ? -1 : out_.descriptor(); }
  void flush() noexcept;
  /// Looks at those that are executing. The time to the next look in milliseconds, -1 for none.
  int look();

 private:
  struct Executing {
    ProcessId id;
    int pid;
  };
  /// Whether it was among those that are executing; it no longer is.
  bool take_executing(ProcessId id);
  void begin(std::string_view event);
  void begin(std::string_view event, const Process& process);
  void text(std::string_view key, std::string_view value);
  void number(std::string_view key, std::int64_t value);
  void ending(Ending ending);
  void finish_line();

  const ExecutionGraph& graph_;
  UniqueFd file_;
  Unblocking out_;
  ProcDirectory proc_;
  bool proc_is_ours_ = false;
  std::uint32_t* heard_ = nullptr;  ///< Shared with all processes: whether each has been heard.
  std::vector<Executing> executing_;
  std::string line_;
  std::string pending_;
  std::size_t lost_ = 0;  ///< Events that had no room.
};

}  // namespace pidns
