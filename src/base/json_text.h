#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pidns {

/// How JSON is laid out: for people, or on one line for programs alone.
enum class JsonLayout : unsigned char { indented, one_line };

/// Writes JSON as text, member by member, indented by two. The caller nests rightly: an object's
/// members have keys, a list's elements none.
class JsonText {
 public:
  explicit JsonText(JsonLayout layout = JsonLayout::indented) : layout_(layout) {}

  void open_object(std::string_view key = {}) { open(key, '{', '}'); }
  void open_list(std::string_view key = {}) { open(key, '[', ']'); }
  void close();
  void text(std::string_view key, std::string_view value);
  void number(std::string_view key, std::uint64_t value);
  void boolean(std::string_view key, bool value) { word(key, value ? "true" : "false"); }
  void null(std::string_view key) { word(key, "null"); }
  /// Everything, with a line break at its end.
  [[nodiscard]] std::string take() { return std::move(out_) + '\n'; }

 private:
  void open(std::string_view key, char opening, char closing);
  void begin(std::string_view key);
  void word(std::string_view key, std::string_view value);

  struct Level {
    char closing;
    bool filled;
  };
  JsonLayout layout_;
  std::string out_;
  std::vector<Level> levels_;
};

}  // namespace pidns
