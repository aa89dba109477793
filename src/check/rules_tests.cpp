/// What the `tests` of a spec name: nodes and processes, by their addresses.

#include <algorithm>

#include "base/nearest.h"
#include "check/addresses.h"
#include "check/rules.h"

namespace pidns {
namespace {

/// Beyond this, looking for the nearest name would cost more than it helps.
constexpr std::size_t sensible = 10'000;

void refuse_unknown(const Setting<std::string>& address, const std::vector<Address>& all, std::string_view key,
                    Diagnostics& diagnostics) {
  auto& found = diagnostics.error_at_value(Code::no_such_address, address.place(),
                                           "nothing in this spec has the address `" + *address + '`');
  found.why = "an address counts from the root: `/` is the root, `ns1/ns2` a node in a node";
  const std::string_view bare = address->starts_with('/') ? std::string_view(*address).substr(1) : *address;
  Nearest nearest(bare);
  for (const Address& one : all) {
    if (all.size() > sensible) break;
    nearest.offer(one.text);
    // Somebody who writes the last name alone has left out the way to it.
    if (one.text == bare || one.text.ends_with('/' + std::string(bare))) found.fix = std::string(key) + ": " + one.text;
  }
  if (found.fix.empty() && !nearest.word().empty()) found.fix = std::string(key) + ": " + std::string(nearest.word());
}

/// `in` takes one node; `of` a process, or a node, whose first process is meant.
void look_up(const Scope& scope, const Setting<std::string>& address, bool node_only, const std::vector<Address>& all,
             Diagnostics& diagnostics) {
  if (!address) return;
  std::string_view text = *address;
  const std::string_view key = node_only ? "in" : "of";
  if (!node_only && text == ".init") text = "/";
  if (!node_only && text.ends_with("/.init")) text.remove_suffix(std::string_view("/.init").size());
  const Addressed found = find_address(scope.spec.root, text);
  if (found.node == nullptr && found.process == nullptr) {
    refuse_unknown(address, all, key, diagnostics);
  } else if (found.copies) {
    auto& several = diagnostics.error_at_value(Code::not_a_node, address.place(),
                                               '`' + *address + "` has replicas, and a test looks at one of them");
    const Place place = found.node != nullptr ? found.node->place : found.process->place;
    several.labels.push_back({place.key, "this"});
    const bool last =
        found.node != nullptr ? static_cast<bool>(found.node->replicas) : static_cast<bool>(found.process->replicas);
    several.fix = last ? std::string(key) + ": " + *address + "-1" : "";
  } else if (node_only && found.process != nullptr) {
    const std::size_t slash = address->rfind('/');
    auto& process = diagnostics.error_at_value(Code::not_a_node, address.place(),
                                               '`' + *address + "` is a process, and a test runs in a node");
    process.labels.push_back({found.process->place.key, "the process"});
    process.fix = "in: " + (slash == std::string::npos ? "/" : address->substr(0, slash));
  }
}

/// PIDNS_PID_NS1_WEB, for `ns1/web`.
std::string variable_of(const std::string& address) {
  if (address == "/") return "PIDNS_PID";
  std::string name = "PIDNS_PID_";
  for (const char c : address) {
    const char upper = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    name += (upper >= 'A' && upper <= 'Z') || (upper >= '0' && upper <= '9') ? upper : '_';
  }
  return name;
}

/// What is too much has a finding of its own, and is not written out.
bool has_tests(const Scope& scope) {
  return scope.outer == nullptr && scope.spec.tests && !scope.spec.tests->empty() &&
         count_members(scope.node) <= most_members;
}

}  // namespace

void tests_find_their_address(const Scope& scope, Diagnostics& diagnostics) {
  if (!has_tests(scope)) return;
  const auto names_address = [](const Placed<Test>& test) { return test.value.in || test.value.of; };
  if (std::none_of(scope.spec.tests->begin(), scope.spec.tests->end(), names_address)) return;
  const std::vector<Address> all = all_addresses(scope.node);
  for (const auto& test : *scope.spec.tests) {
    if (!test.value.of) look_up(scope, test.value.in, true, all, diagnostics);
    look_up(scope, test.value.of, false, all, diagnostics);
  }
}

void tests_tell_addresses_apart(const Scope& scope, Diagnostics& diagnostics) {
  if (!has_tests(scope)) return;
  struct Named {
    std::string variable;
    Address address;
  };
  std::vector<Named> named;
  for (Address& address : all_addresses(scope.node)) {
    std::string variable = variable_of(address.text);
    named.push_back({std::move(variable), std::move(address)});
  }
  std::stable_sort(named.begin(), named.end(), [](const Named& a, const Named& b) { return a.variable < b.variable; });
  for (std::size_t i = 1; i < named.size(); ++i) {
    if (named[i].variable != named[i - 1].variable) continue;
    const Address& first = named[i - 1].address;
    const Address& second = named[i].address;
    auto& found = diagnostics.error(
        Code::variable_twice, second.place,
        '`' + first.text + "` and `" + second.text + "` would both give tests the variable " + named[i].variable);
    if (first.place.key != second.place.key) found.labels.push_back({first.place.key, "the other one"});
    found.labels.push_back({scope.spec.tests.place().key, "only a spec with `tests` must tell them apart"});
    found.why = "of an address every character but A to Z and 0 to 9 becomes `_` there";
    found.fix = "another name for one of them";
  }
}

}  // namespace pidns
