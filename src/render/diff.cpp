/// What a change of a spec changes in its plan: nodes and processes by address, steps within them.

#include <algorithm>
#include <array>
#include <map>

#include "base/display_line.h"
#include "base/duration.h"
#include "base/signal_name.h"
#include "render/columns.h"
#include "render/diff_renames.h"
#include "render/diff_side.h"
#include "render/render.h"
#include "render/words.h"

namespace pidns {
namespace {

/// What a process is besides its steps, in the words of the keys that decide it. `renames`: its maker by the
/// address that it has later.
std::vector<std::string> traits(const ExecutionGraph& graph, const Process& process, const Renames* renames) {
  std::vector<std::string> list{std::string("role ") + describe(process.role)};
  if (process.maker != no_process && process.maker != ProcessId{0}) {
    const std::string& maker = graph.process(process.maker).address;
    list.push_back("made by " + (renames != nullptr ? renames->after(maker) : maker));
  }
  if (process.is_pid1) list.emplace_back("PID 1 of its namespace");
  if (process.is_main) list.emplace_back("main: the run ends with it");
  list.push_back("stop-signal " + signal_name(process.stop_signal));
  list.push_back("stop-timeout " + duration_text(process.stop_timeout));
  if (process.timeout.count() > 0) list.push_back("timeout " + duration_text(process.timeout));
  if (const Readiness* readiness = find_readiness(graph, process.id)) {
    std::string words = ready_text(readiness->ready);
    if (readiness->ready.probe != Ready::Probe::output) words += ", every " + duration_text(readiness->ready.every);
    list.push_back(printable(words));
  }
  return list;
}

std::vector<std::string> sorted(std::vector<std::string> words) {
  std::sort(words.begin(), words.end());
  return words;
}

class Comparison {
 public:
  Comparison(const PlanSide& before, const PlanSide& after, TextStyle style)
      : before_(before), after_(after), renames_(before_, after_), style_(style) {}

  std::string write() {
    if (before_.graph.name != after_.graph.name) becomes(0, "instance ", before_.graph.name, after_.graph.name);
    for (const GraphNode& node : before_.graph.nodes)
      if (!after_.nodes.contains(renames_.after(node.address)))
        removed(0, "node " + node.address + ": " + node_words(node));
    for (const GraphNode& node : after_.graph.nodes) compare(node);
    for (const Process& process : before_.graph.processes)
      if (!after_.processes.contains(renames_.after(DiffSide::address(process)))) whole(before_, process, '-');
    for (const Process& process : after_.graph.processes) compare(process);
    return headline() + out_;
  }

 private:
  std::string headline() const {
    std::string words = printable(before_.source.name()) + " -> " + printable(after_.source.name()) + ": ";
    if (out_.empty()) return words + "a run does the same\n";
    return words + std::to_string(lines_['+']) + " added, " + std::to_string(lines_['-']) + " removed, " +
           std::to_string(lines_['~']) + " changed\n\n";
  }

  /// `from`: the key and the place that stand behind a step.
  void line(char mark, std::size_t depth, const std::string& text, const std::string& from = {}) {
    const char* color = mark == '+' ? "\033[32m" : mark == '-' ? "\033[31m" : "\033[33m";
    std::string whole(2 * depth, ' ');
    whole += {mark, ' '};
    whole += cut_right(printable(text), room(depth, from), "...") + from;
    out_ += (style_.color ? color + whole + "\033[0m" : whole) + "\n";
    ++lines_[static_cast<unsigned char>(mark)];
  }
  void removed(std::size_t depth, const std::string& text) { line('-', depth, text); }
  void change(std::size_t depth, const std::string& text) { line('~', depth, text); }
  /// Not a change by itself: what the lines below belong to.
  void title(const std::string& text) { out_ += "  " + cut_right(printable(text), page_width - 2, "...") + "\n"; }
  void detail(const std::string& text) { out_ += "      " + cut_right(printable(text), page_width - 6, "...") + "\n"; }

  static std::size_t room(std::size_t depth, const std::string& from) {
    return page_width - 2 * depth - 2 - std::min<std::size_t>(columns(from), 60);
  }

  /// On as many lines as it needs.
  void whole(char mark, const std::string& text) {
    const std::vector<std::string> lines = wrap(text, room(0, ""));
    line(mark, 0, lines.front());
    for (std::size_t i = 1; i < lines.size(); ++i) detail(lines[i]);
  }

  /// `subject before -> after`, or below it what became what, where it is long.
  void becomes(std::size_t depth, const std::string& subject, const std::string& before, const std::string& after) {
    const std::string together = subject + before + " -> " + after;
    if (columns(together) <= room(depth, "")) return change(depth, together);
    change(depth, subject.substr(0, subject.find_last_not_of(": ") + 1));
    from_to(before, after);
  }
  static constexpr std::size_t detail_room = page_width - 12;
  void from_to(const std::string& before, const std::string& after) {
    detail("from  " + before);
    detail("to    " + after);
  }

  void compare(const GraphNode& node) {
    const auto found = before_.nodes.find(renames_.before(node.address));
    if (found == before_.nodes.end()) {
      line('+', 0, "node " + node.address + ": " + node_words(node));
      return;
    }
    const GraphNode& old = *found->second;
    if (renames_.is_named(node.address)) becomes(0, "node ", old.address, node.address);
    if (node_words(old) != node_words(node))
      becomes(0, "node " + node.address + ": ", node_words(old), node_words(node));
    const auto has = [](const GraphNode& of, Limit limit) {
      return std::find(of.limits.begin(), of.limits.end(), limit) != of.limits.end();
    };
    for (const Limit limit : old.limits)
      if (!has(node, limit)) whole('-', "node " + node.address + ": limit: " + describe(limit));
    for (const Limit limit : node.limits)
      if (!has(old, limit)) whole('+', "node " + node.address + ": limit: " + describe(limit));
  }

  void whole(const DiffSide& side, const Process& process, char mark) {
    line(mark, 0, "process " + DiffSide::address(process));
    for (const ComparedStep& step : side.steps(process)) line(mark, 2, step.words, side.origin(*step.step));
  }

  void compare(const Process& process) {
    const auto found = before_.processes.find(renames_.before(DiffSide::address(process)));
    if (found == before_.processes.end()) {
      whole(after_, process, '+');
      return;
    }
    const Process& old = *found->second;
    if (renames_.is_named(process.address) && !after_.nodes.contains(process.address))
      becomes(0, "process ", old.address, process.address);
    const std::size_t start = out_.size();
    compare_traits(old, process);
    compare_order(old, process);
    const auto old_steps = before_.steps(old);
    const auto new_steps = after_.steps(process);
    for (const StepChange& one : compare_steps(old_steps, new_steps)) show(one);
    if (out_.size() == start) return;
    std::string changes = out_.substr(start);
    out_.resize(start);
    title("process " + DiffSide::address(process));
    out_ += changes;
  }

  void compare_traits(const Process& old, const Process& process) {
    const auto old_traits = traits(before_.graph, old, &renames_);
    const auto new_traits = traits(after_.graph, process, nullptr);
    const auto has = [](const std::vector<std::string>& list, const std::string& one) {
      return std::find(list.begin(), list.end(), one) != list.end();
    };
    for (const auto& trait : old_traits)
      if (!has(new_traits, trait)) removed(2, trait);
    for (const auto& trait : new_traits)
      if (!has(old_traits, trait)) line('+', 2, trait);
  }

  /// Pids, and who starts first, follow the order in which a process makes its children.
  void compare_order(const Process& old, const Process& process) {
    std::vector<std::string> old_order;
    for (const auto& address : before_.children(old))
      if (after_.processes.contains(renames_.after(address))) old_order.push_back(renames_.after(address));
    std::vector<std::string> new_order;
    for (const auto& address : after_.children(process))
      if (before_.processes.contains(renames_.before(address))) new_order.push_back(address);
    if (old_order == new_order || sorted(old_order) != sorted(new_order)) return;
    std::string words;
    for (const auto& address : new_order) words += (words.empty() ? "" : ", ") + address;
    change(2, "makes in another order: " + words);
  }

  void show(const StepChange& one) {
    if (one.before == nullptr) return line('+', 2, one.after->words, after_.origin(*one.after->step));
    if (one.after == nullptr) return line('-', 2, one.before->words, before_.origin(*one.before->step));
    const std::string from = after_.origin(*one.after->step);
    if (one.before->words != one.after->words) return show_words(one.before->words, one.after->words, from);
    line('~', 2, one.after->words, from);
    for (const std::string& argument : changed_arguments(one.before->arguments, one.after->arguments)) detail(argument);
  }

  void show_words(const std::string& before, const std::string& after, const std::string& from) {
    const std::string together = before + " -> " + after;
    if (columns(together) <= room(2, from)) return line('~', 2, together, from);
    line('~', 2, first_words(after), from);
    if (std::max(columns(before), columns(after)) <= detail_room) return from_to(before, after);
    const Excerpts parts = excerpts_of(before, after);
    from_to(parts.before, parts.after);
  }

  /// `execute /bin/sh`, where the rest is long.
  static std::string first_words(const std::string& words) {
    const std::size_t second = words.find(' ', words.find(' ') + 1);
    return words.substr(0, second) + (second == std::string::npos ? "" : " ...");
  }

  DiffSide before_;
  DiffSide after_;
  Renames renames_;
  TextStyle style_;
  std::string out_;
  std::array<std::size_t, 128> lines_{};
};

}  // namespace

std::string plan_diff(const PlanSide& before, const PlanSide& after, TextStyle style) {
  return Comparison(before, after, style).write();
}

}  // namespace pidns
