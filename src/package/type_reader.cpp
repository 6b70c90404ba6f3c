#include "package/type_reader.hpp"

#include "types/types.hpp"

namespace limp::package {

Type read_type(const Place& place) {
    try {
        return types::parse_type(place.value());
    } catch (const types::TypeError& error) {
        const Place wrong = place.inside(error.path);
        wrong.fail(wrong.label() + ' ' + error.what());
    }
}

}  // namespace limp::package
