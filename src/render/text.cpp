#include <algorithm>
#include <vector>

#include "base/display_line.h"
#include "render/columns.h"
#include "render/guides.h"
#include "render/plan_rows.h"
#include "render/render.h"

namespace pidns {
namespace {

constexpr std::size_t gap = 2;
constexpr std::size_t widest_tree = 36;
constexpr std::size_t widest_label = 24;
constexpr std::size_t fewest_words = 24;

std::string counted(std::size_t number, const char* one, const char* many) {
  return std::to_string(number) + " " + (number == 1 ? one : many);
}

/// How many nodes with namespaces of their own lie on the longest way down.
std::size_t levels(const ExecutionGraph& graph) {
  std::vector<std::size_t> depth(graph.nodes.size(), 0);
  std::size_t deepest = 0;
  for (const GraphNode& node : graph.nodes) {
    const std::size_t own = node.unshared.empty() && node.joined.empty() ? 0 : 1;
    const std::size_t above = node.parent == node.id ? 0 : depth[index(node.parent)];
    depth[index(node.id)] = above + own;
    deepest = std::max(deepest, above + own);
  }
  return deepest;
}

std::string headline(const ExecutionGraph& graph, const SourceFile& source, const char* mark) {
  const auto commands = std::count_if(graph.processes.begin(), graph.processes.end(),
                                      [](const Process& process) { return process.role == Role::command; });
  const std::size_t made = graph.processes.empty() ? 0 : graph.processes.size() - 1;
  const std::string counts = ": " + counted(levels(graph), "level", "levels") + ", " +
                             counted(made, "process to create", "processes to create") + ", " +
                             counted(static_cast<std::size_t>(commands), "command", "commands");
  return cut_left(printable(source.name()), page_width - counts.size(), mark) + counts + "\n\n";
}

/// Knows the widths that all rows share, and draws one after another.
class Page {
 public:
  Page(const std::vector<PlanRow>& rows, TextStyle style) : style_(style), mark_(style.utf8 ? "…" : "...") {
    // Deep nesting is drawn closer, so that words stay in sight.
    while (step_ > 1 && widest_left(rows) > widest_tree) --step_;
    left_ = std::min(widest_left(rows), widest_tree);
    std::size_t longest_words = 0;
    for (const PlanRow& row : rows) {
      place_ = std::max(place_, row.place.size());
      key_ = std::max(key_, row.key.size());
      if (!row.is_note) longest_words = std::max(longest_words, columns(row.words));
    }
    const std::size_t taken = left_ + place_ + key_ + 3 * gap;
    const std::size_t room = taken + fewest_words > page_width ? fewest_words : page_width - taken;
    words_ = std::min(longest_words, room);
  }

  void draw(const PlanRow& row, std::string& out) const {
    if (row.is_note) return note(row, out);
    const std::string tree = left(row);
    const std::size_t room = page_width - left_ - gap;
    std::string words = cut_right(row.words, words_, mark_);
    std::string right;
    if (!row.key.empty()) {
      right = std::string(place_ - row.place.size(), ' ') + row.place + std::string(gap, ' ') + row.key;
      words = pad(std::move(words), words_ + gap);
    }
    right = cut_right(right, room - std::min(room, columns(words)), mark_);
    line(tree, row.label, dim(words, row.is_default) + dim(right, true), out);
  }

 private:
  std::size_t widest_left(const std::vector<PlanRow>& rows) const {
    std::size_t widest = 0;
    for (const PlanRow& row : rows)
      widest = std::max(widest, step_ * row.guides.size() + std::min(row.label.size(), widest_label));
    return widest;
  }

  /// The lines of the tree without the label.
  std::string left(const PlanRow& row) const {
    const std::size_t label = std::min(row.label.size(), widest_label);
    return cut_left(draw_guides(row.guides, step_, style_.utf8), left_ - label, mark_);
  }

  std::string dim(const std::string& text, bool wanted) const {
    return style_.color && wanted && !text.empty() ? "\033[2m" + text + "\033[0m" : text;
  }

  void line(const std::string& tree, const std::string& name, const std::string& rest, std::string& out) const {
    const std::string label = cut_right(name, widest_label, mark_);
    out += dim(tree, true) + (style_.color && !label.empty() ? "\033[1m" + label + "\033[0m" : label);
    const std::size_t used = columns(tree) + columns(label);
    if (!rest.empty()) out += std::string(left_ + gap - std::min(used, left_), ' ') + rest;
    while (out.back() == ' ') out.pop_back();
    out += '\n';
  }

  void note(const PlanRow& row, std::string& out) const {
    for (const std::string& part : wrap(row.words, page_width - left_ - gap)) line(left(row), "", part, out);
  }

  TextStyle style_;
  const char* mark_;
  std::size_t step_ = 3;  ///< Columns a level.
  std::size_t left_ = 0;
  std::size_t words_ = 0;
  std::size_t place_ = 0;
  std::size_t key_ = 0;
};

}  // namespace

std::string plan_text(const ExecutionGraph& graph, const SourceFile& source, TextStyle style) {
  const std::vector<PlanRow> rows = plan_rows(graph, source);
  const Page page(rows, style);
  std::string text = headline(graph, source, style.utf8 ? "…" : "...");
  for (const PlanRow& row : rows) page.draw(row, text);
  return text;
}

}  // namespace pidns
