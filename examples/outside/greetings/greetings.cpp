#include <limp/limp.hpp>

LIMP_PACKAGE(greetings) {
    greetings.module("greeting").before(limp::Operation::create, [](limp::Event& event) {
        event.doc["text"] = "Hello, " + event.doc.find("name")->string() + "!";
    });
}
