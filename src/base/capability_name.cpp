#include "base/capability_name.h"

namespace pidns {

std::optional<unsigned> parse_capability(std::string_view word) {
  std::string name(word.substr(0, 64));
  for (char& c : name)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
  if (name.starts_with("CAP_")) name.erase(0, 4);
  for (unsigned number = 0; number < capability_names.size(); ++number)
    if (capability_names[number] == name) return number;
  return std::nullopt;
}

std::string capability_name(unsigned number) {
  if (number >= capability_names.size()) return "capability " + std::to_string(number);
  return "CAP_" + std::string(capability_names[number]);
}

}  // namespace pidns
