#include "check/programs.h"

#include <algorithm>
#include <vector>

namespace pidns {
namespace {

bool changes_files(const Node& node) {
  const auto filled = [](const auto& setting) { return setting && !setting->empty(); };
  const bool joins_files = node.join && std::any_of(node.join->begin(), node.join->end(), [](const auto& target) {
                             return target.value.kind == NamespaceKind::mount;
                           });
  return joins_files || node.root || filled(node.mounts) || filled(node.masked_paths);
}

/// The PATH of a process, whose settings come innermost first; nothing: the caller's.
std::optional<std::string> path_of(const std::vector<const Inherited*>& settings) {
  for (const Inherited* level : settings) {
    if (!level->env) continue;
    for (const auto& entry : *level->env)
      if (entry.value.name == "PATH") return entry.value.value.value_or(default_path);
  }
  const auto clears = std::find_if(settings.begin(), settings.end(), [](const auto* level) { return bool(level->clear_env); });
  if (clears == settings.end() || !*(*clears)->clear_env) return std::nullopt;
  const auto kept = std::find_if(settings.begin(), settings.end(), [](const auto* level) { return bool(level->keep_env); });
  if (kept != settings.end() && keeps_variable(*(*kept)->keep_env, "PATH")) return std::nullopt;
  return default_path;
}

}  // namespace

bool keeps_variable(std::span<const std::string> keep_env, std::string_view name) noexcept {
  return std::any_of(keep_env.begin(), keep_env.end(), [&](std::string_view pattern) {
    return pattern.ends_with('*') ? name.starts_with(pattern.substr(0, pattern.size() - 1)) : name == pattern;
  });
}

std::optional<ProgramName> program_of(const ProcessSpec& process, std::span<const Node* const> nodes) {
  if (!process.command || process.command->empty()) return std::nullopt;
  const std::string& name = process.command->front();
  if (name.empty() || (name[0] != '/' && name.find('/') != std::string::npos)) return std::nullopt;
  if (std::any_of(nodes.begin(), nodes.end(), [](const Node* node) { return changes_files(*node); })) return std::nullopt;
  if (name[0] == '/') return ProgramName{name, {}};
  std::vector<const Inherited*> settings{&process.own};
  for (auto node = nodes.rbegin(); node != nodes.rend(); ++node) settings.push_back(&(*node)->defaults);
  return ProgramName{name, path_of(settings)};
}

}  // namespace pidns
