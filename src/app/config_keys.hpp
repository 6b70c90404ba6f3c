// app/config_keys.hpp: the table of all configuration keys.
//
// The one place that knows a key's name, kind, range and meaning: loading, checking, docs/configuration.md and
// schema/limp.schema.json follow it (config_docs_test.cpp holds the last two to it).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "app/config.hpp"
#include "limp/value.hpp"

namespace limp::app {

// Where in a Config a key's value is kept, and by that its kind.
using ConfigField = std::variant<
    bool& (*)(Config&), std::uint16_t& (*)(Config&), std::size_t& (*)(Config&), std::int64_t& (*)(Config&),
    std::chrono::milliseconds& (*)(Config&), std::string& (*)(Config&), std::vector<std::string>& (*)(Config&),
    std::vector<Document>& (*)(Config&), Object& (*)(Config&)>;

struct ConfigKey {
    std::string_view name;
    ConfigField field;
    std::string_view meaning;  // one sentence for docs and editors
    std::int64_t least = 0;    // of a number; of the bytes of a text, of the elements of a list
    std::int64_t most = std::numeric_limits<std::int64_t>::max();
    std::vector<std::string> choices = {};  // of a text; empty: any
    std::string_view computed = {};         // how the default comes about when it is no fixed value
    bool has_effect = true;                 // in this version
};

std::span<const ConfigKey> config_keys();

// nullptr when there is no such key.
const ConfigKey* find_config_key(std::string_view name);

// A value is not of its key's kind or out of its range. what() says what it must be: "must be a text, not 5".
class WrongValue : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// Sets the key from a JSON value, or a scalar key from the text of a variable. An object is merged. Throws WrongValue.
void set_key(Config& config, const ConfigKey& key, const Value& value);
void set_key_from_text(Config& config, const ConfigKey& key, const std::string& text);

// The value as JSON: what Config{} has is the default.
Value value_of(const ConfigKey& key, Config& config);

}  // namespace limp::app
