#include "render/patterns.h"

#include "base/capability_name.h"
#include "base/signal_name.h"

namespace pidns {
namespace {

/// `[Tt][Ee][Rr][Mm]`: ECMAScript knows no other way to ignore case within a pattern.
std::string any_case(std::string_view word) {
  std::string pattern;
  for (const char c : word) {
    const bool letter = c >= 'A' && c <= 'Z';
    pattern += letter ? std::string{'[', c, static_cast<char>(c + 32), ']'} : std::string(1, c);
  }
  return pattern;
}

template <class Words>
std::string any_case_of(const Words& words) {
  std::string pattern;
  for (const std::string_view word : words) pattern += (pattern.empty() ? "" : "|") + any_case(word);
  return pattern;
}

}  // namespace

std::string signal_pattern() {
  const std::string real_time = any_case("RTMIN") + "(\\+[0-9]{1,2})?|" + any_case("RTMAX") + "(-[0-9]{1,2})?";
  return "^((" + any_case("SIG") + ")?(" + any_case_of(signal_words()) + '|' + real_time + ")|[0-9]{1,2})$";
}

std::string capability_pattern() { return "^(" + any_case("CAP_") + ")?(" + any_case_of(capability_names) + ")$"; }

std::string duration_pattern(bool may_be_negative) {
  const std::string number = "[0-9]+(\\.[0-9]+)?";
  const std::string parts = "([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?" + number + "(d|h|m|s|ms)";
  return std::string("^") + (may_be_negative ? "-?" : "") + '(' + number + '|' + parts + ")$";
}

}  // namespace pidns
