/// How a process gets into its namespaces: words of nsenter(1), unshare(1) and setpriv(1).

#include <algorithm>

#include "base/quote.h"
#include "base/signal_name.h"
#include "render/sh_parts.h"
#include "render/words.h"

namespace pidns::sh {
namespace {

std::string clock_words(const char* option, const std::optional<Duration>& offset) {
  if (!offset) return "";
  return std::string(option) + std::to_string(std::chrono::floor<std::chrono::seconds>(*offset).count()) + " ";
}

bool is_in_whole_seconds(const std::optional<Duration>& offset) {
  return !offset || std::chrono::floor<std::chrono::seconds>(*offset) == *offset;
}

/// A line for timens_offsets: time_namespaces(7). Nanoseconds count upwards there, whatever the sign.
std::string offset_words(const char* clock, const std::optional<Duration>& offset) {
  if (!offset) return "";
  const auto seconds = std::chrono::floor<std::chrono::seconds>(*offset);
  return " '" + std::string(clock) + " " + std::to_string(seconds.count()) + " " +
         std::to_string((*offset - seconds).count()) + "'";
}

std::string join_words(const Join& join, bool after_mounts, const Wires& wires) {
  std::string words = "nsenter ";
  // Else it would become root there, without groups.
  for (const auto& [target, place] : join.targets)
    if (target.kind == NamespaceKind::user) words += "--preserve-credentials ";
  for (const auto& [target, place] : join.targets) {
    const std::string opened = opened_to_join(target);
    const bool is_process = std::holds_alternative<std::int64_t>(target.target);
    const std::string inside = is_process ? "/" + std::string(info(target.kind).proc_name) : "";
    const auto is_it = [&](const auto& one) { return one.first == opened; };
    words += "--" + std::string(info(target.kind).name) + "=";
    if (after_mounts)
      words += "/proc/self/fd/" + std::to_string(std::find_if(wires.joins.begin(), wires.joins.end(), is_it)->second) +
               inside;
    else
      words += sh_quote(opened + inside);
    words += " ";
  }
  return words + "-- ";
}

/// After the fork, where there is one, the child is tied, and not who forks.
std::string fork_words(const Process& child) {
  const int tie = tie_of(child);
  return tie == 0 ? "--fork " : "--kill-child=SIG" + signal_word(tie) + " ";
}

/// What asks for privilege over the script's own user namespace is set before it is left.
std::string priority_words(const ExecutionGraph& graph, const Process& process) {
  if (outermost_in_user(graph, process) != &process) return "";
  const Process* command = only_end(graph, process);
  if (command == nullptr) return "";
  std::string words;
  if (const auto* nice = find<SetNice>(*command); nice != nullptr && nice->value < 0)
    words += "nice -n $((" + std::to_string(nice->value) + " - $(nice))) ";
  if (const auto* score = find<SetOomScoreAdj>(*command); score != nullptr && score->value < 0)
    words += "choom -n " + std::to_string(score->value) + " -- ";
  return words;
}

std::string unshare_words(const ExecutionGraph& graph, const Process& process) {
  const auto* unshare = find<Unshare>(process);
  if (unshare == nullptr) return "";
  const Process& first = entered(graph, process);
  const SetClockOffsets* later = clocks_shifted_inside(process);
  std::string kinds;
  unshare->kinds.each([&](const NamespaceKindInfo& row) {
    if (row.kind != NamespaceKind::time || later == nullptr) kinds += "--" + std::string(row.name) + " ";
  });
  if (kinds.empty()) return "";
  std::string words = "unshare " + kinds;
  if (first.id != process.id) words += fork_words(first);
  words += id_mapping_of(graph, process).words;
  if (const auto* clocks = find<SetClockOffsets>(process); clocks != nullptr && later == nullptr) {
    words += clock_words("--monotonic=", clocks->monotonic);
    words += clock_words("--boottime=", clocks->boottime);
  }
  if (const auto* mode = find<SetPropagation>(first))
    words += std::string("--propagation ") + propagation_word(mode->mode) + " ";
  return words + "-- ";
}

const char* childless_stage(const Process& process) {
  return find<BecomeSubreaper>(process) != nullptr ? "-childless " : " ";
}

}  // namespace

bool makes(const Process& process, NamespaceKind kind) {
  const auto* unshare = find<Unshare>(process);
  return unshare != nullptr && unshare->kinds.has(kind);
}

bool joins(const Process& process, NamespaceKind kind) {
  const auto* join = find<Join>(process);
  return join != nullptr && std::any_of(join->targets.begin(), join->targets.end(),
                                        [kind](const auto& one) { return one.value.kind == kind; });
}

std::string signal_word(int signal) {
  const std::string name = signal_name(signal).substr(3);
  return name == "RTMIN" || name == "RTMAX" ? name + (name == "RTMIN" ? "+0" : "-0") : name;
}

int tie_of(const Process& process) {
  const auto* tie = process.steps.empty() ? nullptr : std::get_if<TieToMaker>(&process.steps.front().action);
  return tie != nullptr ? tie->signal : 0;
}

std::vector<ProcessId> children_of(const Process& process) {
  std::vector<ProcessId> children;
  for (const Step& step : process.steps)
    if (const ProcessId child = child_of(step.action); child != no_process) children.push_back(child);
  return children;
}

const Process* only_end(const ExecutionGraph& graph, const Process& process) {
  const Process* at = &process;
  for (auto children = children_of(*at); !children.empty(); children = children_of(*at)) {
    if (children.size() > 1) return nullptr;
    at = &graph.process(children.front());
  }
  return at;
}

const Process& entered(const ExecutionGraph& graph, const Process& process) {
  if (process.role != Role::launcher) return process;
  const std::vector<ProcessId> children = children_of(process);
  return children.empty() ? process : graph.process(children.front());
}

std::size_t steps_done_entering(const Process& process) {
  std::size_t done = 0;
  for (; done < process.steps.size(); ++done) {
    const Action& action = process.steps[done].action;
    const bool entering =
        std::holds_alternative<TieToMaker>(action) || std::holds_alternative<Join>(action) ||
        std::holds_alternative<Unshare>(action) || std::holds_alternative<AwaitIdMaps>(action) ||
        std::holds_alternative<WriteOwnIdMaps>(action) || std::holds_alternative<SetClockOffsets>(action) ||
        std::holds_alternative<BecomeSubreaper>(action) || std::holds_alternative<SetPropagation>(action);
    if (!entering) break;
  }
  return done;
}

const SetClockOffsets* clocks_shifted_inside(const Process& process) {
  const auto* clocks = find<SetClockOffsets>(process);
  if (clocks == nullptr || (is_in_whole_seconds(clocks->monotonic) && is_in_whole_seconds(clocks->boottime)))
    return nullptr;
  return clocks;
}

std::string stage_words(const Process& maker, const Process& process) {
  if (clocks_shifted_inside(maker) != nullptr) return "-unshifted ";
  return childless_stage(process);
}

std::string stages(const ExecutionGraph& graph, const Process& maker, const Process& process) {
  const std::string number = std::to_string(index(process.id));
  const auto becoming = [&](const std::string& stage) {
    return " -- /bin/sh -euc \"$2\" sh " + number + stage + "\"$2\"" +
           (is_below_a_root(graph, process) ? " \"$3\"" : "") + "\n  ;;\n";
  };
  std::string text;
  if (const SetClockOffsets* clocks = clocks_shifted_inside(maker))
    text += number + "-unshifted) # a time namespace, by fractions of a second\n  shift_clocks" +
            offset_words("monotonic", clocks->monotonic) + offset_words("boottime", clocks->boottime) +
            becoming(childless_stage(process));
  if (find<BecomeSubreaper>(process) != nullptr)
    text += number +
            "-childless) # gets the orphans of those below it: PR_SET_CHILD_SUBREAPER(2const)\n  become_subreaper" +
            becoming(" ");
  return text;
}

std::string opened_to_join(const JoinTarget& target) {
  const auto* pid = std::get_if<std::int64_t>(&target.target);
  return pid == nullptr ? std::get<std::string>(target.target) : "/proc/" + std::to_string(*pid) + "/ns";
}

std::string lines_to_open_joins(const Wires& wires) {
  std::string text;
  for (const auto& [path, wire] : wires.joins) text += "exec " + std::to_string(wire) + "<" + sh_quote(path) + "\n";
  return text;
}

std::string tie_words(const ExecutionGraph& graph, const Process& process, bool takes_makers_place) {
  // Who takes its maker's place has no maker; what is made by a PID 1 dies with it.
  const int tie = tie_of(process);
  if (tie == 0 || takes_makers_place || graph.process(process.maker).is_pid1) return "";
  return "setpriv --pdeathsig " + signal_word(tie) + " -- ";
}

std::string entering_words(const ExecutionGraph& graph, const Process& process, bool takes_makers_place,
                           const Wires& wires) {
  std::string words = tie_words(graph, process, takes_makers_place) + priority_words(graph, process);
  if (const auto* join = find<Join>(process)) words += join_words(*join, joins_after_mounts(graph, process), wires);
  return words + unshare_words(graph, process);
}

}  // namespace pidns::sh
