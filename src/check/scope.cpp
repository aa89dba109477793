#include "check/scope.h"

#include <algorithm>

namespace pidns {

const Scope* Scope::maker(NamespaceKind kind) const noexcept {
  for (const Scope* scope = this; scope != nullptr; scope = scope->outer)
    if (scope->node.makes(kind)) return scope;
  return nullptr;
}

bool is_single(const Node& node) noexcept {
  return node.processes.size() == 1 && node.namespaces.empty() && node.processes[0].replicas.value_or(1) == 1;
}

bool command_is_pid1(const Node& node) noexcept {
  if (!node.makes(NamespaceKind::pid) || !is_single(node)) return false;
  const bool* written = node.init ? std::get_if<bool>(&*node.init) : nullptr;
  return !node.init || (written != nullptr && !*written);
}

int kill_child_signal(const Node& node) noexcept { return node.kill_child ? node.kill_child->signal : sigkill; }

bool mounts_proc(const Node& node) noexcept {
  if (node.mount_proc && !node.mount_proc->target.empty()) return true;
  return node.mounts && std::any_of(node.mounts->begin(), node.mounts->end(),
                                    [](const auto& mount) { return mount.value.type == "proc"; });
}

bool unshare_is_unknown(const Node& node) noexcept { return node.unshare_words && node.unshare_words->empty(); }

Span unshare_word(const Node& node, NamespaceKind kind) {
  if (node.unshare_words)
    for (const auto& word : *node.unshare_words)
      if (word.value == kind) return word.place.key;
  return node.unshare.place().value;
}

std::string kind_words(NamespaceSet kinds) {
  std::vector<std::string_view> names;
  kinds.each([&](const NamespaceKindInfo& row) { names.push_back(row.name); });
  std::string words;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i != 0) words += i + 1 == names.size() ? " and " : ", ";
    words += names[i];
  }
  return words;
}

std::string unshare_with(const Node& node, NamespaceKind more) {
  std::string list;
  const auto add = [&](std::string_view name) { list += (list.empty() ? "" : ", ") + std::string(name); };
  // The user namespace owns the others, so people write it first.
  if (more == NamespaceKind::user) add("user");
  if (node.unshare_words) {
    for (const auto& word : *node.unshare_words) add(info(word.value).name);
  } else {
    node.unshared().each([&](const NamespaceKindInfo& row) { add(row.name); });
  }
  if (more != NamespaceKind::user) add(info(more).name);
  return "unshare: [" + list + ']';
}

}  // namespace pidns
