/// What a process waits for, and when it counts as ready.

#include "load/decode.h"

namespace pidns {
namespace {

bool read_probe(Reader& reader, const Item& entry, Ready& ready) {
  using Probe = Ready::Probe;
  const auto text = [&](Probe probe, std::optional<std::string> value) {
    ready.probe = probe;
    if (value) ready.text = std::move(*value);
    return value.has_value();
  };
  if (entry.name == "script") return text(Probe::script, read_nonempty(reader, entry));
  if (entry.name == "path") return text(Probe::path, read_absolute_path(reader, entry));
  if (entry.name == "output") return text(Probe::output, read_regex(reader, entry));
  if (entry.name == "tcp") {
    const auto port = read_number(reader, entry, range::port);
    ready.probe = Probe::tcp;
    ready.port = static_cast<std::uint16_t>(port.value_or(0));
    return port.has_value();
  }
  auto command = read_command(reader, entry);
  ready.probe = Probe::command;
  if (command) ready.command = std::move(*command);
  return command.has_value();
}

}  // namespace

Read<Ready> read_ready(Reader& reader, const Item& item) {
  if (item.node->kind != yaml::Kind::map) {
    reader.wrong_type(item, "a map with one probe").fix = "ready: {tcp: 8080}";
    return std::nullopt;
  }
  Ready ready;
  std::optional<Item> probe;
  bool good = true;
  for (const Item entry : reader.each(item)) {
    constexpr Level level[] = {Level::ready};
    if (find_field(entry.name, Level::ready) == nullptr) {
      report_unknown_key(reader, entry, level);
      good = false;
    } else if (entry.name == "within" || entry.name == "every") {
      const auto time = read_positive_duration(reader, entry);
      good = good && time.has_value();
      if (time) (entry.name == "within" ? ready.within : ready.every) = *time;
    } else if (probe) {
      reader.findings()
          .error(Code::keys_exclude, entry.place, "`ready` has one probe")
          .labels.push_back({probe->place.key, "the first one"});
      good = false;
    } else {
      probe = entry;
      good = read_probe(reader, entry, ready) && good;
    }
  }
  if (probe || !good) return good ? std::optional(std::move(ready)) : std::nullopt;
  reader.refuse(Code::missing_key, item, "`ready` needs a probe").fix = "one of command, script, path, tcp and output";
  return std::nullopt;
}

Read<List<Dependency>> read_depends_on(Reader& reader, const Item& item) {
  List<Dependency> dependencies;
  switch (item.node->kind) {
    case yaml::Kind::scalar: {
      reader.wrong_type(item, "a list of addresses, or a map of addresses to conditions").fix =
          "depends-on: [" + std::string(text_of(item)) + "]";
      return std::nullopt;
    }
    case yaml::Kind::list:
      for (const Item element : reader.each(item))
        if (auto address = read_nonempty(reader, element))
          dependencies.push_back({{std::move(*address), Condition::automatic}, element.place});
      break;
    case yaml::Kind::map:
      for (const Item entry : reader.each(item))
        if (const auto word = read_word(reader, entry, vocabulary::condition))
          dependencies.push_back({{std::string(entry.name), static_cast<Condition>(*word + 1)}, entry.place});
      break;
  }
  return dependencies;
}

}  // namespace pidns
