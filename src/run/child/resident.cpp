#include "run/child/interpreter.h"
#include "run/child/orphans.h"

namespace pidns::child {
namespace {

/// The loop of an init or holder. Every signal is blocked; they are taken one by one.
class Resident {
 public:
  Resident(Context& context, ProcessId self) : context_(context), self_(self) {}

  [[noreturn]] void run() {
    close_what_others_use();
    each_child([&](ProcessId, int) { ++alive_; });
    for (;;) {
      reap();
      if (alive_ == 0) {
        if (ends_what_is_left(process(self_))) end_orphans();
        raw::exit_group(0);
      }
      siginfo_t news{};
      const timespec* limit = time_left();
      const long number = raw::sigtimedwait(&raw::all_signals, &news, limit);
      if (number > 0)
        take(static_cast<int>(number), news);
      else if (limit != nullptr)
        kill_late();
    }
  }

 private:
  /// What is written to a pipe ends when the commands end, not when we do.
  void close_what_others_use() {
    const int a = context_.report_socket < context_.maker_pidfd ? context_.report_socket : context_.maker_pidfd;
    const int b = context_.report_socket < context_.maker_pidfd ? context_.maker_pidfd : context_.report_socket;
    unsigned next = 0;
    for (const int kept : {a, b}) {
      if (kept < 0) continue;
      if (static_cast<unsigned>(kept) > next) raw::close_range(next, static_cast<unsigned>(kept) - 1, 0);
      next = static_cast<unsigned>(kept) + 1;
    }
    raw::close_range(next, ~0U, 0);
  }

  const Process& process(ProcessId id) const { return context_.graph->processes[index(id)]; }

  template <class F>
  void each_child(F&& f) {
    for (const auto& step : process(self_).steps) {
      const ProcessId id = child_of(step.action);
      if (id != no_process && context_.pids[index(id)] != 0) f(id, context_.pids[index(id)]);
    }
  }

  void reap() {
    for (;;) {
      siginfo_t ended{};
      const long result = raw::waitid(P_ALL, 0, &ended, WEXITED | WSTOPPED | WNOHANG | __WALL);
      if (result < 0 || ended.si_pid == 0) return;
      tell(ended);
    }
  }

  void tell(const siginfo_t& news) {
    ProcessId id = no_process;
    each_child([&](ProcessId child, int pid) {
      if (pid == news.si_pid) id = child;
    });
    if (id == no_process) return;  // An orphan: reaping it was all it needed.
    const auto number = static_cast<std::uint32_t>(index(id));
    if (news.si_code == CLD_STOPPED) {
      send_report(context_, {ReportKind::stopped, number, 0, news.si_status});
      return;
    }
    context_.pids[index(id)] = 0;
    --alive_;
    const int status = news.si_code == CLD_EXITED ? (news.si_status & 0xff) << 8 : news.si_status & 0x7f;
    const bool swept = status == SIGKILL && id != context_.named_init && named_init_is_ending();
    send_report(context_, {ReportKind::ended, number, swept ? 1U : 0U, status});
  }

  /// Whether the PID 1 that `init` names has begun to end, and the kernel kills the others: then no
  /// process can be made in its namespace (ENOMEM).
  bool named_init_is_ending() {
    if (context_.named_init == no_process) return false;
    const long pid = raw::fork(0);
    if (pid == 0) raw::exit_group(0);
    if (pid < 0) return raw::error_of(pid) == ENOMEM;
    siginfo_t ended{};
    raw::waitid(P_PID, static_cast<int>(pid), &ended, WEXITED | __WALL);
    return false;
  }

  void take(int number, const siginfo_t& news) {
    if (number == SIGCHLD) return;
    if (number == command_signal) {
      obey(news);
      return;
    }
    // A terminal has sent it to everybody already.
    if (news.si_code == SI_KERNEL) return;
    if (number == SIGTTIN || number == SIGTTOU || number == SIGPIPE) return;
    if (is_tie(number) && maker_is_gone()) {
      if (late_.tv_sec == 0) pass_on_death(number);
      return;
    }
    each_child([&](ProcessId, int pid) { raw::kill(pid, number); });
  }

  /// A command names a process of this subtree: made here, or further in.
  void obey(const siginfo_t& news) {
    if (news.si_code != SI_QUEUE) return;
    const auto value = reinterpret_cast<std::uintptr_t>(news.si_value.sival_ptr);
    if (static_cast<std::uint32_t>(value >> 32) != context_.nonce) return;
    const auto target = ProcessId{static_cast<std::uint32_t>(value & 0xffffff)};
    const int signal = static_cast<int>((value >> 24) & 0xff);
    if (index(target) >= context_.graph->processes.size()) return;
    ProcessId hop = target;
    while (hop != no_process && process(hop).maker != self_) hop = process(hop).maker;
    if (target == self_ && signal == SIGKILL) each_child([&](ProcessId, int pid) { raw::kill(pid, SIGKILL); });
    if (hop == no_process) return;
    const int pid = context_.pids[index(hop)];
    if (pid == 0) return;
    const bool is_word = signal == gate_opens || signal == gate_gives_up;
    if (hop == target && !ends_what_is_left(process(hop)) && !is_word) {
      raw::kill(pid, signal);
      return;
    }
    siginfo_t onward = news;
    // EAGAIN: as many are queued as this user may have. They are being taken.
    const timespec moment{0, 1000000};
    while (raw::error_of(raw::sigqueueinfo(pid, command_signal, &onward)) == EAGAIN) raw::poll(nullptr, 0, &moment);
  }

  bool is_tie(int number) const {
    for (const auto& step : process(self_).steps)
      if (const auto* tie = std::get_if<TieToMaker>(&step.action)) return tie->signal == number;
    return false;
  }

  bool maker_is_gone() const {
    pollfd look{context_.maker_pidfd, POLLIN, 0};
    const timespec now{0, 0};
    return context_.maker_pidfd >= 0 && raw::poll(&look, 1, &now) == 1;
  }

  // Our maker died: its kill-child signal goes once to everybody here, and after a while SIGKILL.
  void pass_on_death(int number) {
    each_child([&](ProcessId, int pid) { raw::kill(pid, number); });
    raw::clock_gettime(CLOCK_MONOTONIC, &late_);
  }

  static std::int64_t nanoseconds(const timespec& t) { return std::int64_t{t.tv_sec} * 1000000000 + t.tv_nsec; }

  std::int64_t since_death() const {
    timespec now{};
    raw::clock_gettime(CLOCK_MONOTONIC, &now);
    return nanoseconds(now) - nanoseconds(late_);
  }

  const timespec* time_left() {
    if (late_.tv_sec == 0) return nullptr;
    const std::int64_t passed = since_death();
    std::int64_t least = INT64_MAX;
    each_child([&](ProcessId id, int) {
      const std::int64_t left = process(id).stop_timeout.count() - passed;
      if (left < least) least = left;
    });
    if (least == INT64_MAX) return nullptr;
    if (least < 0) least = 0;
    wait_.tv_sec = least / 1000000000;
    wait_.tv_nsec = least % 1000000000;
    return &wait_;
  }

  void kill_late() {
    const std::int64_t passed = since_death();
    each_child([&](ProcessId id, int pid) {
      if (process(id).stop_timeout.count() <= passed) raw::kill(pid, SIGKILL);
    });
  }

  Context& context_;
  ProcessId self_;
  std::size_t alive_ = 0;
  timespec late_{0, 0};  ///< When the maker's death was passed on; 0: it lives.
  timespec wait_{0, 0};
};

}  // namespace

void reside(Context& context, ProcessId self) { Resident(context, self).run(); }

}  // namespace pidns::child
