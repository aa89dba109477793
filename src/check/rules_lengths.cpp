/// Texts and lists longer than the kernel takes: execve(2), "Limits on size of arguments and environment", and
/// path_resolution(7).

#include <sys/resource.h>

#include <algorithm>
#include <limits>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

#include "check/lengths.h"
#include "check/rules.h"

namespace pidns {
namespace {

constexpr std::uint64_t least_of_all = always_taken;  // ARG_MAX: so much is taken under any limit of the stack.
constexpr std::uint64_t most_of_all = 6U << 20U;     // Three quarters of the 8 MiB that a stack begins with.
constexpr std::size_t pages_of_one = 32;             // MAX_ARG_STRLEN, the NUL included.
constexpr std::size_t most_groups = 65536;           // NGROUPS_MAX.
constexpr std::size_t longest_path = 4095;           // PATH_MAX, the NUL included.
constexpr std::size_t longest_component = 255;       // NAME_MAX.

std::size_t bytes_of(const EnvironmentEntry& entry) noexcept {
  return entry.value ? entry.name.size() + 1 + entry.value->size() + 1 : 0;
}

/// The strings of an argv, and each with its pointer.
struct Size {
  std::uint64_t bytes = 0;
  std::uint64_t strings = 0;
  std::uint64_t longest = 0;

  void add(std::size_t length) noexcept {
    bytes += length + 1;
    strings += 1;
    longest = std::max<std::uint64_t>(longest, length + 1);
  }
  [[nodiscard]] std::uint64_t all() const noexcept { return bytes + strings * sizeof(char*); }
};

Size size_of(const std::vector<std::string>& words) noexcept {
  Size size;
  for (const std::string& word : words) size.add(word.size());
  return size;
}

Size size_of(const ProcessSpec& process) noexcept {
  if (process.command) return size_of(*process.command);
  Size size;
  if (process.script) size.add(process.script->size());
  return size;
}

/// Of the program that probes.
Size size_of(const Ready& ready) noexcept {
  Size size = size_of(ready.command);
  if (ready.probe == Ready::Probe::script) size.add(ready.text.size());
  return size;
}

std::uint64_t size_of(const Inherited& keys) noexcept {
  std::uint64_t size = 0;
  if (keys.env)
    for (const auto& entry : *keys.env) size += bytes_of(entry.value) + sizeof(char*);
  return size;
}

std::uint64_t size_of(const Node& node) noexcept {
  std::uint64_t size = size_of(node.defaults);
  for (const ProcessSpec& process : node.processes) {
    size += size_of(process).all() + size_of(process.own);
    if (process.ready) size += size_of(*process.ready).all();
  }
  for (const Node& nested : node.namespaces) size += size_of(nested);
  return size;
}

/// Goes through the tree with the variables that hold where it stands: each is looked at once where it begins
/// and once where it ends to hold, however many processes get it.
class Arguments {
 public:
  Arguments(const CallerFacts& facts, Diagnostics& diagnostics)
      : diagnostics_(diagnostics), longest_(pages_of_one * facts.page_size), stack_(facts.soft_stack) {}

  void look_at(const Node& node) {
    const Held held(*this, node.defaults);
    for (const ProcessSpec& process : node.processes) {
      const Held own(*this, process.own);
      look_at(process);
    }
    for (const Node& nested : node.namespaces) look_at(nested);
  }

 private:
  using Entry = Placed<EnvironmentEntry>;

  /// What a node or process adds holds as long as this does.
  class Held {
   public:
    Held(Arguments& all, const Inherited& keys) : all_(all), stack_(all.stack_) {
      if (keys.rlimits)
        for (const auto& limit : *keys.rlimits)
          if (limit.value.resource == RLIMIT_STACK) all.stack_ = limit.value.soft;
      if (!keys.env) return;
      replaced_.reserve(keys.env->size());
      for (const Entry& entry : *keys.env) {
        const Entry*& now = all.variables_[entry.value.name];
        replaced_.emplace_back(entry.value.name, now);
        all.exchange(now, &entry);
      }
    }
    ~Held() {
      all_.stack_ = stack_;
      for (auto one = replaced_.rbegin(); one != replaced_.rend(); ++one)
        all_.exchange(all_.variables_[one->first], one->second);
    }
    Held(const Held&) = delete;
    Held& operator=(const Held&) = delete;

   private:
    Arguments& all_;
    std::uint64_t stack_;
    std::vector<std::pair<std::string_view, const Entry*>> replaced_;
  };

  void exchange(const Entry*& now, const Entry* next) {
    count(now, false);
    count(next, true);
    now = next;
  }

  void count(const Entry* entry, bool comes) {
    const std::size_t bytes = entry != nullptr ? bytes_of(entry->value) : 0;
    if (bytes == 0) return;
    comes ? bytes_ += bytes + sizeof(char*) : bytes_ -= bytes + sizeof(char*);
    if (bytes > longest_) comes ? (void)too_long_.insert(entry) : (void)too_long_.erase(entry);
  }

  void look_at(const ProcessSpec& process) {
    for (const Entry* entry : too_long_)
      if (said_.insert(entry).second)
        refuse_one(entry->place, "the variable `" + entry->value.name + '`', bytes_of(entry->value));
    const Size size = size_of(process);
    const Place place = process.command ? process.command.place() : process.script.place();
    if (size.longest > longest_) {
      refuse_one(place, process.command ? "an argument" : "the script", size.longest);
      return;
    }
    if (process.ready)
      if (const Size probe = size_of(*process.ready); probe.longest > longest_)
        refuse_one(process.ready.place(), "an argument of the probe", probe.longest);
    // They stand on the stack, which a limit below the 128 KiB holds no less.
    const std::uint64_t most = std::min(std::clamp(stack_ / 4, least_of_all, most_of_all), stack_);
    if (!too_long_.empty() || size.all() + bytes_ < most) return;
    auto& found = diagnostics_.error(Code::too_long, place,
                                     "arguments and environment of " + std::to_string(size.all() + bytes_) + " bytes");
    found.why = "execve(2) takes less than " + std::to_string(most) +
                " in all, the strings and 8 bytes for each: a quarter of the soft limit `stack`, never more than "
                "6 MiB (E2BIG)";
    found.fix = "hand over a file";
  }

  void refuse_one(Place place, const std::string& what, std::uint64_t bytes) {
    auto& found =
        diagnostics_.error(Code::too_long, place, what + " of " + std::to_string(bytes - 1) + " bytes");
    found.why = "execve(2) takes strings of at most " + std::to_string(longest_ - 1) + " bytes (E2BIG)";
    found.fix = "hand over a file";
  }

  Diagnostics& diagnostics_;
  const std::uint64_t longest_;
  std::uint64_t stack_;  ///< The soft limit, as it is set where the walk stands.
  std::uint64_t bytes_ = 0;
  std::unordered_map<std::string_view, const Entry*> variables_;
  std::set<const Entry*> too_long_;
  std::set<const Entry*> said_;
};

void look_at_path(const Placed<std::string_view>& path, Diagnostics& diagnostics) {
  const std::string_view text = path.value;
  if (text.size() > longest_path) {
    diagnostics.error(Code::too_long, path.place, "a path of " + std::to_string(text.size()) + " bytes").why =
        "the kernel takes at most 4095 (ENAMETOOLONG)";
    return;
  }
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('/', begin), text.size());
    if (end - begin > longest_component) {
      diagnostics
          .error(Code::too_long, path.place, "a path with a name of " + std::to_string(end - begin) + " bytes in it")
          .why = "no file has a name of more than 255 bytes (ENAMETOOLONG)";
      return;
    }
    begin = end + 1;
  }
}

template <class T>
void look_at_path(const Setting<T>& setting, std::string_view text, Diagnostics& diagnostics) {
  look_at_path({text, setting.place()}, diagnostics);
}

}  // namespace

std::uint64_t argument_bytes(const Spec& spec) noexcept { return size_of(spec.root); }

// Of the whole tree at once.
void arguments_are_taken(const Scope& scope, Diagnostics& diagnostics) {
  if (scope.outer == nullptr && argument_bytes(scope.spec) >= least_of_all)
    Arguments(scope.facts, diagnostics).look_at(scope.node);
}

void lists_and_paths_are_taken(const Scope& scope, Diagnostics& diagnostics) {
  const Node& node = scope.node;
  const auto cwd = [&diagnostics](const Inherited& keys) {
    if (keys.cwd) look_at_path(keys.cwd, *keys.cwd, diagnostics);
  };
  cwd(node.defaults);
  if (node.mount_proc) look_at_path(node.mount_proc, node.mount_proc->target, diagnostics);
  if (node.root) look_at_path(node.root, node.root->path, diagnostics);
  if (node.join)
    for (const auto& entry : *node.join)
      if (const auto* path = std::get_if<std::string>(&entry.value.target))
        look_at_path({*path, entry.place}, diagnostics);
  if (node.mounts)
    for (const auto& mount : *node.mounts) {
      look_at_path({mount.value.target, mount.place}, diagnostics);
      if (mount.value.type == "bind") look_at_path({mount.value.source, mount.place}, diagnostics);
    }
  for (const ProcessSpec& process : node.processes) {
    if (process.groups && process.groups->size() > most_groups)
      diagnostics.error(Code::too_long, process.groups.place(), "more than 65536 groups").why =
          "setgroups(2) takes no more (EINVAL)";
    if (process.ready && process.ready->probe == Ready::Probe::path)
      look_at_path(process.ready, process.ready->text, diagnostics);
    cwd(process.own);
    for (const auto* stream : {&process.stdin_, &process.stdout_, &process.stderr_})
      if (*stream) look_at_path(*stream, (*stream)->path, diagnostics);
  }
}

}  // namespace pidns
