// limp/settings.hpp: the part of the configuration that packages may read. docs/configuration.md explains each key.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "limp/value.hpp"

namespace limp {

struct Settings {
    std::vector<std::string> locales = {"ar_AE", "en_AE"};
    std::string locale = "ar_AE";
    std::string admin_username = "__ADMIN";
    std::string admin_email = "ADMIN@LIMP.MASAAR.COM";
    std::string admin_phone = "+971500000000";
    std::string admin_password = "__ADMIN";
    std::string anon_token = "__ANON";
    std::vector<Document> groups;  // group documents to ensure, each with its _id
};

}  // namespace limp
