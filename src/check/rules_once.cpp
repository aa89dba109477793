/// What may stand at most once in a spec or a node, and what needs a key beside it.

#include "check/rules.h"

namespace pidns {
namespace {

/// Walks the tree in document order; from the second on, each process for which `wanted` holds is one
/// too many.
template <class Wanted, class PlaceOf>
void at_most_one(const Node& node, const Wanted& wanted, const PlaceOf& place, std::string_view what,
                 const ProcessSpec*& first, Diagnostics& diagnostics) {
  for (const ProcessSpec& process : node.processes) {
    if (!wanted(process)) continue;
    if (first == nullptr) {
      first = &process;
      continue;
    }
    diagnostics.error(place(process), "a second process with " + std::string(what))
        .labels.push_back({place(*first).key, "the first one"});
  }
  for (const Node& inner : node.namespaces) at_most_one(inner, wanted, place, what, first, diagnostics);
}

bool clears_env(const Scope& scope, const Inherited& own) {
  if (own.clear_env) return *own.clear_env;
  for (const Scope* around = &scope; around != nullptr; around = around->outer)
    if (around->node.defaults.clear_env) return *around->node.defaults.clear_env;
  return false;
}

void keeps_what_is_cleared(const Scope& scope, const Inherited& own, Diagnostics& diagnostics) {
  if (!own.keep_env || clears_env(scope, own)) return;
  auto& found = diagnostics.error(own.keep_env.place(), "`keep-env` needs `clear-env`");
  found.why = "without it the whole environment of the caller is kept";
  found.fix = "clear-env: true";
}

}  // namespace

void one_main(const Scope& scope, Diagnostics& diagnostics) {
  if (scope.outer != nullptr) return;
  const auto wanted = [](const ProcessSpec& process) { return process.main && *process.main; };
  const auto place = [](const ProcessSpec& process) { return process.main.place(); };
  const ProcessSpec* first = nullptr;
  at_most_one(scope.node, wanted, place, "`main: true`", first, diagnostics);
}

void one_new_terminal(const Scope& scope, Diagnostics& diagnostics) {
  if (scope.outer != nullptr) return;
  const auto wanted = [](const ProcessSpec& process) {
    return process.terminal && *process.terminal == Terminal::new_;
  };
  const auto place = [](const ProcessSpec& process) { return process.terminal.place(); };
  const ProcessSpec* first = nullptr;
  at_most_one(scope.node, wanted, place, "`terminal: new`", first, diagnostics);
}

void keep_env_clears(const Scope& scope, Diagnostics& diagnostics) {
  keeps_what_is_cleared(scope, scope.node.defaults, diagnostics);
  for (const ProcessSpec& process : scope.node.processes) keeps_what_is_cleared(scope, process.own, diagnostics);
}

void kinds_are_made_or_joined(const Scope& scope, Diagnostics& diagnostics) {
  if (!scope.node.join || unshare_is_unknown(scope.node)) return;
  for (const auto& target : *scope.node.join) {
    if (!scope.node.makes(target.value.kind)) continue;
    const std::string name(info(target.value.kind).name);
    auto& found = diagnostics.error(target.place, '`' + name + "` is both made new and joined");
    found.labels.push_back({unshare_word(scope.node, target.value.kind), "made new here"});
    found.why = "a process is in one namespace of each kind";
  }
}

}  // namespace pidns
