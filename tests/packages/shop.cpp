// A package with something of each kind; SHOP_BUILD tells its builds apart.
#include <limp/limp.hpp>

#include <chrono>
#include <stdexcept>
#include <string>

using namespace limp::declare;
using namespace std::chrono_literals;

namespace {

class Sold : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

limp::Task<> wait_a_little(limp::Event& event) {
    co_await event.host.sleep(2ms);
    event.doc["built"] = SHOP_BUILD;
}

limp::Task<> fail(limp::Event& event) {
    co_await event.host.sleep(1ms);
    throw Sold("an exception of the package's own type");
}

}  // namespace

LIMP_PACKAGE(shop) {
    limp::Module order;
    order.name = "order";
    order.package = "shop";
    order.collection = "orders";
    order.attrs = {required("item", limp::Type::Kind::str), optional("built", limp::Type::Kind::str)};
    order.methods = {
        read({allow("*")}),
        create({allow("*")}),
        own("refuse", {allow("*")},
            [](limp::Event&) { throw limp::Refusal(409, "SHOP_ORDER_SOLD_OUT", "There is none left."); }),
        own("fail", {allow("*")}, fail),
    };
    order.before(limp::Operation::create, wait_a_little);
    shop.modules.push_back(std::move(order));
}
