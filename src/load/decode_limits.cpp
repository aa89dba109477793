/// Resource limits, by the names of prlimit(1) and limits.conf(5).

#include "base/nearest.h"
#include "load/decode.h"

namespace pidns {
namespace {

const RlimitRow* find_row(Reader& reader, const Item& entry) {
  Nearest nearest(entry.name);
  for (const RlimitRow& row : rlimit_rows) {
    if (row.name == entry.name) return &row;
    nearest.offer(row.name);
  }
  auto& found =
      reader.findings().error(Code::not_a_limit, entry.place, ticked(entry.name) + " is not a resource limit");
  if (!nearest.word().empty()) found.fix = nearest.word();
  return nullptr;
}

bool read_both(Reader& reader, const Item& entry, Rlimit& limit) {
  bool soft = false;
  bool hard = false;
  for (const Item inner : reader.each(entry)) {
    soft = soft || inner.name == "soft";
    hard = hard || inner.name == "hard";
  }
  Target target;
  target.rlimit = &limit;
  constexpr Level level[] = {Level::rlimit};
  const std::size_t before = reader.findings().errors();
  decode_entries(reader, entry, level, target);
  if (!soft || !hard)
    reader.refuse(Code::missing_key, entry, "a limit needs both `soft` and `hard`").fix =
        spelled(entry, "{soft: 1024, hard: 4096}");
  if (reader.findings().errors() != before) return false;
  if (limit.soft <= limit.hard) return true;
  reader.refuse(Code::soft_above_hard, entry, "the soft limit is above the hard one").why = "setrlimit(2) refuses it";
  return true;
}

}  // namespace

Read<std::uint64_t> read_limit(Reader& reader, const Item& item) {
  if (item.node->kind == yaml::Kind::scalar && text_of(item) == "unlimited") return std::uint64_t{RLIM_INFINITY};
  const auto number = read_number(reader, item, range::limit);
  return number ? std::optional(static_cast<std::uint64_t>(*number)) : std::nullopt;
}

Read<List<Rlimit>> read_rlimits(Reader& reader, const Item& item) {
  if (item.node->kind != yaml::Kind::map) {
    reader.wrong_type(item, "a map of names to limits").fix = "rlimits: {nofile: 1024}";
    return std::nullopt;
  }
  List<Rlimit> limits;
  for (const Item entry : reader.each(item)) {
    const RlimitRow* row = find_row(reader, entry);
    if (row == nullptr) continue;
    Rlimit limit{std::string(entry.name), row->resource, 0, 0};
    if (entry.node->kind == yaml::Kind::map) {
      if (!read_both(reader, entry, limit)) continue;
    } else {
      const auto both = read_limit(reader, entry);
      if (!both) continue;
      limit.soft = limit.hard = *both;
    }
    limits.push_back({std::move(limit), entry.place});
  }
  return limits;
}

}  // namespace pidns
