/// How a process gets into its namespaces: words of nsenter(1), unshare(1) and setpriv(1).

#include "base/quote.h"
#include "base/signal_name.h"
#include "render/sh_parts.h"
#include "render/words.h"

namespace pidns::sh {
namespace {

std::string clock_words(const char* option, const std::optional<Duration>& offset, Reasons& reasons) {
  if (!offset) return "";
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(*offset);
  if (seconds != *offset) reasons.add("unshare(1) shifts clocks by whole seconds");
  return std::string(option) + std::to_string(seconds.count()) + " ";
}

std::string join_words(const Join& join) {
  std::string words = "nsenter ";
  // Else it would become root there, without groups.
  for (const auto& [target, place] : join.targets)
    if (target.kind == NamespaceKind::user) words += "--preserve-credentials ";
  for (const auto& [target, place] : join.targets) {
    words += "--" + std::string(info(target.kind).name) + "=";
    const auto* pid = std::get_if<std::int64_t>(&target.target);
    words += pid != nullptr ? "/proc/" + std::to_string(*pid) + "/ns/" + std::string(info(target.kind).proc_name)
                            : sh_quote(std::get<std::string>(target.target));
    words += " ";
  }
  return words + "-- ";
}

/// After the fork, where there is one, the child is tied, and not who forks.
std::string fork_words(const Process& child) {
  const int tie = tie_of(child);
  return tie == 0 ? "--fork " : "--kill-child=SIG" + signal_word(tie) + " ";
}

std::string unshare_words(const ExecutionGraph& graph, const Process& process, Reasons& reasons) {
  const auto* unshare = find<Unshare>(process);
  if (unshare == nullptr) return "";
  const Process& first = graph.process(entered(graph, process));
  std::string words = "unshare ";
  unshare->kinds.each([&](const NamespaceKindInfo& row) { words += "--" + std::string(row.name) + " "; });
  if (first.id != process.id) words += fork_words(first);
  words += id_mapping_of(graph, process).words;
  if (const auto* clocks = find<SetClockOffsets>(process)) {
    words += clock_words("--monotonic=", clocks->monotonic, reasons);
    words += clock_words("--boottime=", clocks->boottime, reasons);
  }
  if (const auto* mode = find<SetPropagation>(first))
    words += std::string("--propagation ") + propagation_word(mode->mode) + " ";
  return words + "-- ";
}

}  // namespace

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
  for (const Step& step : process.steps) {
    if (const auto* fork = std::get_if<Fork>(&step.action)) children.push_back(fork->child);
    if (const auto* clone = std::get_if<Clone>(&step.action)) children.push_back(clone->child);
  }
  return children;
}

ProcessId entered(const ExecutionGraph&, const Process& process) {
  if (process.role != Role::launcher) return process.id;
  const std::vector<ProcessId> children = children_of(process);
  return children.empty() ? process.id : children.front();
}

std::size_t steps_done_entering(const Process& process) {
  std::size_t done = 0;
  for (; done < process.steps.size(); ++done) {
    const Action& action = process.steps[done].action;
    const bool entering = std::holds_alternative<TieToMaker>(action) || std::holds_alternative<Join>(action) ||
                          std::holds_alternative<Unshare>(action) || std::holds_alternative<AwaitIdMaps>(action) ||
                          std::holds_alternative<WriteOwnIdMaps>(action) ||
                          std::holds_alternative<SetClockOffsets>(action) ||
                          std::holds_alternative<SetPropagation>(action);
    if (!entering) break;
  }
  return done;
}

std::string entering_words(const ExecutionGraph& graph, const Process& process, bool takes_makers_place,
                           Reasons& reasons) {
  std::string words;
  // Who takes its maker's place has no maker; what is made by a PID 1 dies with it.
  const bool dies_with_pid1 = graph.process(process.maker).is_pid1;
  if (const int tie = tie_of(process); tie != 0 && !takes_makers_place && !dies_with_pid1)
    words += "setpriv --pdeathsig " + signal_word(tie) + " -- ";
  if (const auto* join = find<Join>(process)) words += join_words(*join);
  return words + unshare_words(graph, process, reasons);
}

}  // namespace pidns::sh
