#include "run/id_files.h"

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace pidns {
namespace {

/// The part before the next `:`, which is taken off.
std::string_view take_field(std::string_view& line) {
  const std::size_t colon = line.find(':');
  const std::string_view field = line.substr(0, colon);
  line.remove_prefix(colon == std::string_view::npos ? line.size() : colon + 1);
  return field;
}

bool to_number(std::string_view text, std::uint32_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

void for_each_line(const char* path, const std::function<void(const std::string&)>& take) {
  std::FILE* file = std::fopen(path, "re");
  if (file == nullptr) return;
  char* line = nullptr;
  std::size_t room = 0;
  for (ssize_t size = 0; (size = ::getline(&line, &room, file)) >= 0;) {
    if (size > 0 && line[size - 1] == '\n') --size;
    take(std::string(line, static_cast<std::size_t>(size)));
  }
  std::free(line);
  std::fclose(file);
}

std::vector<IdRange> read_id_map(const char* path) {
  std::vector<IdRange> map;
  for_each_line(path, [&](const std::string& line) {
    IdRange range;
    if (std::sscanf(line.c_str(), "%u %u %u", &range.inside, &range.outside, &range.count) == 3) map.push_back(range);
  });
  return map;
}

std::string user_name(std::uint32_t uid) {
  std::string found;
  for_each_line("/etc/passwd", [&](const std::string& line) {
    std::string_view rest = line;
    const std::string_view name = take_field(rest);
    take_field(rest);
    std::uint32_t number = 0;
    if (found.empty() && to_number(take_field(rest), number) && number == uid) found = name;
  });
  return found;
}

std::vector<IdRange> subordinate_ranges(const char* path, std::uint32_t uid, const std::string& name) {
  std::vector<IdRange> ranges;
  for_each_line(path, [&](const std::string& line) {
    std::string_view rest = line;
    const std::string_view owner = take_field(rest);
    if (owner.empty() || (owner != name && owner != std::to_string(uid))) return;
    IdRange range;
    if (to_number(take_field(rest), range.outside) && to_number(rest, range.count) && range.count > 0)
      ranges.push_back(range);
  });
  return ranges;
}

}  // namespace pidns
