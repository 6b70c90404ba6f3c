// The documents that start-up ensures (limp/session.hpp names their ids).
#include "core/core.hpp"

namespace limp::core {

namespace {

Object in_all_locales(const Settings& settings, const std::string& text) {
    Object texts;
    for (const std::string& locale : settings.locales) texts.append(locale, text);
    return texts;
}

EnsuredDocument admin(const Settings& settings) {
    const Object text = in_all_locales(settings, "__ADMIN");
    return {
        "user",
        {
            {"_id", admin_user_id},
            {"username", settings.admin_username},
            {"email", settings.admin_email},
            {"name", text},
            {"bio", text},
            {"address", text},
            {"postal_code", "__ADMIN"},
            {"phone", settings.admin_phone},
            {"website", "https://ADMIN.limp.masaar.com"},
            {"locale", settings.locale},
            {"create_time", "1970-01-01T00:00:00.000Z"},
            {"groups", List{}},
            {"privileges", Object{{"*", "*"}}},
            {"status", "active"},
            {"attrs", Object{}},
        },
        settings.admin_password,
    };
}

EnsuredDocument anonymous(const Settings& settings) {
    const Object text = in_all_locales(settings, "__ANON");
    return {
        "user",
        {
            {"_id", anon_user_id},
            {"username", "__ANON"},
            {"email", "ANON@LIMP.MASAAR.COM"},
            {"name", text},
            {"bio", text},
            {"address", text},
            {"postal_code", "__ANON"},
            {"phone", "+0"},
            {"website", "https://ANON.limp.masaar.com"},
            {"locale", settings.locale},
            {"create_time", "1970-01-01T00:00:00.000Z"},
            {"groups", List{}},
            {"privileges", Object{}},
            {"status", "active"},
            {"attrs", Object{}},
        },
        std::nullopt,  // nobody signs in as the anonymous user
    };
}

EnsuredDocument anonymous_session() {
    return {
        "session",
        {
            {"_id", anon_session_id},
            {"user", anon_user_id},
            {"host_add", "127.0.0.1"},
            {"user_agent", "__ANON"},
            {"timestamp", "1970-01-01T00:00:00.000Z"},
            {"expiry", "1970-01-01T00:00:00.000Z"},
        },
        std::nullopt,
    };
}

EnsuredDocument default_group(const Settings& settings) {
    const Object text = in_all_locales(settings, "__DEFAULT");
    return {
        "group",
        {
            {"_id", default_group_id},
            {"user", admin_user_id},
            {"name", text},
            {"bio", text},
            {"privileges", Object{}},
            {"attrs", Object{}},
        },
        std::nullopt,
    };
}

// A group of the configuration: the admin owns it unless it says otherwise.
EnsuredDocument configured(Document group) {
    if (!group.contains("user")) group["user"] = admin_user_id;
    if (!group.contains("privileges")) group["privileges"] = Object{};
    if (!group.contains("attrs")) group["attrs"] = Object{};
    return {"group", std::move(group), std::nullopt};
}

}  // namespace

std::vector<EnsuredDocument> documents(const Settings& settings) {
    std::vector<EnsuredDocument> all{
        admin(settings), anonymous(settings), anonymous_session(), default_group(settings)
    };
    for (const Document& group : settings.groups) all.push_back(configured(group));
    return all;
}

}  // namespace limp::core
