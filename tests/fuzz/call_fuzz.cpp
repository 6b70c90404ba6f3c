// Any text as a message, and any text as the payload of a message that is signed as it should be. The first character
// chooses: 's' for the latter.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/json.hpp"
#include "fuzz/must.hpp"
#include "wire/answer_writer.hpp"
#include "wire/call_id.hpp"
#include "wire/call_reader.hpp"
#include "wire/jws.hpp"

namespace limp::wire {
namespace {

using fuzz::must;

constexpr std::int64_t now_ms = 1'549'000'000'000;

void check_call_id(const std::string& call_id) {
    if (call_id.empty()) return;
    must(call_id.size() <= call_id_bytes_max, "a call_id is short");
    const Value value = base::parse_json(call_id);
    must(!value.is_object() && !value.is_list(), "a call_id is a scalar");
}

void check_call(const Call& call, bool is_signed) {
    const std::string endpoint = normal_endpoint(call.endpoint);
    const bool begins_session = endpoint == "session/auth" || endpoint == "session/reauth";
    must(is_signed || begins_session, "a call is signed, or begins a session");
    must(call.query.is_object() || call.query.is_list(), "a query is an object or a list");
    must(call.doc.is_object() || call.doc.is_list(), "a doc is an object or a list");
}

void check_answer(const ReadCall& read, base::Hmac& key) {
    const Refusal* refusal = std::get_if<Refusal>(&read.result);
    const Answer answer = refusal ? Answer::of(*refusal) : Answer::ok("done");
    const std::string text = write_answer(answer, read.call_id);
    const Value written = base::parse_json(text);
    const Value* call_id = written.find("args")->find("call_id");
    must((call_id != nullptr) == !read.call_id.empty(), "an answer has the call_id of its call");
    must(!call_id || *call_id == base::parse_json(read.call_id), "an answer has the call_id of its call");

    const Value message = base::parse_json(write_signed_answer(answer, read.call_id, key));
    const auto jws = read_jws(message.find("token")->string());
    must(jws && verify(*jws, key) && jws->payload == text, "a signed answer is the same answer");
}

void read_any(std::string_view input) {
    static base::Hmac session("session token");
    static base::Hmac anonymous("__ANON");
    const Keys keys{session, anonymous};
    std::string text(input);
    if (input.starts_with('s')) text = R"({"token":")" + write_jws(input.substr(1), session) + "\"}";

    constexpr base::JsonLimits limits{.depth = 16, .values = 1'000};
    const ReadCall read = read_call(text, keys, now_ms, limits);
    const std::string sid = claimed_sid(text, limits);
    const Call* signed_call = read.signed_by_session ? std::get_if<Call>(&read.result) : nullptr;
    must(!signed_call || signed_call->sid.value_or("") == sid, "the claimed sid is the call's");
    must(!input.starts_with('s') || read.signed_by_session, "a right signature is recognised");
    check_call_id(read.call_id);
    if (const Call* call = std::get_if<Call>(&read.result)) check_call(*call, read.signed_by_session);
    check_answer(read, session);
}

}  // namespace
}  // namespace limp::wire

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    limp::wire::read_any({reinterpret_cast<const char*>(data), size});
    return 0;
}
