#include <algorithm>

#include "base/display_line.h"
#include "render/columns.h"
#include "render/guides.h"
#include "render/tree.h"
#include "render/tree_parts.h"

namespace pidns {
namespace {

constexpr std::size_t gap = 2;
constexpr std::size_t widest_tree = 36;
constexpr std::size_t widest_hostname = 20;
constexpr std::size_t fewest_command = 14;

/// Each row's lines at the left, one letter a level.
std::vector<std::string> guides_of(const std::vector<TreeRow>& rows) {
  std::vector<std::string> guides(rows.size());
  std::vector<char> goes_on(rows.size(), false);  // Whether a later row stands beside it.
  std::vector<std::size_t> last_child(rows.size(), 0);
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (rows[i].parent != i) last_child[rows[i].parent] = i;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::size_t parent = rows[i].parent;
    if (parent == i) continue;
    goes_on[i] = last_child[parent] != i;
    if (rows[parent].parent != parent) {
      guides[i] = guides[parent];
      guides[i].back() = goes_on[parent] ? '|' : ' ';
    }
    guides[i] += goes_on[i] ? '+' : '`';
  }
  return guides;
}

/// The numbers: a column a pid namespace, or where that is too wide a column a level, or all in one.
class Numbers {
 public:
  Numbers(const TreePicture& picture, std::size_t room) : picture_(picture) {
    const bool all_known = std::all_of(picture.rows.begin(), picture.rows.end(), [](const TreeRow& row) {
      return row.pids.empty() || std::find(row.counted_in.begin(), row.counted_in.end(), 0) == row.counted_in.end();
    });
    // A namespace takes three columns at least.
    form_ = all_known && picture.namespaces.size() * 3 <= room && !picture.instance.empty() ? Form::by_namespace
                                                                                            : Form::by_level;
    measure();
    if (form_ == Form::by_namespace && width() > room) {
      form_ = Form::by_level;
      measure();
    }
    if (width() > room) {
      form_ = Form::in_one;
      std::size_t widest = 4;
      for (const TreeRow& row : picture.rows) widest = std::max(widest, columns(joined(row)));
      widths_ = {std::min(widest, std::max<std::size_t>(room, 12))};
      titles_ = {"pids"};
    }
  }

  [[nodiscard]] std::size_t width() const {
    std::size_t sum = 0;
    for (const std::size_t each : widths_) sum += each + gap;
    return sum == 0 ? 0 : sum - gap;
  }

  [[nodiscard]] std::string header() const { return line(titles_); }

  [[nodiscard]] std::string of(const TreeRow& row, const char* mark) const {
    std::vector<std::string> cells(widths_.size());
    if (form_ == Form::in_one)
      cells[0] = cut_left(joined(row), widths_[0], mark);
    else
      for (std::size_t level = 0; level < row.pids.size(); ++level)
        cells[column(row, level)] = std::to_string(row.pids[level]);
    return line(cells);
  }

 private:
  enum class Form : unsigned char { by_namespace, by_level, in_one };

  static std::string joined(const TreeRow& row) {
    std::string text;
    for (const std::int32_t pid : row.pids) text += (text.empty() ? "" : " ") + std::to_string(pid);
    return text;
  }

  [[nodiscard]] std::size_t column(const TreeRow& row, std::size_t level) const {
    if (form_ == Form::by_level) return level;
    std::size_t at = 0;
    while (at < order_.size() && order_[at]->inode != row.counted_in[level]) ++at;
    return at < order_.size() ? at : 0;
  }

  void measure() {
    titles_.clear();
    order_.clear();
    if (form_ == Form::by_namespace) {
      // From outside to inside, as first met in the rows.
      for (const TreeRow& row : picture_.rows)
        for (const std::uint64_t inode : row.counted_in)
          for (const TreeNamespace& each : picture_.namespaces)
            if (each.inode == inode && std::find(order_.begin(), order_.end(), &each) == order_.end())
              order_.push_back(&each);
      for (const TreeNamespace* each : order_) titles_.push_back(printable(each->title));
    } else {
      std::size_t levels = 0;
      for (const TreeRow& row : picture_.rows) levels = std::max(levels, row.pids.size());
      for (std::size_t level = 0; level < levels; ++level)
        titles_.push_back(level == 0 ? "pid" : "+" + std::to_string(level));
    }
    widths_.clear();
    for (const std::string& title : titles_) widths_.push_back(columns(title));
    for (const TreeRow& row : picture_.rows)
      for (std::size_t level = 0; level < row.pids.size(); ++level) {
        std::size_t& width = widths_[column(row, level)];
        width = std::max(width, std::to_string(row.pids[level]).size());
      }
  }

  [[nodiscard]] std::string line(const std::vector<std::string>& cells) const {
    std::string text;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (i != 0) text += std::string(gap, ' ');
      text += std::string(widths_[i] - std::min(widths_[i], columns(cells[i])), ' ') + cells[i];
    }
    return text;
  }

  const TreePicture& picture_;
  Form form_ = Form::by_namespace;
  std::vector<const TreeNamespace*> order_;
  std::vector<std::string> titles_;
  std::vector<std::size_t> widths_;
};

std::size_t widest(const std::vector<TreeRow>& rows, std::size_t most, std::string (*text)(const TreeRow&)) {
  std::size_t found = 0;
  for (const TreeRow& row : rows) found = std::max(found, columns(text(row)));
  return std::min(found, most);
}

std::string label_of(const TreeRow& row) { return printable(row.label); }
std::string hostname_of(const TreeRow& row) { return printable(row.hostname); }
std::string command_of(const TreeRow& row) { return (row.is_waiting ? "(waiting) " : "") + printable(row.command); }
/// Among those of a whole machine, whose it is comes first.
std::string owner_and_command_of(const TreeRow& row) {
  return printable(row.address.empty() ? row.command : row.address + "  " + row.command);
}
std::string inode_of(const TreeRow& row) {
  return row.counted_in.empty() || row.counted_in.back() == 0 ? "" : std::to_string(row.counted_in.back());
}

std::string count_of(const TreeRow& row) { return row.processes == 0 ? "" : std::to_string(row.processes); }

/// Knows the widths that all rows share, and draws one after another. The label of a machine's row is
/// the inode of its namespace, and the last column counts its processes; an instance's is the inode.
class Page {
 public:
  Page(const TreePicture& picture, TextStyle style)
      : picture_(picture), style_(style), mark_(style.utf8 ? "…" : "..."), guides_(guides_of(picture.rows)) {
    while (step_ > 1 && widest_left() > widest_tree) --step_;
    left_ = std::min(widest_left(), widest_tree);
    hostname_ = std::max<std::size_t>(8, widest(picture.rows, widest_hostname, hostname_of));
    last_title_ = picture.instance.empty() ? "processes" : "pid namespace";
    last_ = std::max(columns(last_title_), widest(picture.rows, page_width, last_text()));
    const std::size_t fixed = left_ + 4 * gap + hostname_ + last_;
    const std::size_t room = page_width - std::min(page_width, fixed);
    numbers_.emplace(picture, room - std::min(room, fewest_command));
    command_ = std::min(widest(picture.rows, page_width, command_text()),
                        std::max(fewest_command, room - std::min(room, numbers_->width())));
  }

  std::string draw() const {
    std::string out;
    std::string title = picture_.title;
    const std::size_t before_numbers = left_ + gap + command_ + (command_ == 0 ? 0 : gap);
    if (columns(title) + gap > before_numbers) {
      out += cut_right(title, page_width, mark_) + "\n";
      title.clear();
    }
    line(pad(title, before_numbers) + numbers_->header(), "hostname", last_title_, out);
    for (std::size_t i = 0; i < picture_.rows.size(); ++i) row(i, out);
    for (const std::string& note : picture_.notes)
      for (const std::string& part : wrap(note, page_width)) out += part + "\n";
    return out;
  }

 private:
  [[nodiscard]] std::string (*last_text() const)(const TreeRow&) {
    return picture_.instance.empty() ? count_of : inode_of;
  }

  [[nodiscard]] std::string (*command_text() const)(const TreeRow&) {
    return picture_.instance.empty() ? owner_and_command_of : command_of;
  }

  [[nodiscard]] std::size_t widest_left() const {
    std::size_t found = 0;
    for (std::size_t i = 0; i < guides_.size(); ++i)
      found = std::max(found, step_ * guides_[i].size() + columns(label_of(picture_.rows[i])));
    return found;
  }

  void row(std::size_t index, std::string& out) const {
    const TreeRow& each = picture_.rows[index];
    const std::string lines = draw_guides(guides_[index], step_, style_.utf8);
    const std::string tree = cut_left(lines + label_of(each), left_, mark_);
    std::string text = paint(tree, columns(lines) <= columns(tree) ? lines.size() : 0);
    text += std::string(left_ + gap - columns(tree), ' ');
    if (command_ != 0) text += pad(cut_right(command_text()(each), command_, mark_), command_ + gap);
    line(text + numbers_->of(each, mark_), hostname_of(each), last_text()(each), out);
  }

  /// Lines dim, the name bold.
  [[nodiscard]] std::string paint(const std::string& tree, std::size_t lines) const {
    if (!style_.color || lines > tree.size()) return tree;
    const std::string drawn = tree.substr(0, lines);
    const std::string name = tree.substr(lines);
    return (drawn.empty() ? "" : "\033[2m" + drawn + "\033[0m") + (name.empty() ? "" : "\033[1m" + name + "\033[0m");
  }

  void line(const std::string& before, const std::string& hostname, const std::string& last, std::string& out) const {
    out += before + std::string(gap, ' ') + pad(cut_right(hostname, hostname_, mark_), hostname_);
    out += std::string(gap + last_ - columns(last), ' ') + last;
    while (!out.empty() && out.back() == ' ') out.pop_back();
    out += '\n';
  }

  const TreePicture& picture_;
  TextStyle style_;
  const char* mark_;
  std::vector<std::string> guides_;
  std::size_t step_ = 3;  ///< Columns a level.
  std::size_t left_ = 0;
  std::size_t command_ = 0;
  std::size_t hostname_ = 0;
  std::string last_title_;
  std::size_t last_ = 0;
  std::optional<Numbers> numbers_;
};

}  // namespace

std::string tree_text(const TreePicture& picture, TextStyle style) { return Page(picture, style).draw(); }

}  // namespace pidns
