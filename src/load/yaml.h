#pragma once

#include <optional>

#include "base/diagnostic.h"
#include "base/source.h"
#include "load/document.h"

namespace pidns::yaml {

/// Bounds on what a document may ask of us. Beyond one of them: a finding.
inline constexpr std::size_t most_bytes = 16U << 20U;
inline constexpr std::size_t most_depth = 200;
/// A node is a map in a map `namespaces`, which do not count twice; its keys take some levels more.
inline constexpr std::size_t most_in_node = 8;
inline constexpr std::size_t most_frames = 2 * most_depth + most_in_node;
inline constexpr std::size_t most_added_nodes = 100'000;

/// Reads one YAML document whose root is a map. Nothing, and at least one finding, where the text is
/// no such document; a document beside findings for what does not keep it from being understood
/// (duplicate keys, explicit tags, tabs as indentation).
std::optional<Document> parse(const SourceFile& source, Diagnostics& diagnostics);

}  // namespace pidns::yaml
