#pragma once

/// What every decoder holds in its hands: the document, where findings go, and one value with the key
/// and the place that it has.

#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "load/document.h"

namespace pidns {

/// One value of the document on its way into the Spec.
struct Item {
  std::string_view name;  ///< Its key; for the element of a list, the list's.
  const yaml::Node* node = nullptr;
  Place place;
  bool element = false;  ///< It stands in a list.
};

class Reader {
 public:
  Reader(const yaml::Document& document, Diagnostics& findings) : document_(document), findings_(findings) {}

  [[nodiscard]] const yaml::Document& document() const noexcept { return document_; }
  [[nodiscard]] Diagnostics& findings() noexcept { return findings_; }

  /// The entries of a map or the elements of a list. What stands in a merged value is merged, too.
  [[nodiscard]] std::vector<Item> children(const Item& parent) const;
  /// One of them: a list may have millions, and an Item is larger than what it tells of.
  [[nodiscard]] Item child(const Item& parent, const yaml::Edge& edge) const;

  /// "`hostname` takes a string, not a list".
  Diagnostic& wrong_type(const Item& item, std::string_view wanted);
  /// A finding under the value.
  Diagnostic& refuse(Code code, const Item& item, std::string message);

  /// Counts a node or process. False beyond the limit, with a finding the first time.
  bool count_member(Place place);
  /// One level of nodes further in, or out again. False beyond 200 levels, with a finding: aliases
  /// nest deeper than what is written.
  bool enter_node(Place place);
  void leave_node() noexcept { --depth_; }

 private:
  const yaml::Document& document_;
  Diagnostics& findings_;
  std::size_t members_ = 0;
  std::size_t depth_ = 1;  ///< Of nodes; the root is the first.
  bool too_deep_ = false;
};

/// As it would be written: `key: value`, or the value alone in a list.
std::string spelled(const Item& item, std::string_view value);

/// In backquotes, cut where it is long.
std::string ticked(std::string_view text);

}  // namespace pidns
