#pragma once

/// What tests of load and check share: a spec as text, its findings as lines.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "load/decode.h"
#include "spec/caller_facts.h"
#include "spec/spec.h"

namespace pidns::testing {

using Lines = std::vector<std::string>;

/// A spec as the whole language has it, loaded and judged.
struct Judged {
  std::optional<Spec> spec;
  Diagnostics diagnostics;
  Lines findings;  ///< "7:5: error: `hostname` needs a new uts namespace", sorted by place.
};

Judged load_only(std::string_view text);
Judged judge(std::string_view text, const CallerFacts& facts = {});

/// The findings alone.
Lines loading(std::string_view text);
Lines judging(std::string_view text, const CallerFacts& facts = {});

}  // namespace pidns::testing
