#include "cli/instances.h"

#include <vector>

#include "base/nearest.h"
#include "cli/output.h"
#include "render/columns.h"
#include "run/look/translate.h"
#include "state/store.h"

namespace pidns::cli {
namespace {

constexpr std::size_t most_listed = 40;

std::string listed(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size() && i < most_listed; ++i) text += (i == 0 ? "" : ", ") + words[i];
  if (words.size() > most_listed) text += " and " + std::to_string(words.size() - most_listed) + " more";
  return text;
}

std::string nearest_of(const std::vector<std::string>& words, const std::string& word) {
  Nearest near(word);
  for (const std::string& each : words) near.offer(each);
  return near.word().empty() ? "" : "; did you mean `" + std::string(near.word()) + "`?";
}

void write_list(const std::vector<std::string>& words) {
  for (const std::string& line : wrap("There are: " + listed(words), page_width)) write_error(line + "\n");
}

void say(const Command& command, const std::string& sentence) { complain(std::string(command.name) + ": " + sentence); }

/// Its pids as they count here.
std::optional<RunState> seen_from_here(const Command& command, RunState state) {
  if (!proc_counts_as_we_do()) {
    say(command, "`" + state.name + "` can't be looked into from here: " + std::string(proc_counts_others));
    return std::nullopt;
  }
  if (bring_here(state)) return state;
  say(command, "`" + state.name + "` was started in another pid namespace (" + std::to_string(state.pid_namespace) +
                   "), whose processes can't be seen from here: ask from there, or from one around it");
  return std::nullopt;
}

}  // namespace

std::optional<RunState> instance_named(const Command& command, const std::string& name) {
  auto state = find_instance(name);
  if (!state) {
    std::vector<std::string> names;
    for (RunState& each : live_instances()) {
      names.push_back(each.name);
      if (each.name == name) state = std::move(each);  // Listed since we looked.
    }
    if (state) return seen_from_here(command, std::move(*state));
    std::string why;
    const bool no_folder = names.empty() && state_folder(&why).empty() && !why.empty();
    say(command, "there is no instance `" + name + "`" + nearest_of(names, name));
    if (!names.empty())
      write_list(names);
    else
      write_error(no_folder ? "None can be listed: " + why + "\n" : "Nothing runs that is listed.\n");
    return std::nullopt;
  }
  return seen_from_here(command, std::move(*state));
}

std::optional<Located> place_named(const Command& command, const RunState& state, const std::string& address) {
  if (auto place = locate(state, address)) return place;
  const std::vector<std::string> addresses = addresses_of(state);
  say(command, "`" + state.name + "` has nothing at `" + address + "`" + nearest_of(addresses, address));
  write_list(addresses);
  return std::nullopt;
}

std::optional<Located> default_place(const Command& command, const RunState& state) {
  if (auto place = locate_default(state)) return place;
  say(command, "`" + state.name + "` has several processes and none is `main`: say which is meant");
  write_list(addresses_of(state));
  return std::nullopt;
}

std::optional<ProcessIdentity> living_in(const RunState& state, const Located& place) {
  if (place.process && state.processes[*place.process].role == "command" &&
      lives(state.processes[*place.process].identity))
    return state.processes[*place.process].identity;
  for (std::uint32_t node = place.node;;) {
    const NodeRecord& record = state.nodes[node];
    const ProcessRecord* found = nullptr;
    for (const ProcessRecord& each : state.processes)
      if (each.node == node && (found == nullptr || (each.is_pid1 && !found->is_pid1)) && lives(each.identity))
        found = &each;
    if (found != nullptr) return found->identity;
    if (!record.unshared.empty() || !record.joined.empty()) return std::nullopt;
    if (record.parent >= state.nodes.size() || record.parent == node) return state.supervisor;
    node = record.parent;
  }
}

}  // namespace pidns::cli
