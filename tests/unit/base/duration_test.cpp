#include "base/duration.h"

#include <catch2/catch.hpp>

using namespace pidns;
using namespace std::chrono_literals;

TEST_CASE("durations are read") {
  CHECK(parse_duration("250ms") == 250ms);
  CHECK(parse_duration("1.5s") == 1500ms);
  CHECK(parse_duration("2m") == 2min);
  CHECK(parse_duration("1h30m") == 90min);
  CHECK(parse_duration("10d") == 240h);
  CHECK(parse_duration("7") == 7s);
  CHECK(parse_duration("0.5") == 500ms);
  CHECK(parse_duration("-3s") == -3s);
  CHECK(parse_duration("0.5d") == 12h);
}

TEST_CASE("what is no duration is refused") {
  for (const char* text : {"", "-", "s", "1x", "1m1h", "1.5h30m", "1h30", "1..5s", "1.", ".5s", "1 s", "1s1s", "+1s",
                           "300000d", "99999999999999999999s"})
    CHECK_FALSE(parse_duration(text));
}

TEST_CASE("durations are written as they are read") {
  CHECK(duration_text(90min) == "1h30m");
  CHECK(duration_text(250ms) == "250ms");
  CHECK(duration_text(1500ms) == "1.5s");
  CHECK(duration_text(0s) == "0s");
  CHECK(duration_text(-90s) == "-1m30s");
  CHECK(duration_text(240h) == "10d");
  for (const std::chrono::nanoseconds duration :
       std::initializer_list<std::chrono::nanoseconds>{1ns, 999ms, 61'000ms, 86'400'001ms, 1'000'000'001ns})
    CHECK(parse_duration(duration_text(duration)) == duration);
}
