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

class Reader;

/// The entries of a map or the elements of a list, made one by one: a list may have millions, and an Item is
/// larger than what it tells of. Refers to the reader and to the parent.
class Items {
 public:
  class Iterator {
   public:
    Item operator*() const;
    Iterator& operator++() {
      ++edge_;
      return *this;
    }
    bool operator!=(const Iterator& other) const { return edge_ != other.edge_; }

   private:
    friend class Items;
    Iterator(const Items& items, const yaml::Edge* edge) : items_(&items), edge_(edge) {}
    const Items* items_;
    const yaml::Edge* edge_;
  };

  Items(const Reader& reader, const Item& parent) : reader_(reader), parent_(parent) {}
  [[nodiscard]] Iterator begin() const;
  [[nodiscard]] Iterator end() const;

 private:
  const Reader& reader_;
  const Item& parent_;
};

class Reader {
 public:
  Reader(const yaml::Document& document, Diagnostics& findings) : document_(document), findings_(findings) {}

  [[nodiscard]] const yaml::Document& document() const noexcept { return document_; }
  [[nodiscard]] Diagnostics& findings() noexcept { return findings_; }

  /// What stands in a merged value is merged, too.
  [[nodiscard]] Items each(const Item& parent) const { return {*this, parent}; }
  /// The same all at once, for what is looked through several times.
  [[nodiscard]] std::vector<Item> children(const Item& parent) const;
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

inline Item Items::Iterator::operator*() const { return items_->reader_.child(items_->parent_, *edge_); }
inline Items::Iterator Items::begin() const {
  return {*this, reader_.document().edges_of(*parent_.node).data()};
}
inline Items::Iterator Items::end() const {
  const auto edges = reader_.document().edges_of(*parent_.node);
  return {*this, edges.data() + edges.size()};
}

/// As it would be written: `key: value`, or the value alone in a list.
std::string spelled(const Item& item, std::string_view value);

/// In backquotes, cut where it is long.
std::string ticked(std::string_view text);

}  // namespace pidns
