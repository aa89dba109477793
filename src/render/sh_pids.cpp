/// Pids in a script, for a `timeout` and for those that are promised. Who keeps a `timeout`
/// stands outside of all namespaces, as pidns does.

#include <algorithm>

#include "base/duration.h"
#include "base/quote.h"
#include "base/signal_name.h"
#include "render/sh_parts.h"

namespace pidns::sh {
namespace {

/// As timeout(1) takes it: `90`, `0.25`.
std::string seconds_text(Duration duration) {
  constexpr std::int64_t nanoseconds = 1000000000;
  std::string text = std::to_string(duration.count() / nanoseconds);
  std::string rest = std::to_string(nanoseconds + duration.count() % nanoseconds).substr(1);
  rest.erase(rest.find_last_not_of('0') + 1);
  return rest.empty() ? text : text + "." + rest;
}

/// A PID 1 does not get a signal for which it has no handler: it is killed at once. /proc says so in the
/// masks SigBlk, SigIgn and SigCgt, of which a shell can count with eight digits at a time.
std::string deaf_lines(int signal, const std::string& proc) {
  const int bit = (signal - 1) % 32;
  const std::string digits = signal > 32 ? "0x${mask%????????}" : "0x${mask#????????}";
  return "      signal=KILL  # a PID 1 gets only what it has a handler for\n"
         "      while read -r field mask; do\n"
         "        case $field in Sig[BIC]*) [ $((" +
         digits + " >> " + std::to_string(bit) + " & 1)) = 0 ] || signal=" + signal_name(signal).substr(3) +
         " ;; esac\n"
         "      done <\"" +
         proc + "/$pid/status\"\n";
}

/// Lines that run beside those of `reader`, which hears by a pipe on `wire`, at the end how they ended.
/// The output stays the script's for both.
std::string beside_reader(const std::string& lines, int wire, const std::string& reader, const Wires& wires) {
  const std::string end = std::to_string(wire);
  const std::string output = std::to_string(wires.output);
  return "{\n  {\n    status=0\n" + indented(lines, 4) + " || status=$?\n    echo \"ended $status\" >&" + end +
         "\n  } " + end + ">&1 >&" + output + " " + output + ">&- | {\n" + reader + "  } " + output + ">&-\n} " +
         output + ">&1";
}

}  // namespace

ChainStarts::ChainStarts(const ExecutionGraph& graph) {
  std::vector<bool> makes_several(graph.processes.size());
  for (const Process& process : graph.processes) makes_several[index(process.id)] = children_of(process).size() > 1;
  is_alone = std::find(makes_several.begin(), makes_several.end(), true) == makes_several.end();
  const auto start_of = [&](const Process& process) {
    const Process* at = &process;
    for (; graph.process(at->maker).maker != no_process && !makes_several[index(at->maker)];)
      at = &graph.process(at->maker);
    return at->id;
  };
  for (const Process& process : graph.processes) {
    if (process.timeout.count() > 0) timed.emplace_back(start_of(process), &process);
    if (find<NewTerminal>(process) != nullptr) terminal = start_of(process);
  }
}

const Process* ChainStarts::timed_by(ProcessId start) const {
  const auto found =
      std::lower_bound(timed.begin(), timed.end(), start, [](const auto& one, ProcessId id) { return one.first < id; });
  return found != timed.end() && found->first == start ? found->second : nullptr;
}

std::string report_line(const Wires& wires) {
  return "read -r pid rest </proc/self/fd/" + std::to_string(wires.proc) + "/self/stat; echo \"$pid\" >&" +
         std::to_string(wires.report);
}

std::string without_wires(const Wires& wires, const ChainStarts& chains, const Process& process) {
  std::string words;
  const auto close = [&](int wire, const char* how) { words += " " + std::to_string(wire) + how; };
  if (process.timeout.count() > 0) close(wires.report, ">&-");
  if (!chains.timed.empty() && !chains.is_alone) close(wires.signals, ">&-");
  if (!chains.timed.empty()) close(wires.proc, "<&-");
  for (const auto& [path, wire] : wires.joins) close(wire, "<&-");
  return words;
}

std::string counting_pids(const Process& init, const std::string& lines, const Wires& wires) {
  std::string last = "1";
  for (const Step& step : set_up_of(init))
    if (const auto* set = std::get_if<SetSysctl>(&step.action);
        set != nullptr && set->sysctl.name == "kernel.ns_last_pid")
      last = set->sysctl.value;
  // Opened first, since a /proc of the node's own may not have it; it counts for who writes to it.
  const std::string wire = std::to_string(wires.pipe);
  return "  { command exec " + wire + ">/proc/sys/kernel/ns_last_pid; } 2>/dev/null || :\n" + lines + "  { printf " +
         sh_quote(last) + " >&" + wire + "; } 2>/dev/null || :  # " +
         (last == "1" ? "the next pid is 2" : "a `sysctl` of the node") + "\n  exec " + wire + ">&-\n";
}

std::string timed_start(const Process& process, const std::string& start, const Wires& wires, bool is_alone) {
  const std::string proc = std::to_string(wires.proc);
  const auto kill = [&](const std::string& words) {
    return is_alone ? "kill -s " + words + " \"$pid\""
                    : "echo " + words + " \"$pid\" >&" + std::to_string(wires.signals);
  };
  const bool may_be_deaf = process.is_pid1 && process.stop_signal != 9;
  const std::string signal = may_be_deaf ? deaf_lines(process.stop_signal, is_alone ? "/proc" : "/proc/self/fd/" + proc)
                                         : "      signal=" + signal_name(process.stop_signal).substr(3) + "\n";
  const std::string reader =
      "    read -r pid status\n"
      "    [ -z \"$status\" ] || exit \"$status\"\n"
      "    ended=$(timeout " +
      seconds_text(process.timeout) + " head -n 1) || {\n" + signal + "      " + kill("$signal") + "\n      timeout " +
      seconds_text(process.stop_timeout) + " head -n 1 >/dev/null || " + kill("KILL") +
      "\n"
      "      exit 124\n"
      "    }\n"
      "    exit \"${ended#ended }\"\n";
  return "# timeout " + duration_text(process.timeout) +
         ": what runs tells its pid and how it ended to a shell that looks at the time\n" +
         beside_reader(start, wires.report, reader, wires) + (is_alone ? " " + proc + "</proc" : "");
}

std::string signalled_start(const std::string& start, const Wires& wires) {
  return "# who sends signals at a `timeout` stands outside of all namespaces\n" +
         beside_reader("(\n" + indented(start, 2) + "\n)", wires.signals,
                       "    while read -r signal pid; do\n"
                       "      [ \"$signal\" != ended ] || exit \"$pid\"\n"
                       "      kill -s \"$signal\" \"$pid\" 2>/dev/null || :  # has just ended\n"
                       "    done\n",
                       wires) +
         " " + std::to_string(wires.proc) + "</proc\n";
}

}  // namespace pidns::sh
