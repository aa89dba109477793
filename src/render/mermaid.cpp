/// The plan as a flowchart of Mermaid, which many sites draw from Markdown: a subgraph a node, a box a
/// process with a line a step, and an arrow from each process to those that it makes; dotted
/// to those that wait for it.

#include "render/columns.h"
#include "render/lanes.h"
#include "render/render.h"

namespace pidns {
namespace {

constexpr std::size_t widest_words = 60;

/// Text between double quotes, where Mermaid reads entities by number; `#` begins them.
std::string quoted(std::string_view text) {
  constexpr std::string_view special = "\"#&;<>`\\[]{}|";
  std::string out = "\"";
  for (const char letter : text) {
    if (special.find(letter) != std::string_view::npos)
      out += "#" + std::to_string(static_cast<int>(letter)) + ";";
    else
      out += letter;
  }
  return out + '"';
}

std::string name_of(ProcessId id) { return "p" + std::to_string(index(id)); }

class Drawing {
 public:
  std::string draw(const ExecutionGraph& graph) {
    const Picture picture = picture_of(graph);
    line(0, "flowchart LR");
    for (const Lane& each : picture.outside) lane(each, 1);
    if (!graph.nodes.empty()) box(picture.root, 1);
    each_lane(picture, [this](const Lane& each) { arrows_from(each); });
    each_box(picture.root);
    line(1, "classDef process text-align:left");
    return std::move(out_);
  }

 private:
  void line(std::size_t depth, const std::string& text) { out_ += std::string(2 * depth, ' ') + text + "\n"; }

  void box(const Box& node, std::size_t depth) {
    line(depth, "subgraph n" + std::to_string(index(node.id)) + " [" + quoted(node.title) + "]");
    for (const Lane& each : node.lanes) lane(each, depth + 1);
    for (const Box& inner : node.boxes) box(inner, depth + 1);
    line(depth, "end");
  }

  void lane(const Lane& process, std::size_t depth) {
    std::string label = quoted(process.title);
    label.pop_back();
    for (const LaneRow& row : process.rows) {
      const std::string words = quoted(cut_right(row.words, widest_words, "..."));
      label += "<br/>" + words.substr(1, words.size() - 2);
    }
    line(depth, name_of(process.id) + "[" + label + "\"]:::process");
  }

  void arrows_from(const Lane& process) {
    for (const LaneRow& row : process.rows) {
      if (row.child != no_process) line(1, name_of(process.id) + " --> " + name_of(row.child));
      for (const LaneWait& wait : row.waits)
        line(1, name_of(wait.awaited) + " -. " + quoted(wait.words) + " .-> " + name_of(process.id));
    }
  }

  /// What lives in the namespaces around it is drawn in dashes.
  void each_box(const Box& node) {
    if (node.is_plain) line(1, "style n" + std::to_string(index(node.id)) + " stroke-dasharray: 4 4");
    for (const Box& inner : node.boxes) each_box(inner);
  }

  std::string out_;
};

}  // namespace

std::string plan_mermaid(const ExecutionGraph& graph) { return Drawing().draw(graph); }

}  // namespace pidns
