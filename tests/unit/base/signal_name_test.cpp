#include "base/signal_name.h"

#include <catch2/catch.hpp>

using namespace pidns;

TEST_CASE("signals are read in every spelling") {
  for (const char* word : {"SIGTERM", "TERM", "term", "sigterm", "15"}) CHECK(parse_signal(word) == 15);
  CHECK(parse_signal("9") == 9);
  CHECK(parse_signal("SIGRTMIN") == 34);
  CHECK(parse_signal("SIGRTMIN+3") == 37);
  CHECK(parse_signal("rtmax-1") == 63);
  CHECK(parse_signal("IOT") == 6);
}

TEST_CASE("what is no signal is refused") {
  for (const char* word :
       {"", "0", "32", "33", "65", "-9", "SIG", "SIGFOO", "RTMIN-1", "RTMIN+31", "RTMAX+1", "RTMIN+", "9 "})
    CHECK_FALSE(parse_signal(word));
}

TEST_CASE("signals have names that are read back") {
  CHECK(signal_name(15) == "SIGTERM");
  CHECK(signal_name(37) == "SIGRTMIN+3");
  CHECK(signal_name(64) == "SIGRTMAX");
  CHECK(signal_name(32) == "signal 32");
  for (int number = 1; number <= 64; ++number)
    if (number != 32 && number != 33) CHECK(parse_signal(signal_name(number)) == number);
}

TEST_CASE("a mistyped signal has a nearest one") {
  CHECK(nearest_signal("SIGKIL") == "SIGKILL");
  CHECK(nearest_signal("trem") == "SIGTERM");
  CHECK_FALSE(nearest_signal("banana"));
}
