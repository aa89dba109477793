/// What runs in Graphviz's language: a cluster a pid namespace, nested, and a box a process.

#include <map>

#include "render/columns.h"
#include "render/dot_text.h"
#include "render/tree.h"

namespace pidns {
namespace {

constexpr std::size_t widest_words = 60;

class Drawing {
 public:
  explicit Drawing(const TreePicture& picture) : picture_(picture) {
    for (const TreeNamespace& each : picture.namespaces) inner_[each.parent].push_back(&each);
    for (std::size_t i = 0; i < picture.rows.size(); ++i) {
      const TreeRow& row = picture.rows[i];
      if (!row.pids.empty()) members_[row.counted_in.back()].push_back(i);
    }
  }

  std::string draw() {
    line(0, "digraph " + dot_quoted(picture_.instance.empty() ? "pid namespaces" : picture_.instance) + " {");
    line(1, "graph [rankdir=LR, fontname=\"sans-serif\", fontsize=11, style=\"rounded\"];");
    line(1, "node [shape=box, fontname=\"sans-serif\", fontsize=10];");
    line(1, "edge [color=gray30];");
    boxes(0, 1);
    members(0, 1);
    if (!picture_.instance.empty()) edges();
    line(0, "}");
    return std::move(out_);
  }

 private:
  void line(std::size_t depth, const std::string& text) { out_ += std::string(2 * depth, ' ') + text + "\n"; }

  void boxes(std::uint64_t parent, std::size_t depth) {
    const auto found = inner_.find(parent);
    if (found == inner_.end()) return;
    for (const TreeNamespace* each : found->second) {
      const std::string inode = std::to_string(each->inode);
      line(depth, "subgraph cluster_" + inode + " {");
      line(depth + 1, "label=" + dot_quoted(each->title == inode ? inode : each->title + "  " + inode) + ";");
      members(each->inode, depth + 1);
      boxes(each->inode, depth + 1);
      line(depth, "}");
    }
  }

  void members(std::uint64_t inode, std::size_t depth) {
    const auto found = members_.find(inode);
    if (found == members_.end()) return;
    for (const std::size_t index : found->second) {
      const TreeRow& row = picture_.rows[index];
      std::string label;
      if (!row.address.empty()) label = "<B>" + dot_html(row.address) + "</B><BR/>";
      label += dot_html(cut_right(row.command.empty() ? row.label : row.command, widest_words, "...")) + "<BR/>";
      for (std::size_t level = 0; level < row.pids.size(); ++level)
        label += (level == 0 ? "" : " / ") + std::to_string(row.pids[level]);
      if (!row.hostname.empty()) label += "<BR/>" + dot_html(row.hostname);
      line(depth, "p" + std::to_string(index) + " [label=<" + label + ">];");
    }
  }

  /// From each process to those of the nodes inside; past nodes without one.
  void edges() {
    for (std::size_t i = 0; i < picture_.rows.size(); ++i) {
      std::size_t around = picture_.rows[i].parent;
      while (picture_.rows[around].pids.empty() && picture_.rows[around].parent != around)
        around = picture_.rows[around].parent;
      if (picture_.rows[i].pids.empty() || around == i || picture_.rows[around].pids.empty()) continue;
      line(1, "p" + std::to_string(around) + " -> p" + std::to_string(i) + ";");
    }
  }

  const TreePicture& picture_;
  std::map<std::uint64_t, std::vector<const TreeNamespace*>> inner_;
  std::map<std::uint64_t, std::vector<std::size_t>> members_;
  std::string out_;
};

}  // namespace

std::string tree_dot(const TreePicture& picture) { return Drawing(picture).draw(); }

}  // namespace pidns
