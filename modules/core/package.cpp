#include "core/core.hpp"

namespace limp::core {

Package make(const Settings& settings) {
    return {
        "core",
        {core(), diff(), file(), group(), session(), setting(), user(settings)},
        documents(settings),
        {content(), content_cat()},
    };
}

}  // namespace limp::core
