// How far apart points are.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "query/matcher.hpp"

namespace limp::query {

namespace {

constexpr double earth_radius = 6'378'100;  // metres, as MongoDB has it

double radians(double degrees) {
    return degrees * std::numbers::pi / 180;
}

// By the haversines, which stay exact for points that are close together.
double on_sphere(double longitude1, double latitude1, double longitude2, double latitude2) {
    const double up = std::sin(radians(latitude2 - latitude1) / 2);
    const double across = std::sin(radians(longitude2 - longitude1) / 2);
    const double part = up * up + std::cos(radians(latitude1)) * std::cos(radians(latitude2)) * across * across;
    return 2 * earth_radius * std::asin(std::sqrt(std::clamp(part, 0.0, 1.0)));
}

}  // namespace

std::optional<double> distance(const Near& near, const Document& document) {
    const Value* point = document.find(near.attr);
    const Value* coordinates = point ? point->find("coordinates") : nullptr;
    if (!coordinates || !coordinates->is_list() || coordinates->list().size() != 2) return std::nullopt;
    const Value& longitude = coordinates->list()[0];
    const Value& latitude = coordinates->list()[1];
    if (!longitude.is_number() || !latitude.is_number()) return std::nullopt;
    return on_sphere(near.longitude, near.latitude, longitude.number(), latitude.number());
}

}  // namespace limp::query
