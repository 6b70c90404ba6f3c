#include "store/sqlite_points.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "query/matcher.hpp"
#include "store/stored.hpp"

namespace limp::store {

namespace {

// In degrees.
struct Box {
    double west = -180;
    double east = 180;
    double south = -90;
    double north = 90;

    friend bool operator==(const Box&, const Box&) = default;
};

// The last part keeps the tables that SQLite makes beside it (…_node, …_rowid) apart from those of other attrs.
std::string points_table(const Table& table, const std::string& attr) {
    return quote("g_" + table.collection().name + "." + plain_name(attr) + ".box");
}

// Around the point that a document has there. What is no place on the globe, though distances to it can be told, is
// everywhere: it is always looked at.
std::optional<Box> box_of(const std::string& attr, const Document* document) {
    if (!document || is_deleted(*document)) return std::nullopt;
    Near anywhere;
    anywhere.attr = attr;
    if (!query::distance(anywhere, *document)) return std::nullopt;
    const List& coordinates = document->find(attr)->find("coordinates")->list();
    const double longitude = coordinates[0].number();
    const double latitude = coordinates[1].number();
    if (!(std::abs(longitude) <= 180 && std::abs(latitude) <= 90)) return Box();
    return Box{longitude, longitude, latitude, latitude};
}

// The circle's box, a little larger than it is; two where it crosses the 180th meridian.
std::vector<Box> boxes_around(const Near& near) {
    constexpr double earth_radius = 6'378'100;  // as query::distance() has it
    constexpr double slack = 1e-6;              // degrees: more than what is lost in computing
    const bool is_on_globe = std::abs(near.longitude) <= 180 && std::abs(near.latitude) <= 90;
    const double reach = *near.within / earth_radius * 180 / std::numbers::pi + slack;
    if (!is_on_globe || !(reach < 90)) return {Box()};
    const double south = near.latitude - reach;
    const double north = near.latitude + reach;
    if (south <= -90 || north >= 90) return {{-180, 180, std::max(south, -90.0), std::min(north, 90.0)}};
    const auto radians = [](double degrees) { return degrees * std::numbers::pi / 180; };
    const double widest = std::sin(radians(reach)) / std::cos(radians(near.latitude));
    const double aside = std::asin(std::min(widest, 1.0)) * 180 / std::numbers::pi + slack;
    const double west = near.longitude - aside;
    const double east = near.longitude + aside;
    if (west < -180) return {{-180, east, south, north}, {west + 360, 180, south, north}};
    if (east > 180) return {{west, 180, south, north}, {-180, east - 360, south, north}};
    return {{west, east, south, north}};
}

std::vector<std::string> present_tables(Database& database, const std::string& collection) {
    std::vector<std::string> names;
    Statement rows = database.select(
        "SELECT name FROM sqlite_schema WHERE sql GLOB 'CREATE VIRTUAL TABLE*' AND name GLOB 'g_' || ? || '.*'",
        collection
    );
    while (rows.next()) names.emplace_back(rows.bytes(0));
    return names;
}

Where in_box(const std::string& points, const Box& box) {
    return some(
        "n IN (SELECT n FROM " + points + " WHERE east >= ? AND west <= ? AND north >= ? AND south <= ?)",
        {box.west, box.east, box.south, box.north}
    );
}

}  // namespace

void lay_out_points(Database& database, const Table& table) {
    for (const std::string& name : present_tables(database, table.collection().name))
        database.run("DROP TABLE " + quote(name));
    for (const std::string& attr : table.collection().points)
        database.run("CREATE VIRTUAL TABLE " + points_table(table, attr) + " USING rtree(n, west, east, south, north)");
}

void change_points(Database& database, const Table& table, const Document* before, const Document* after) {
    for (const std::string& attr : table.collection().points) {
        const std::optional<Box> old_box = box_of(attr, before);
        const std::optional<Box> new_box = box_of(attr, after);
        if (old_box == new_box) continue;
        const std::string points = points_table(table, attr);
        const std::string& id = id_of(before ? *before : *after);
        const std::string row = " FROM " + table.documents() + " WHERE id = ?";
        if (old_box) database.run("DELETE FROM " + points + " WHERE n = (SELECT n" + row + ")", id);
        if (!new_box) continue;
        const std::vector<Value> sides = {new_box->west, new_box->east, new_box->south, new_box->north};
        database.run("INSERT INTO " + points + " SELECT n, ?, ?, ?, ?" + row, std::span(sides), id);
    }
}

Where in_reach(const Near& near, const Table& table) {
    const std::vector<std::string>& declared = table.collection().points;
    if (std::ranges::find(declared, near.attr) == declared.end()) return whatever();
    const std::string points = points_table(table, near.attr);
    Where where;
    if (near.within) {
        std::vector<Where> either;
        for (const Box& box : boxes_around(near)) either.push_back(in_box(points, box));
        where = join(std::move(either), Joint::disjunction);
    } else {
        where = some("n IN (SELECT n FROM " + points + ")", {});
    }
    where.is_exact = false;
    return where;
}

}  // namespace limp::store
