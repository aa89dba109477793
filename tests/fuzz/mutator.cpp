/// Mutations that keep a spec a spec: whole lines and blocks move, and keys of the language's table
/// come with a value that fits. Half of the time libFuzzer's own bytes do better.

#include <algorithm>
#include <cstring>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "load/fields.h"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

namespace {

using namespace pidns;
using Lines = std::vector<std::string>;

class Mutator {
 public:
  Mutator(std::string_view text, unsigned seed) : random_(seed) {
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      lines_.emplace_back(text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    if (lines_.empty()) lines_.emplace_back("pidns: 1");
  }

  std::string mutate() {
    switch (below(7)) {
      case 0: insert_key(); break;
      case 1: lines_.erase(lines_.begin() + at(), block_end(last_)); break;
      case 2: copy_block(); break;
      case 3: shift_block(); break;
      case 4: swap_values(); break;
      case 5: replace_value(); break;
      case 6: nest(); break;
    }
    std::string text;
    for (const std::string& line : lines_) text += line + '\n';
    return text;
  }

 private:
  std::size_t below(std::size_t end) { return end == 0 ? 0 : std::uniform_int_distribution<std::size_t>(0, end - 1)(random_); }

  std::ptrdiff_t at() { return static_cast<std::ptrdiff_t>(last_ = below(lines_.size())); }

  static std::size_t indentation(const std::string& line) {
    return std::min(line.find_first_not_of(" -"), line.size());
  }

  /// Behind a line and all that is indented deeper.
  Lines::iterator block_end(std::size_t begin) {
    const std::size_t own = indentation(lines_[begin]);
    std::size_t end = begin + 1;
    while (end < lines_.size() && indentation(lines_[end]) > own) ++end;
    return lines_.begin() + static_cast<std::ptrdiff_t>(end);
  }

  std::string word(std::span<const std::string_view> words) { return std::string(words[below(words.size())]); }

  /// A value of a shape, in flow style.
  std::string value_of(const Shape& shape, unsigned depth = 0) {
    struct Visit {
      Mutator& m;
      unsigned depth;
      std::string operator()(const shape::Anything&) { return m.any(); }
      std::string operator()(const shape::Boolean&) { return m.below(2) != 0 ? "true" : "false"; }
      std::string operator()(const shape::Null&) { return "null"; }
      std::string operator()(const shape::Number&) { return m.below(2) != 0 ? "1.5" : "-3"; }
      std::string operator()(const shape::SignalWord&) { return m.one_of({"SIGTERM", "KILL", "9", "rtmin+3", "SIGTRM"}); }
      std::string operator()(const shape::CapabilityWord&) { return m.one_of({"CAP_NET_RAW", "sys_admin", "CAP_X"}); }
      std::string operator()(const shape::Whole& whole) {
        const auto reach = static_cast<std::size_t>(whole.range.most - whole.range.least);
        const std::size_t more = m.below(4) == 0 ? reach + m.below(2) : m.below(std::min<std::size_t>(reach, 9) + 1);
        return std::to_string(whole.range.least + static_cast<std::int64_t>(more));
      }
      std::string operator()(const shape::Text&) { return m.any(); }
      std::string operator()(const shape::Word& one) { return m.word(one.words); }
      std::string operator()(const shape::Time&) { return m.one_of({"10s", "1h30m", "-5", "0", "250ms", "1x"}); }
      std::string operator()(const shape::ListOf& list) {
        std::string text = "[";
        for (std::size_t i = list.shortest + m.below(3); i > 0; --i)
          text += m.value_of(*list.element, depth + 1) + (i > 1 ? ", " : "");
        return text + ']';
      }
      std::string operator()(const shape::MapOf& map) {
        std::string text = "{";
        for (std::size_t i = 1 + m.below(2); i > 0; --i)
          text += (map.keys.empty() ? m.any_name() : m.word(map.keys)) + ": " + m.value_of(*map.value, depth + 1) +
                  (i > 1 ? ", " : "");
        return text + '}';
      }
      std::string operator()(const shape::KeysOf& keys) {
        std::string text = "{";
        for (std::size_t i = 1 + m.below(3); i > 0; --i) {
          const Field* field = m.field_of(keys.level);
          if (field != nullptr) text += std::string(field->name) + ": " + m.value_of(*field->shape, depth + 1) + (i > 1 ? ", " : "");
        }
        return text + '}';
      }
      std::string operator()(const shape::OneOf& either) {
        return m.value_of(*either.shapes[m.below(either.shapes.size())], depth);
      }
    };
    if (depth > 3) return any();
    return std::visit(Visit{*this, depth}, shape.is);
  }

  std::string one_of(std::initializer_list<const char*> words) { return *(words.begin() + below(words.size())); }

  std::string any() {
    return one_of({"/proc", "/tmp", "a", "\"0700\"", "1", "x y", "~", "*a", "tmpfs", "proc", "user", "web", "0", "rbind",
                   "/", "gid=5", "[sleep, 60]", "trap x TERM; sleep 9 &", "\xc3\xa9", "65534", "yes", "''"});
  }

  std::string any_name() {
    return one_of({"a", "web", "PATH", "net.ipv4.ip_forward", "kernel.shmmax", "nofile", "pid", "user.max_pid_namespaces"});
  }

  const Field* field_of(Level level) {
    std::vector<const Field*> found;
    for (const Field& field : fields())
      if (field.level == level) found.push_back(&field);
    return found.empty() ? nullptr : found[below(found.size())];
  }

  /// Beside the line that is there.
  void insert_key() {
    const std::size_t place = static_cast<std::size_t>(at());
    const Field& field = fields()[below(fields().size())];
    const std::string key = std::string(indentation(lines_[place]), ' ') + std::string(field.name) + ": ";
    lines_.insert(block_end(place), key + value_of(*field.shape));
  }

  void copy_block() {
    const std::ptrdiff_t begin = at();
    const Lines block(lines_.begin() + begin, block_end(last_));
    lines_.insert(lines_.begin() + at(), block.begin(), block.end());
  }

  void shift_block() {
    const std::ptrdiff_t begin = at();
    const auto end = block_end(last_);
    const bool deeper = below(2) != 0;
    for (auto line = lines_.begin() + begin; line != end; ++line) {
      if (deeper)
        line->insert(0, "  ");
      else if (line->starts_with("  "))
        line->erase(0, 2);
    }
  }

  void swap_values() {
    std::string& one = lines_[static_cast<std::size_t>(at())];
    std::string& other = lines_[static_cast<std::size_t>(at())];
    const std::size_t first = one.find(':');
    const std::size_t second = other.find(':');
    if (first == std::string::npos || second == std::string::npos || &one == &other) return;
    const std::string value = one.substr(first);
    one.replace(first, std::string::npos, other.substr(second));
    other.replace(second, std::string::npos, value);
  }

  void replace_value() {
    std::string& line = lines_[static_cast<std::size_t>(at())];
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos) return;
    const std::string name = line.substr(indentation(line), colon - indentation(line));
    for (const Field& field : fields()) {
      if (field.name != name || below(2) != 0) continue;
      line.replace(colon, std::string::npos, ": " + value_of(*field.shape));
      return;
    }
    line.replace(colon, std::string::npos, ": " + any());
  }

  /// A block becomes a node, or a process, below its place.
  void nest() {
    const std::ptrdiff_t begin = at();
    const auto end = block_end(last_);
    const std::string indent(indentation(lines_[last_]), ' ');
    for (auto line = lines_.begin() + begin; line != end; ++line) line->insert(0, "    ");
    const std::string around = below(2) != 0 ? "namespaces:" : "processes:";
    lines_.insert(lines_.begin() + begin, {indent + around, indent + "  " + one_of({"a", "b", "web"}) + ":"});
  }

  Lines lines_;
  std::size_t last_ = 0;
  std::minstd_rand random_;
};

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t most, unsigned seed) {
  if (seed % 2 == 0) return LLVMFuzzerMutate(data, size, most);
  const std::string text = Mutator({reinterpret_cast<const char*>(data), size}, seed).mutate();
  const std::size_t kept = std::min(text.size(), most);
  std::memcpy(data, text.data(), kept);
  return kept;
}
