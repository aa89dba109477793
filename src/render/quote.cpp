#include "render/quote.h"

#include <algorithm>

namespace pidns {
namespace {

bool is_control(char letter) {
  const auto byte = static_cast<unsigned char>(letter);
  return byte < 0x20 || byte == 0x7f;
}

bool is_bare(char letter) {
  const auto byte = static_cast<unsigned char>(letter);
  constexpr std::string_view others = "_-./:=,+@%^";
  return byte >= 0x80 || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
         others.find(letter) != std::string_view::npos;
}

std::string escaped(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string quoted = "$'";
  for (const char letter : text) {
    if (letter == '\n')
      quoted += "\\n";
    else if (letter == '\t')
      quoted += "\\t";
    else if (is_control(letter))
      quoted += {'\\', 'x', digits[static_cast<unsigned char>(letter) >> 4], digits[letter & 15]};
    else if (letter == '\'' || letter == '\\')
      quoted += {'\\', letter};
    else
      quoted += letter;
  }
  return quoted + "'";
}

}  // namespace

std::string shell_word(std::string_view text) {
  if (!text.empty() && std::all_of(text.begin(), text.end(), is_bare)) return std::string(text);
  if (std::any_of(text.begin(), text.end(), is_control)) return escaped(text);
  std::string quoted = "'";
  for (const char letter : text) quoted += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
  return quoted + "'";
}

}  // namespace pidns
