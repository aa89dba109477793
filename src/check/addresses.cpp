#include "check/addresses.h"

#include <algorithm>
#include <charconv>

#include "check/scope.h"

namespace pidns {
namespace {

/// The name of a copy: `web-2`, where `web` has at least two.
bool is_copy_of(std::string_view written, std::string_view name, std::uint32_t copies) noexcept {
  if (!written.starts_with(name) || written.size() < name.size() + 2 || written[name.size()] != '-') return false;
  const std::string_view digits = written.substr(name.size() + 1);
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return error == std::errc() && end == digits.data() + digits.size() && digits[0] != '0' && number >= 1 &&
         number <= copies;
}

enum class Match : unsigned char { none, exact, copy };

template <class T>
Match match(const T& one, std::string_view written) noexcept {
  if (one.name == written) return Match::exact;
  return one.replicas && is_copy_of(written, one.name, *one.replicas) ? Match::copy : Match::none;
}

template <class T>
const T* find_named(const std::vector<T>& all, std::string_view written, bool& copies) noexcept {
  for (const T& one : all) {
    const Match found = match(one, written);
    if (found == Match::none) continue;
    copies = copies || (found == Match::exact && one.replicas);
    return &one;
  }
  return nullptr;
}

/// `prefix` is the node's own address with a `/` behind it; empty for the root.
void list_inside(const Node& node, const std::string& prefix, std::vector<Address>& all);

template <class T, class Inside>
void list_copies(const T& one, const std::string& prefix, std::vector<Address>& all, const Inside& inside) {
  if (one.name.empty()) return;
  for (std::uint32_t copy = 1; copy <= copies_of(one); ++copy) {
    const std::string address = prefix + one.name + (one.replicas ? '-' + std::to_string(copy) : std::string());
    all.push_back({address, one.place});
    inside(address + '/');
  }
}

void list_inside(const Node& node, const std::string& prefix, std::vector<Address>& all) {
  if (has_own_resident(node)) all.push_back({prefix + ".init", node.place});
  for (const ProcessSpec& process : node.processes) list_copies(process, prefix, all, [](const std::string&) {});
  for (const Node& inner : node.namespaces)
    list_copies(inner, prefix, all, [&](const std::string& below) { list_inside(inner, below, all); });
}

}  // namespace

Addressed find_address(const Node& root, std::string_view address) noexcept {
  if (address == "/") return {&root, nullptr, false};
  Addressed found{&root, nullptr, false};
  while (true) {
    const std::size_t slash = address.find('/');
    const std::string_view name = address.substr(0, slash);
    const bool last = slash == std::string_view::npos;
    const Node* around = found.node;
    found.node = find_named(around->namespaces, name, found.copies);
    if (found.node == nullptr && last && !name.empty())
      found.process = find_named(around->processes, name, found.copies);
    if (last || found.node == nullptr) return found;
    address.remove_prefix(slash + 1);
  }
}

std::vector<Address> all_addresses(const Node& root) {
  std::vector<Address> all{{"/", root.place}};
  list_inside(root, "", all);
  return all;
}

std::uint64_t count_members(const Node& node) noexcept {
  constexpr std::uint64_t enough = 1'000'000'000;
  std::uint64_t sum = 0;
  for (const ProcessSpec& process : node.processes) sum += copies_of(process);
  for (const Node& inner : node.namespaces) sum = std::min(enough, sum + (1 + count_members(inner)) * copies_of(inner));
  return sum;
}

bool has_own_resident(const Node& node) noexcept {
  if (!node.unshare && !node.join) return false;
  const bool* written = node.init ? std::get_if<bool>(&*node.init) : nullptr;
  return !is_single(node) || (node.init && (written == nullptr || *written));
}

}  // namespace pidns
