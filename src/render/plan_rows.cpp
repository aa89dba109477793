#include "render/plan_rows.h"

#include "base/display_line.h"
#include "render/render.h"
#include "render/words.h"

namespace pidns {
namespace {

/// The last part of an address; our own process of a node goes by the node's name.
std::string label_of(const std::string& address) {
  std::string shown = address;
  if (const std::size_t slash = shown.rfind('/');
      slash != std::string::npos && shown.substr(slash + 1).starts_with('.'))
    shown.resize(slash);
  if (shown.empty() || shown == "/") return "/";
  return shown.substr(shown.rfind('/') + 1);
}

std::string at(const SourceFile& source, Span span) {
  const Position position = source.position(span.begin);
  return std::to_string(position.line) + ":" + std::to_string(position.column);
}

/// A process's steps, sorted by where they are drawn.
struct Outline {
  std::vector<std::size_t> before;  ///< Steps before the first child, without a line of their own.
  std::vector<std::size_t> after;   ///< Children, and the steps that come after the first of them.
};

class Drawing {
 public:
  Drawing(const ExecutionGraph& graph, const SourceFile& source)
      : graph_(graph), source_(source), node_drawn_(graph.nodes.size(), false) {}

  std::vector<PlanRow> draw() {
    if (graph_.processes.empty()) return {};
    add({.label = "pidns"});
    body(graph_.processes.front(), "", {});
    for (const GraphNode& node : graph_.nodes)
      if (!node_drawn_[index(node.id)])
        for (const Limit limit : node.limits) add({.words = node.address + ": " + describe(limit), .is_note = true});
    return std::move(rows_);
  }

 private:
  void add(PlanRow row) { rows_.push_back(std::move(row)); }

  PlanRow step_row(const Step& step, std::string guides, std::string label = {}) const {
    return row_of(describe(step.action, graph_), step.origin, std::move(guides), std::move(label));
  }

  PlanRow row_of(const std::string& words, const Origin& origin, std::string guides, std::string label = {}) const {
    PlanRow row{.guides = std::move(guides), .label = std::move(label), .words = printable(words)};
    row.key = origin.key;
    row.is_default = origin.is_default;
    if (origin.is_default) {
      row.key += row.key.empty() ? "(default)" : " (default)";
      return row;
    }
    const Span span = origin.place.value.empty() ? origin.place.key : origin.place.value;
    if (!span.empty()) row.place = at(source_, span);
    if (!origin.place.merge.empty()) row.key += "  merged at " + at(source_, origin.place.merge);
    return row;
  }

  /// What a maker does for its child between making it and going on stands with the child: that is
  /// when it happens. Supervise has no line: "create init" says it.
  Outline outline(const Process& process) const {
    Outline outline;
    for (std::size_t i = 0; i < process.steps.size(); ++i) {
      const Action& action = process.steps[i].action;
      if (std::holds_alternative<Supervise>(action)) continue;
      if (outline.after.empty() && child_of(action) == no_process) {
        outline.before.push_back(i);
      } else if (!belongs_to_child(process, i)) {
        outline.after.push_back(i);
      }
    }
    return outline;
  }

  static bool belongs_to_child(const Process& process, std::size_t step) {
    const auto* maps = std::get_if<WriteIdMaps>(&process.steps[step].action);
    if (maps == nullptr || step == 0) return false;
    return child_of(process.steps[step - 1].action) == maps->child;
  }

  void body(const Process& process, const std::string& guides, const std::vector<const Step*>& by_maker) {
    const Outline parts = outline(process);
    const std::string inner = guides + (parts.after.empty() ? ' ' : '|');
    limits(process.node, inner);
    promised_pids(process, inner);
    for (const Step* step : by_maker) add(step_row(*step, inner));
    for (const std::size_t i : parts.before) add(step_row(process.steps[i], inner));
    if (const Readiness* readiness = find_readiness(graph_, process.id))
      add(row_of(ready_text(readiness->ready), {"ready", readiness->place}, inner));
    for (const EndWords& end : end_texts(process)) add(row_of(end.words, {end.key, end.place}, inner));
    for (const std::size_t i : parts.after) {
      const bool last = i == parts.after.back();
      if (const ProcessId child = child_of(process.steps[i].action); child != no_process)
        create(process, i, child, guides, last);
      else
        add(step_row(process.steps[i], guides + (last ? '`' : '+')));
    }
  }

  void create(const Process& maker, std::size_t step, ProcessId id, const std::string& guides, bool last) {
    const Process& child = graph_.process(id);
    add(step_row(maker.steps[step], guides + (last ? '`' : '+'), label_of(child.address)));
    std::vector<const Step*> by_maker;
    if (step + 1 < maker.steps.size() && belongs_to_child(maker, step + 1)) by_maker.push_back(&maker.steps[step + 1]);
    body(child, guides + (last ? ' ' : '|'), by_maker);
  }

  void limits(NodeId id, const std::string& guides) {
    if (node_drawn_[index(id)]) return;
    node_drawn_[index(id)] = true;
    for (const Limit limit : graph_.node(id).limits)
      add({.guides = guides, .words = std::string("limit: ") + describe(limit), .is_note = true});
  }

  /// A second process makes an init of ours PID 1, and the first PID 2: what a spec does not show.
  void promised_pids(const Process& process, const std::string& guides) {
    if (process.role != Role::init) return;
    constexpr int shown = 5;
    std::string words = "pids inside: 1 is the init of pidns";
    int pid = 1;
    bool has_command = false;
    for (const auto& step : process.steps) {
      const ProcessId made = child_of(step.action);
      if (made == no_process) continue;
      const Process& child = graph_.process(made);
      has_command = has_command || (child.role == Role::command && child.node == process.node);
      if (++pid > shown) continue;
      words += ", " + std::to_string(pid) + " ";
      words += child.role == Role::command ? child.address : graph_.node(child.node).address;
    }
    if (pid > shown) words += ", and so on to " + std::to_string(pid);
    if (has_command) add({.guides = guides, .words = std::move(words), .is_note = true});
  }

  const ExecutionGraph& graph_;
  const SourceFile& source_;
  std::vector<bool> node_drawn_;
  std::vector<PlanRow> rows_;
};

}  // namespace

std::vector<PlanRow> plan_rows(const ExecutionGraph& graph, const SourceFile& source) {
  return Drawing(graph, source).draw();
}

}  // namespace pidns
