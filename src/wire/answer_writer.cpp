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

// The call_id comes last and takes the place of one that is among the args.
void append_args(std::string& out, const Object& args, std::string_view call_id) {
    out += '{';
    std::string_view separator = "";
    for (const Member& member : args) {
        if (member.name == "call_id") continue;
        out += separator;
        base::append_json_string(out, member.name);
        out += ':';
        base::append_json(out, member.value);
        separator = ",";
    }
    if (!call_id.empty()) {
        out += separator;
        out += R"("call_id":)";
        out += call_id;
    }
    out += '}';
}

}  // namespace

std::string write_answer(const Answer& answer, std::string_view call_id) {
    std::string out = R"({"status":)";
    out += std::to_string(answer.status == 204 ? 200 : answer.status);
    out += R"(,"msg":)";
    if (answer.bytes) {
        append_byte_values(out, *answer.bytes);
    } else {
        base::append_json_string(out, answer.msg);
    }
    out += R"(,"args":)";
    append_args(out, answer.args, call_id);
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
