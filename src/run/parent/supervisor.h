#pragma once

#include <sys/signalfd.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/source.h"
#include "plan/graph.h"
#include "run/child/context.h"
#include "run/look/proc_directory.h"
#include "run/parent/arena.h"
#include "run/parent/event_log.h"
#include "run/parent/gates.h"
#include "run/parent/outcome.h"
#include "run/parent/probes.h"
#include "run/parent/process_table.h"
#include "run/parent/pty_relay.h"
#include "run/parent/relays.h"
#include "run/parent/stop_order.h"
#include "run/parent/stopwatch.h"
#include "run/parent/terminal.h"
#include "run/run.h"
#include "state/claim.h"
#include "state/stop_request.h"
#include "sys/unique_fd.h"

namespace pidns {

struct OutputPlan;

/// Makes a graph's processes, hears what becomes of them, passes signals on, and ends what is left.
/// One thread: PR_SET_PDEATHSIG follows the maker's thread.
class Supervisor {
 public:
  /// `memory`: for more of what all processes inherit.
  Supervisor(const ExecutionGraph& graph, const SourceFile& source, const RunOptions& options, InheritedMemory& memory);

  /// From the first process to the last: the recipe.
  Outcome run();

 private:
  // supervisor.cpp
  void watch();
  void wait_for_news();

  // supervisor_start.cpp
  bool prepare();
  bool open_what_is_named();
  bool open_reports();
  bool take_over_signals();
  void make_children();
  void close_what_children_have();

  // supervisor_listing.cpp
  bool claim_name();
  bool is_detached() const { return options_.instance.starter >= 0; }  ///< And has not started yet.
  bool refuse_unlisted(const std::string& why, const std::string& fix);
  bool open_log();
  void list_when_due();
  bool has_started();
  bool has_really_executed(int pid);
  void tell_started();
  void tell_whether_started();
  void tell_last_words();
  void list_instance();

  // supervisor_terminal.cpp
  bool open_terminal();
  void relay_terminal();

  // supervisor_output.cpp
  bool open_output();
  bool listens_to(ProcessId id) const;
  bool open_outputs_of(const Process& process, const OutputPlan& plan);
  int& stream_of(ProcessId id, int descriptor);
  UniqueFd take_stream(int opened);
  void close_outputs_that_children_have();
  void drain_output();

  // supervisor_gates.cpp
  void open_gates();
  std::string lost_text(const Gate& gate, std::size_t lost) const;
  bool waits_at_gate(ProcessId id) const;
  void tell_waiter(ProcessId id, int word);
  void tell_again();
  void started(ProcessId id);
  void confirm_starts();
  void settle_end(ProcessId id, bool had_executed);

  // supervisor_ready.cpp
  void is_ready(ProcessId id);
  void look_whether_ready();
  void hear_rest_of(ProcessId id);
  static void hear_output(void* self, ProcessId id, std::string_view text);
  void ended_before_ready(ProcessId id);
  void miss_ready(const Readiness& readiness, const std::string& words, const std::string& why);

  // supervisor_events.cpp
  bool start_events();
  void tell_nothing_was_run();
  void tell_executed(ProcessId id);
  void tell_ended(ProcessId id, int status);
  EndCause cause_of(ProcessId id) const;

  // supervisor_news.cpp
  void read_reports();
  void take_report(const child::Report& report, int pid);
  void reap_children();
  void child_ended(ProcessId id, int status);
  void command_ended(ProcessId id, int status);
  void subtree_lost(ProcessId id);
  void child_stopped(ProcessId id, int signal);
  void executed(ProcessId id);

  // supervisor_ending.cpp
  Outcome finish();
  void failed(const child::Report& report);
  void kill_everything();
  ProcessId holder_elsewhere(ProcessId id) const;
  std::string undone() const;

  // supervisor_times.cpp
  bool start_stopwatch();
  void tell_times();

  // supervisor_signals.cpp
  void take_signal(const signalfd_siginfo& news);
  bool obey(StopRequest request);
  void forward_to_all(int signal, bool from_terminal);
  void stop_in_order(int from_terminal);
  void ask_in_order();
  void begin_stop();
  void stop_what_waited_for(ProcessId id);
  void deliver(ProcessId id, int signal, bool from_terminal);
  int for_pid1(ProcessId id, int signal);
  bool has_had_it(ProcessId id, int signal, bool from_terminal) const;
  void send(ProcessId id, int signal);
  bool command(ProcessId id, int signal);
  void stop_ourselves();
  void look_again();
  void request_end(ProcessId id);
  void run_timers();
  int milliseconds_to_next_timer() const;

  const ExecutionGraph& graph_;
  const SourceFile& source_;
  RunOptions options_;
  InheritedMemory& memory_;
  Arena arena_;
  std::vector<int> streams_;
  std::vector<int> joins_;
  std::vector<std::int32_t> pids_;
  child::Context context_;
  Stopwatch stopwatch_;
  int trace_ = -1;  ///< The file of `--trace`.
  ProcessTable table_;
  std::unique_ptr<EventLog> events_;  ///< For `--events`; else null.
  bool losing_ = false;               ///< Processes are gone with the one of ours that they were under.
  CallerTerminal terminal_;
  std::unique_ptr<PtyRelay> relay_;  ///< For `terminal: new`; null where no process has it …
  ProcessId relayed_ = no_process;   ///< … and which one does.
  std::unique_ptr<Relays> relays_;   ///< For streams that are piped; null where none is.
  std::vector<int> outputs_;         ///< The commands' ends, two a process; empty where all are the caller's.
  std::vector<UniqueFd> logs_;       ///< That relays write to.
  rlimit caller_nofile_{};
  std::vector<pollfd> polled_;
  int signals_ = -1;  ///< signalfd(2).
  int reports_ = -1;  ///< Our end of the report socket.
  std::size_t commands_ = 0;
  std::vector<std::pair<ProcessId, int>> held_;  ///< Signals for processes that have not executed yet.
  /// Signals that a PID 1 blocked when they were sent, perhaps only for a moment.
  struct Relook {
    ProcessId id;
    int signal;
    int left;
  };
  std::vector<Relook> relooks_;
  std::optional<Clock::time_point> relook_at_;
  Clock::time_point ignore_stops_until_{};  ///< Of before we were continued, and heard of late.
  std::vector<pid_t> not_ours_;             ///< Children that this process had before it was pidns.
  bool failed_ = false;
  bool killed_ = false;                ///< Everything was, by us.
  std::optional<StopOrder> stopping_;  ///< The run ends in order.
  bool stop_asked_ = false;            ///< By a signal.
  bool told_to_end_ = false;           ///< By a signal, since we stopped last.
  int stop_from_terminal_ = 0;         ///< Where a terminal did: that signal.
  bool has_timers_ = false;
  std::unique_ptr<Probes> probes_;  ///< Null where no process has `ready`.
  bool missed_ready_ = false;
  std::unique_ptr<Gates> gates_;                   ///< Null where nobody waits.
  std::vector<std::pair<ProcessId, int>> untold_;  ///< Words that could not be said yet.
  std::optional<Clock::time_point> retell_at_;
  std::vector<ProcessId> unconfirmed_;  ///< Said that they execute.
  std::optional<Clock::time_point> confirm_at_;
  NameClaim claim_;
  std::string name_;     ///< The instance's.
  bool listed_ = false;  ///< Or not to be.
  std::optional<Clock::time_point> list_at_;
  std::chrono::milliseconds list_pause_{5};  ///< Until the next try, where the last one came to nothing.
  std::optional<ProcDirectory> proc_;        ///< Opened where a detached run needs it.
  std::size_t unstarted_ = 1;                ///< Of a detached run: the first that has not started yet.
  std::optional<int> start_failure_;         ///< Of a detached run: the status of a process that could not execute.
  std::size_t unknown_ = 1;                  ///< The first process whose pid is not known yet.
  std::string message_;                      ///< Of the first failure; said when all is undone.
};

}  // namespace pidns
