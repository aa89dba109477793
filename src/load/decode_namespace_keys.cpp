/// The keys of a node that make, enter and name namespaces.

#include "load/decode.h"

namespace pidns {
namespace {

/// The kind that a scalar names; a finding where it names none.
std::optional<NamespaceKind> read_kind(Reader& reader, const Item& item, std::string_view word) {
  if (const auto kind = namespace_kind(word)) return kind;
  if (word == "all" && item.element) {
    reader.refuse(Code::unknown_kind, item, "`all` is not an element of a list").fix = "unshare: all";
    return std::nullopt;
  }
  auto& found = reader.refuse(word.empty() ? Code::no_value : Code::unknown_kind, item,
                              word.empty() ? "`unshare` names no kind" : ticked(word) + " is no kind of namespace");
  const std::string_view suggestion = suggested_kind(word);
  if (!suggestion.empty())
    found.fix = item.element ? std::string(suggestion) : "unshare: [" + std::string(suggestion) + "]";
  found.why = "the kinds are pid, mount, uts, ipc, net, user, cgroup and time";
  return std::nullopt;
}

struct Kinds {
  NamespaceSet set;
  List<NamespaceKind> words;
  bool good = true;
};

void add_kind(Reader& reader, const Item& item, Kinds& kinds) {
  const auto kind =
      is_scalar(reader, item, "a kind of namespace") ? read_kind(reader, item, text_of(item)) : std::nullopt;
  if (!kind) {
    kinds.good = false;
    return;
  }
  if (kinds.set.has(*kind)) {
    auto& found = reader.refuse(Code::named_twice, item, ticked(text_of(item)) + " is named twice");
    for (const auto& word : kinds.words)
      if (word.value == *kind) found.labels.push_back({word.place.key, "first here"});
    return;
  }
  kinds.set.add(*kind);
  kinds.words.push_back({*kind, {item.node->span, item.node->span, item.place.merge}});
}

}  // namespace

/// A set that could not be read counts as all kinds, none of them with a place, so that nothing seems
/// to miss one.
void decode_unshare(Reader& reader, const Item& item, Target& target) {
  Node& node = *target.node;
  if (item.node->kind == yaml::Kind::scalar && text_of(item) == "all") {
    node.unshare = Setting<NamespaceSet>(NamespaceSet::all(), item.place);
    return;
  }
  Kinds kinds;
  if (item.node->kind == yaml::Kind::list) {
    for (const Item element : reader.each(item)) add_kind(reader, element, kinds);
    if (item.node->count() == 0) {
      reader.refuse(Code::empty, item, "`unshare` names no kind").fix =
          "leave it out: the node lives in its parent's namespaces";
      return;
    }
  } else {
    add_kind(reader, item, kinds);
  }
  if (!kinds.good) kinds.set = NamespaceSet::all();
  node.unshare = Setting<NamespaceSet>(kinds.set, item.place);
  if (!kinds.good) kinds.words.clear();
  node.unshare_words = Setting<List<NamespaceKind>>(std::move(kinds.words), item.place);
}

Read<List<JoinTarget>> read_join(Reader& reader, const Item& item) {
  if (item.node->kind != yaml::Kind::map) {
    reader.wrong_type(item, "a map of kinds to pids or paths");
    return std::nullopt;
  }
  List<JoinTarget> targets;
  const auto add = [&](NamespaceKind kind, Place place) -> auto& {
    auto& target = targets.emplace_back();
    target.value.kind = kind;
    target.place = place;
    return target.value.target;
  };
  for (const Item entry : reader.each(item)) {
    const auto kind = namespace_kind(entry.name);
    if (!kind) {
      auto& found =
          reader.findings().error(Code::unknown_kind, entry.place, ticked(entry.name) + " is no kind of namespace");
      found.fix = suggested_kind(entry.name);
      continue;
    }
    if (is_number(entry)) {
      if (const auto pid = read_number(reader, entry, range::pid)) add(*kind, entry.place) = *pid;
    } else if (entry.node->kind != yaml::Kind::scalar) {
      reader.wrong_type(entry, "a pid or the path of a namespace file");
    } else if (auto path = read_nonempty(reader, entry)) {
      add(*kind, entry.place) = std::move(*path);
    }
  }
  if (item.node->count() == 0) reader.refuse(Code::empty, item, "`join` names no kind").fix = "join: {net: 1234}";
  return targets;
}

Read<std::string> read_hostname(Reader& reader, const Item& item) {
  auto name = read_string(reader, item);
  if (!name || (!name->empty() && name->size() <= longest_hostname)) return name;
  auto& found = reader.refuse(Code::hostname_length, item,
                              ticked(item.name) + " has 1 to 64 bytes, not " + std::to_string(name->size()));
  found.why = "the kernel holds no longer names (__NEW_UTS_LEN), and pidns sets no empty one";
  return name;
}

/// One that could not be read counts as `false`, which is written on purpose and needs nothing.
Read<MountProc> read_mount_proc(Reader& reader, const Item& item) {
  MountProc mount{"/proc", std::nullopt, false};
  if (item.node->kind == yaml::Kind::map) {
    Target target;
    target.mount_proc = &mount;
    constexpr Level level[] = {Level::mount_proc};
    decode_entries(reader, item, level, target);
    return mount;
  }
  if (!is_scalar(reader, item, "true, false, an absolute path or a map")) return MountProc{};
  const PlainType type = item.node->style == yaml::Style::plain ? plain_type(text_of(item)) : PlainType::text;
  if (type == PlainType::boolean || text_of(item) == "true" || text_of(item) == "false") {
    const auto on = read_bool(reader, item);
    if (!on) return MountProc{};
    if (!*on) mount.target.clear();
    return mount;
  }
  auto path = read_absolute_path(reader, item);
  if (!path) return MountProc{};
  mount.target = std::move(*path);
  return mount;
}

Read<HidePid> read_hidepid(Reader& reader, const Item& item) {
  const auto word = read_word(reader, item, vocabulary::hidepid);
  return word ? std::optional(static_cast<HidePid>(*word)) : std::nullopt;
}

Read<bool> read_subset(Reader& reader, const Item& item) {
  return read_word(reader, item, vocabulary::subset) ? std::optional(true) : std::nullopt;
}

Read<Propagation> read_propagation(Reader& reader, const Item& item) {
  const auto word = read_word(reader, item, vocabulary::propagation);
  return word ? std::optional(static_cast<Propagation>(*word)) : std::nullopt;
}

Read<KillChild> read_kill_child(Reader& reader, const Item& item) {
  constexpr int sigkill = 9;
  if (!is_scalar(reader, item, "a signal, true or false")) return std::nullopt;
  const bool plain = item.node->style == yaml::Style::plain;
  if ((plain && plain_type(text_of(item)) == PlainType::boolean) || text_of(item) == "true" ||
      text_of(item) == "false") {
    const auto on = read_bool(reader, item);
    return on ? std::optional(KillChild{*on ? sigkill : 0}) : std::nullopt;
  }
  const auto signal = read_signal(reader, item);
  return signal ? std::optional(KillChild{*signal}) : std::nullopt;
}

Read<Init> read_init(Reader& reader, const Item& item) {
  if (!is_scalar(reader, item, "true, false or the name of a process")) return std::nullopt;
  const bool plain = item.node->style == yaml::Style::plain;
  if (plain && plain_type(text_of(item)) == PlainType::boolean) {
    const auto on = read_bool(reader, item);
    return on ? std::optional(Init(*on)) : std::nullopt;
  }
  if (const auto text = text_of(item); text == "true" || text == "false") {
    reader.wrong_type(item, "true, false (without quotes) or the name of a process");
    return std::nullopt;
  }
  auto name = read_name(reader, item);
  if (!name) return std::nullopt;
  return Init(std::move(*name));
}

}  // namespace pidns
