#pragma once

#include <memory>
#include <utility>

#include "base/source.h"

namespace pidns {

/// A key of the spec that may be absent: its value and the place where it was written. One pointer
/// wide, because a node has some forty keys and a spec may have two hundred thousand nodes.
template <class T>
class Setting {
 public:
  Setting() = default;
  Setting(T value, Place place) : written_(new Written{std::move(value), place}) {}
  Setting(const Setting& other) : written_(other.written_ ? new Written(*other.written_) : nullptr) {}
  Setting(Setting&&) noexcept = default;
  Setting& operator=(Setting other) noexcept {
    written_ = std::move(other.written_);
    return *this;
  }
  ~Setting() = default;

  explicit operator bool() const noexcept { return written_ != nullptr; }
  const T& operator*() const noexcept { return written_->value; }
  const T* operator->() const noexcept { return &written_->value; }
  T& operator*() noexcept { return written_->value; }
  T* operator->() noexcept { return &written_->value; }
  /// Nowhere, when absent.
  [[nodiscard]] Place place() const noexcept { return written_ ? written_->place : Place{}; }
  [[nodiscard]] T value_or(T fallback) const { return written_ ? written_->value : std::move(fallback); }

 private:
  struct Written {
    T value;
    Place place;
  };
  std::unique_ptr<Written> written_;
};

/// One element of a list or map of the spec, with its place.
template <class T>
struct Placed {
  T value;
  Place place;
};

}  // namespace pidns
