#include "cli/entering.h"

#include <charconv>

#include "base/nearest.h"
#include "cli/output.h"
#include "cli/verbs.h"
#include "run/parent/outcome.h"

namespace pidns::cli {
namespace {

tl::expected<NamespaceSet, std::string> parse_kinds(std::string_view words) {
  NamespaceSet kinds;
  while (true) {
    const std::string_view word = words.substr(0, words.find(','));
    if (const auto kind = namespace_kind(word)) {
      kinds.add(*kind);
    } else {
      Nearest near(word);
      std::string all;
      for (const NamespaceKindInfo& row : namespace_kinds) {
        near.offer(row.name);
        all += (all.empty() ? "" : ", ") + std::string(row.name);
      }
      std::string message = "there is no kind of namespace `" + std::string(word) + "`";
      message += near.word().empty() ? ": there are " + all : "; did you mean `" + std::string(near.word()) + "`?";
      return tl::unexpected(message);
    }
    if (word.size() == words.size()) return kinds;
    words.remove_prefix(word.size() + 1);
  }
}

/// A number is one; anything else is a name, which the node's files know or do not.
std::optional<Identity> identity(std::string_view word) {
  if (word.empty()) return std::nullopt;
  std::uint32_t number = 0;
  const auto end = std::from_chars(word.data(), word.data() + word.size(), number);
  if (end.ec == std::errc{} && end.ptr == word.data() + word.size()) return Identity(number);
  return Identity(std::string(word));
}

}  // namespace

std::optional<int> parse_pid(const std::string& word) {
  int pid = 0;
  const auto end = std::from_chars(word.data(), word.data() + word.size(), pid);
  if (end.ec != std::errc{} || end.ptr != word.data() + word.size() || pid < 1) return std::nullopt;
  return pid;
}

tl::expected<Entry, std::string> parse_entry(const ParsedArguments& parsed) {
  Entry entry;
  if (parsed.has(option::kind)) {
    const auto kinds = parse_kinds(parsed.value(option::kind, ""));
    if (!kinds) return tl::unexpected(kinds.error());
    entry.kinds = *kinds;
  }
  entry.user = identity(parsed.value(option::user, ""));
  entry.group = identity(parsed.value(option::group, ""));
  if (parsed.has_arguments && parsed.arguments.empty()) return tl::unexpected(std::string("a command comes after --"));
  entry.exec.argv = parsed.arguments;
  entry.exec.environment = std::make_shared<EnvironmentPlan>();
  return entry;
}

int enter_and_report(Entry entry, const std::string& where) {
  const EntryResult result = enter(std::move(entry));
  if (!result.problem.empty()) complain(where + ": " + result.problem);
  if (result.die_of != 0) die_of(result.die_of);
  return result.status;
}

}  // namespace pidns::cli
