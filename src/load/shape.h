#pragma once

/// What a value looks like, as data: enough for a schema and for an editor, that see the value of a
/// key but neither quotes nor the rest of the tree. The decoders are stricter.

#include <cstdint>
#include <span>
#include <string_view>
#include <variant>

#include "load/words.h"

namespace pidns {

enum class Level : std::uint8_t;
struct Shape;

namespace shape {

struct Anything {};
struct Boolean {};
struct Null {};
struct Number {};          ///< Any decimal number, with a fraction or without.
struct SignalWord {};      ///< A name or a number.
struct CapabilityWord {};  ///< With `CAP_` or without, in any case.
struct Whole {
  Range range;
};
struct Text {
  std::string_view pattern;  ///< Of ECMAScript; empty for any.
  std::size_t shortest = 0;
  std::size_t longest = 0;  ///< 0 for any.
};
struct Word {
  std::span<const std::string_view> words;
};
enum class Least : std::uint8_t { negative, zero, positive };
struct Time {
  Least least;
};
struct ListOf {
  const Shape* element;
  std::size_t shortest = 0;
  bool distinct = false;
};
/// A map whose keys are names: of a few words, or all that fit a pattern.
struct MapOf {
  const Shape* value;
  std::span<const std::string_view> keys;
  std::string_view key_pattern;
  std::size_t shortest = 0;
};
/// A map whose keys stand in the table of fields.
struct KeysOf {
  Level level;
};
struct OneOf {
  std::span<const Shape* const> shapes;
};

}  // namespace shape

/// One alternative a kind of value.
struct Shape {
  std::variant<shape::Anything, shape::Boolean, shape::Null, shape::Number, shape::SignalWord, shape::CapabilityWord,
               shape::Whole, shape::Text, shape::Word, shape::Time, shape::ListOf, shape::MapOf, shape::KeysOf,
               shape::OneOf>
      is;
};

}  // namespace pidns
