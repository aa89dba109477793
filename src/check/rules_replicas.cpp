/// Copies: where they may stand, and how many there are in the end.

#include <algorithm>

#include "check/addresses.h"
#include "check/rules.h"

namespace pidns {
namespace {

constexpr std::size_t longest_name = 63;

/// The names of one node's processes and nodes, sorted, each with its place.
using Names = std::vector<std::pair<std::string_view, Place>>;

Names names_of(const Node& node) {
  Names names;
  for (const ProcessSpec& one : node.processes) names.emplace_back(one.name, one.place);
  for (const Node& one : node.namespaces) names.emplace_back(one.name, one.place);
  std::sort(names.begin(), names.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  return names;
}

/// Whether what stands behind `web-` is the number of one of so many copies.
bool is_copy(std::string_view digits, std::uint32_t copies) noexcept {
  if (digits.empty() || digits.size() > 5 || digits[0] == '0') return false;
  std::uint32_t number = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return false;
    number = number * 10 + static_cast<std::uint32_t>(c - '0');
  }
  return number <= copies;
}

/// Names that the copies would have: `web-1` to `web-N`.
void copies_have_names(const Names& names, const std::string& name, const Setting<std::uint32_t>& replicas,
                       Diagnostics& diagnostics) {
  if (!replicas || name.empty()) return;
  const std::string stem = name + '-';
  const std::string longest = stem + std::to_string(*replicas);
  if (longest.size() > longest_name) {
    auto& found =
        diagnostics.error(Code::copy_name, replicas.place(), "a copy's name would be longer than 63 characters");
    found.why = "the last one would be called " + longest;
  }
  auto next = std::lower_bound(names.begin(), names.end(), std::string_view(stem),
                               [](const auto& one, std::string_view wanted) { return one.first < wanted; });
  for (; next != names.end() && next->first.starts_with(stem); ++next) {
    if (!is_copy(next->first.substr(stem.size()), *replicas)) continue;
    auto& found = diagnostics.error(Code::copy_name, replicas.place(),
                                    "a copy would be called `" + std::string(next->first) + "`, which exists already");
    found.labels.push_back({next->second.key, "here"});
  }
}

bool has_replicas(const Node& node) {
  const auto written = [](const auto& one) { return static_cast<bool>(one.replicas); };
  return std::any_of(node.processes.begin(), node.processes.end(), written) ||
         std::any_of(node.namespaces.begin(), node.namespaces.end(), written);
}

}  // namespace

void replicas_are_named(const Scope& scope, Diagnostics& diagnostics) {
  const Node& node = scope.node;
  if (scope.outer == nullptr && node.replicas)
    diagnostics.error(Code::replicas_of_one, node.replicas.place(), "`replicas` on the root");
  if (!has_replicas(node)) return;
  const Names names = names_of(node);
  for (const ProcessSpec& process : node.processes) {
    copies_have_names(names, process.name, process.replicas, diagnostics);
    if (!process.replicas || !process.main || !*process.main) continue;
    diagnostics.error(Code::replicas_of_one, process.replicas.place(), "`replicas` on the process with `main: true`")
        .labels.push_back({process.main.place().key, "the run ends with one process"});
  }
  for (const Node& inner : node.namespaces) copies_have_names(names, inner.name, inner.replicas, diagnostics);
}

// What there is once in a spec is not in something that is copied.
void copies_hold_nothing_single(const Scope& scope, Diagnostics& diagnostics) {
  for (const ProcessSpec& process : scope.node.processes) {
    const bool main = process.main && *process.main;
    const bool terminal = process.terminal && *process.terminal == Terminal::new_;
    if (!main && !terminal) continue;
    const std::string what = main ? "`main: true`" : "`terminal: new`";
    const auto refuse = [&](const Setting<std::uint32_t>& replicas, const std::string& of) {
      if (!replicas || *replicas < 2) return;
      diagnostics.error(Code::replicas_of_one, replicas.place(), "`replicas` on " + of + " with " + what)
          .labels.push_back({(main ? process.main.place() : process.terminal.place()).key, "there is one in a spec"});
    };
    if (!main) refuse(process.replicas, "the process");
    for (const Scope* around = &scope; around != nullptr; around = around->outer)
      refuse(around->node.replicas, "a node around the process");
  }
}

void members_are_not_too_many(const Scope& scope, Diagnostics& diagnostics) {
  if (scope.outer == nullptr && count_members(scope.node) > most_members)
    diagnostics.error(Code::too_much, scope.node.place, "more than 200,000 processes and nodes after replicas");
}

}  // namespace pidns
