#include "render/phrases.h"

#include <sys/resource.h>

#include "render/quote.h"
#include "render/words.h"

namespace pidns {

std::string identity_text(const Identity& identity) {
  if (const auto* number = std::get_if<std::uint32_t>(&identity)) return std::to_string(*number);
  return std::get<std::string>(identity);
}

std::string id_map_text(const ResolvedIdMap& map) {
  std::string text;
  for (const IdExtent& extent : map.extents)
    text += (text.empty() ? "" : ", ") + std::to_string(extent.inside) + "=" + std::to_string(extent.outside) +
            (extent.count == 1 ? "" : " (" + std::to_string(extent.count) + ")");
  return text.empty() ? "none" : text;
}

std::string limit_text(std::uint64_t value) { return value == RLIM_INFINITY ? "unlimited" : std::to_string(value); }

std::string octal(unsigned number) {
  std::string text;
  for (; number != 0; number >>= 3) text.insert(text.begin(), static_cast<char>('0' + (number & 7)));
  return text.insert(0, text.size() < 4 ? 4 - text.size() : 0, '0');
}

std::string options_text(const std::vector<std::string>& options) {
  std::string text;
  for (const std::string& option : options) text += (text.empty() ? " (" : ", ") + option;
  return text.empty() ? text : text + ")";
}

std::string mount_text(const Mount& mount) {
  const std::string target = shell_word(mount.target);
  const std::string options = options_text(mount.options);
  if (mount.type == "bind") return "bind " + shell_word(mount.source) + " to " + target + options;
  if (mount.type == "symlink") return "link " + target + " to " + shell_word(mount.source);
  if (mount.type == "dir") return "make folder " + target;
  if (mount.type == "file") return "make file " + target;
  const std::string source = mount.source.empty() ? "" : " of " + shell_word(mount.source);
  return "mount " + shell_word(mount.type) + source + " on " + target + options;
}

std::string root_text(const Root& root) {
  switch (root.type) {
    case Root::Type::directory:
      return "change root to " + shell_word(root.path);
    case Root::Type::tmpfs:
      return "change root to an empty tmpfs" + options_text(root.options);
    case Root::Type::overlay:
      return "change root to a copy of " + shell_word(root.path) + options_text(root.options);
  }
  return "";
}

}  // namespace pidns
