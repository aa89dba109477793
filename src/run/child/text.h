#pragma once

#include <cstddef>
#include <cstdint>

namespace pidns::child {

/// A bounded string built without allocation. Overlong text is cut, and `full` says so.
template <std::size_t Size>
struct Text {
  char data[Size] = {};
  std::size_t used = 0;
  bool full = false;

  Text& add(const char* word) {
    for (; *word != '\0'; ++word) put(*word);
    return *this;
  }
  Text& add_number(std::int64_t number) {
    if (number < 0) put('-');
    std::uint64_t rest = number < 0 ? 0 - static_cast<std::uint64_t>(number) : static_cast<std::uint64_t>(number);
    char digits[20];
    std::size_t count = 0;
    do {
      digits[count++] = static_cast<char>('0' + rest % 10);
      rest /= 10;
    } while (rest != 0);
    while (count > 0) put(digits[--count]);
    return *this;
  }
  void put(char letter) {
    if (used + 1 >= Size) {
      full = true;
      return;
    }
    data[used++] = letter;
    data[used] = '\0';
  }
};

}  // namespace pidns::child
