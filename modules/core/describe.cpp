#include "core/core.hpp"
#include "limp/declare.hpp"

namespace limp::core {

using namespace declare;

Module core() {
    Method describe = method("describe", Operation::own, {allow("*")});
    describe.order = Method::Order::read;
    describe.body = [](Event& event) -> Task<> {
        Object described = event.host.describe(*event.session);
        event.answer = Answer::ok("What this session may call.", {{"count", 1}, {"docs", List{std::move(described)}}});
        co_return;
    };

    Module module;
    module.name = "core";
    module.methods = {std::move(describe)};
    return module;
}

}  // namespace limp::core
