#include <algorithm>
#include <string>

#include "base/text.hpp"
#include "types/converters.hpp"
#include "types/wording.hpp"

namespace limp::types {

namespace {

bool is_locale(std::string_view name, const Context& context) {
    return std::ranges::find(context.locales, name) != context.locales.end();
}

TypeError no_such_locale(std::string_view name, const Context& context) {
    return TypeError(
        "", "must use the locales " + base::join(context.locales, ", ") + ", and not " + base::in_quotes(name) +
                base::did_you_mean(name, context.locales)
    );
}

// What stands in for a locale without a text. Where the default locale is another one than it was, stored texts have
// nothing in it yet.
const Value& standard_text(const Object& texts, const Context& context) {
    if (const Value* standard = texts.find(context.locale)) return *standard;
    if (context.is_stored && !texts.empty()) return texts.begin()->value;
    throw TypeError("", "must hold a text for " + base::in_quotes(context.locale) + ", the default locale");
}

}  // namespace

Value convert_locale(const Value& value, const Context& context) {
    if (!value.is_object()) throw not_that("must be an object of texts by locale", value);
    const Object& texts = value.object();
    for (const Member& member : texts) {
        if (!context.is_stored && !is_locale(member.name, context)) throw no_such_locale(member.name, context);
        inside("." + member.name, [&] { return convert_str(member.value); });
    }
    const Value& standard = standard_text(texts, context);

    Object stored;
    for (const std::string& locale : context.locales) {
        const Value* text = texts.find(locale);
        stored.append(locale, text ? *text : standard);
    }
    for (const Member& member : texts)
        if (!is_locale(member.name, context)) stored.append(member.name, member.value);
    return stored;
}

Value convert_locales(const Value& value, const Context& context) {
    if (!value.is_string()) throw not_that("must be one of the locales " + base::join(context.locales, ", "), value);
    if (!context.is_stored && !is_locale(value.string(), context)) throw no_such_locale(value.string(), context);
    return value;
}

}  // namespace limp::types
