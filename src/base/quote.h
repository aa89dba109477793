#pragma once

#include <string>
#include <string_view>

namespace pidns {

/// One word for a POSIX shell: as it is where nothing in it is special, else in single quotes.
std::string sh_quote(std::string_view word);

/// A JSON string with its quotes. The text is taken as UTF-8; bytes that are not become U+FFFD.
std::string json_quote(std::string_view text);
void append_json_quoted(std::string& out, std::string_view text);

/// A string of the spec language in double quotes, as it would be written in YAML.
std::string yaml_quote(std::string_view text);

}  // namespace pidns
