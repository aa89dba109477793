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

constexpr std::uint32_t not_an_id = 0xffffffff;

/// A number is one; anything else is a name, which the node's files know or do not. Not -1, which
/// setresuid(2) takes for "unchanged": the caller's would stay.
tl::expected<std::optional<Identity>, std::string> identity(const ParsedArguments& parsed, const Option& option) {
  if (!parsed.has(option)) return std::nullopt;
  const std::string_view word = parsed.value(option, "");
  std::uint32_t number = 0;
  const auto end = std::from_chars(word.data(), word.data() + word.size(), number);
  if (end.ec != std::errc{} || end.ptr != word.data() + word.size()) return Identity(std::string(word));
  if (number != not_an_id) return Identity(number);
  return tl::unexpected("`" + std::string(word) + "` is no " + std::string(option.name) +
                        ": a number from 0 to 4294967294, or a name");
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
  const auto user = identity(parsed, option::user);
  if (!user) return tl::unexpected(user.error());
  entry.user = *user;
  const auto group = identity(parsed, option::group);
  if (!group) return tl::unexpected(group.error());
  entry.group = *group;
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
