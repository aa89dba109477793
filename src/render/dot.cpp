/// The plan in Graphviz's language: a cluster a node, a table a process with a row a step, and a line
/// from the step that makes a process to its table; dashed from a process to the step that waits for it.

#include "render/columns.h"
#include "render/dot_text.h"
#include "render/lanes.h"
#include "render/render.h"

namespace pidns {
namespace {

constexpr std::size_t widest_words = 60;

std::string name_of(ProcessId id) { return "p" + std::to_string(index(id)); }

class Drawing {
 public:
  std::string draw(const ExecutionGraph& graph) {
    const Picture picture = picture_of(graph);
    line(0, "digraph " + dot_quoted(graph.name) + " {");
    line(1, "graph [rankdir=LR, fontname=\"sans-serif\", fontsize=11, style=\"rounded\"];");
    line(1, "node [shape=plain, fontname=\"sans-serif\", fontsize=10];");
    line(1, "edge [color=gray30];");
    for (const Lane& each : picture.outside) lane(each, 1);
    if (!graph.nodes.empty()) box(picture.root, 1);
    each_lane(picture, [this](const Lane& each) { lines_from(each); });
    line(0, "}");
    return std::move(out_);
  }

 private:
  void line(std::size_t depth, const std::string& text) { out_ += std::string(2 * depth, ' ') + text + "\n"; }

  void box(const Box& node, std::size_t depth) {
    line(depth, "subgraph cluster_" + std::to_string(index(node.id)) + " {");
    line(depth + 1, "label=" + dot_quoted(node.title) + ";");
    line(depth + 1, node.is_plain ? "style=\"rounded,dashed\";" : "style=\"rounded\";");
    for (const Lane& each : node.lanes) lane(each, depth + 1);
    for (const Box& inner : node.boxes) box(inner, depth + 1);
    line(depth, "}");
  }

  void lane(const Lane& process, std::size_t depth) {
    line(depth, name_of(process.id) + " [label=<");
    line(depth + 1, R"(<TABLE BORDER="0" CELLBORDER="1" CELLSPACING="0" CELLPADDING="3">)");
    line(depth + 1, R"(<TR><TD PORT="top" BGCOLOR="gray90"><B>)" + dot_html(process.title) + "</B></TD></TR>");
    for (std::size_t i = 0; i < process.rows.size(); ++i) {
      const LaneRow& row = process.rows[i];
      std::string cell = dot_html(cut_right(row.words, widest_words, "..."));
      if (!row.key.empty()) cell += "  <FONT COLOR=\"gray45\">" + dot_html(row.key) + "</FONT>";
      line(depth + 1, "<TR><TD PORT=\"s" + std::to_string(i) + "\" ALIGN=\"LEFT\">" + cell + "</TD></TR>");
    }
    line(depth + 1, "</TABLE>>];");
  }

  void lines_from(const Lane& process) {
    for (std::size_t i = 0; i < process.rows.size(); ++i) {
      const std::string row = name_of(process.id) + ":s" + std::to_string(i);
      if (process.rows[i].child != no_process) line(1, row + ":e -> " + name_of(process.rows[i].child) + ":top:w;");
      // They order what happens, and not where it is drawn; the row says what it waits for.
      for (const LaneWait& wait : process.rows[i].waits)
        line(1, name_of(wait.awaited) + ":top:e -> " + row + ":e [style=dashed, color=steelblue, constraint=false];");
    }
  }

  std::string out_;
};

}  // namespace

std::string plan_dot(const ExecutionGraph& graph) { return Drawing().draw(graph); }

}  // namespace pidns
