#include "wire/answer_writer.hpp"

#include "base/json.hpp"
#include "wire/jws.hpp"

namespace limp::wire {
namespace {

void append_byte_values(std::string& out, std::string_view bytes) {
    out.reserve(out.size() + 4 * bytes.size() + 2);
    out += '[';
    for (const char& byte : bytes) {
        if (&byte != bytes.data()) out += ',';
        out += std::to_string(static_cast<unsigned char>(byte));
    }
    out += ']';
}

void append_member(std::string& out, std::string_view name, std::string_view json) {
    if (out.back() != '{') out += ',';
    out += '"';
    out += name;
    out += "\":";
    out += json;
}

// docs and call_id come last and take the place of those that are among the args.
void append_args(std::string& out, const Answer& answer, std::string_view call_id) {
    out += '{';
    for (const Member& member : answer.args) {
        if (member.name == "call_id" || (member.name == "docs" && answer.docs)) continue;
        if (out.back() != '{') out += ',';
        base::append_json_string(out, member.name);
        out += ':';
        base::append_json(out, member.value);
    }
    if (answer.docs) append_member(out, "docs", *answer.docs);
    if (!call_id.empty()) append_member(out, "call_id", call_id);
    out += '}';
}

}  // namespace

std::string write_answer(const Answer& answer, std::string_view call_id) {
    std::string out = R"({"status":)";
    out += std::to_string(answer.status == 204 ? 200 : answer.status);
    out += R"(,"msg":)";
    if (answer.bytes) {
        append_byte_values(out, answer.bytes->text());
    } else {
        base::append_json_string(out, answer.msg);
    }
    out += R"(,"args":)";
    append_args(out, answer, call_id);
    out += '}';
    return out;
}

std::string write_signed_answer(const Answer& answer, std::string_view call_id, base::Hmac& key) {
    std::string out = R"({"token":")";
    out += write_jws(write_answer(answer, call_id), key);
    out += '"';
    if (!call_id.empty()) {
        out += R"(,"call_id":)";
        out += call_id;
    }
    out += '}';
    return out;
}

}  // namespace limp::wire
