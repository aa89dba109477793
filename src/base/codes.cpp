#include "base/codes.h"

namespace pidns {
namespace {

constexpr CodeInfo table[] = {
#define PIDNS_CODE(name, number, rule_of, title) {Code::name, RuleOf::rule_of, title},
    PIDNS_CODES(PIDNS_CODE)
#undef PIDNS_CODE
};

constexpr bool ascending() {
  Code before = Code::none;
  for (const CodeInfo& row : table) {
    if (row.code <= before) return false;
    before = row.code;
  }
  return true;
}
static_assert(ascending(), "a number is given twice, or stands out of order");

}  // namespace

std::span<const CodeInfo> codes() noexcept { return table; }

const CodeInfo* find_code(std::string_view word) noexcept {
  if (word.starts_with('P') || word.starts_with('p')) word.remove_prefix(1);
  if (word.empty() || word.size() > 4) return nullptr;
  unsigned number = 0;
  for (const char c : word) {
    if (c < '0' || c > '9') return nullptr;
    number = number * 10 + static_cast<unsigned>(c - '0');
  }
  for (const CodeInfo& row : table)
    if (static_cast<unsigned>(row.code) == number) return &row;
  return nullptr;
}

std::string code_text(Code code) {
  if (code == Code::none) return {};
  const std::string digits = std::to_string(static_cast<unsigned>(code));
  return 'P' + std::string(digits.size() < 3 ? 3 - digits.size() : 0, '0') + digits;
}

}  // namespace pidns
