#include "app/routes.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iostream>

#include "base/json.hpp"
#include "cli/commands.hpp"

namespace limp::cli {

namespace {

using Row = std::array<std::string, 5>;

// Each column as wide as its widest cell; nothing behind the last one that is filled.
void print(const std::vector<Row>& rows) {
    std::array<std::size_t, 5> widths{};
    for (const Row& row : rows)
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
    for (const Row& row : rows) {
        std::string text;
        for (std::size_t i = 0; i < row.size(); ++i) text += row[i] + std::string(widths[i] - row[i].size() + 2, ' ');
        std::cout << text.erase(text.find_last_not_of(' ') + 1) << '\n';
    }
}

}  // namespace

int routes(const CommandLine& line) {
    const app::Routes found = app::routes(line.options, line.names);
    if (line.json) {
        std::cout << base::to_json(Value(found.json)) << '\n';
        return EXIT_SUCCESS;
    }
    std::vector<Row> rows{{"ENDPOINT", "WHO", "QUERY", "DOC", "PERMISSION"}};
    for (const app::Route& route : found.lines)
        rows.push_back({route.endpoint, route.who, route.query_args, route.doc_args, route.on});
    print(rows);
    return EXIT_SUCCESS;
}

}  // namespace limp::cli
