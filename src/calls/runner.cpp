#include "calls/runner.hpp"

#include <charconv>
#include <utility>

#include "base/json.hpp"
#include "base/text.hpp"
#include "calls/credentials.hpp"

namespace limp::calls {
namespace {

// The value at "args.docs.0._id", or nullptr.
const Value* at_path(const Value& root, const std::vector<std::string>& path) {
    const Value* value = &root;
    for (const std::string& name : path) {
        if (value->is_list()) {
            std::size_t index = 0;
            const auto read = std::from_chars(name.data(), name.data() + name.size(), index);
            const bool inside = read.ptr == name.data() + name.size() && index < value->list().size();
            value = inside ? &value->list()[index] : nullptr;
        } else {
            value = value->find(name);
        }
        if (!value) return nullptr;
    }
    return value;
}

Object auth_call(const std::string& key, const std::string& value, const std::string& password) {
    return {
        {"endpoint", "session/auth"},
        {"doc", Object{{"hash", computed("sdk_hash", {key, value, password}).value()}, {key, value}}}
    };
}

}  // namespace

void Runner::run(const Transcript& transcript) {
    for (const Step& step : transcript.steps) carry_out(step);
}

void Runner::carry_out(const Step& step) {
    line_ = step.line;
    try {
        std::visit([this](const auto& what) { carry_out(what); }, step.what);
    } catch (const TranscriptError&) {
        throw;
    } catch (const std::exception& error) {
        throw TranscriptError(line_, error.what());
    }
}

void Runner::carry_out(const As& as) {
    const auto found = actors_.find(as.name);
    if (found != actors_.end()) {
        speaker_ = &found->second;
        return;
    }
    if (as.name == "admin")
        carry_out(Login{"admin", "email", settings_.admin_email, settings_.admin_password});
    else if (as.name == "anon")
        open("anon");
    else
        throw TranscriptError(line_, "nobody is called " + as.name + ": connect or login comes first");
}

void Runner::carry_out(const Connect& connect) {
    open(connect.name);
}

void Runner::carry_out(const Login& login) {
    open(login.name);
    call(auth_call(login.key, filled_word(login.value), filled_word(login.password)));
    if (const Value* status = answer_.find("status"); !status || *status != Value(200))
        throw TranscriptError(line_, "cannot log in: " + base::to_json(answer_));
}

void Runner::carry_out(const Key& key) {
    next_key_ = filled_word(key.text);
}

void Runner::carry_out(const Save& save) {
    const Value* found = at_path(answer_, save.path);
    if (!found) throw TranscriptError(line_, "the answer has no such value: " + base::to_json(answer_));
    kept_[save.name] = *found;
}

void Runner::carry_out(const Let& let) {
    std::vector<std::string> words;
    for (const std::string& word : let.words) words.push_back(filled_word(word));
    const std::optional<std::string> text = computed(let.form, words);
    if (!text) throw TranscriptError(line_, "no such form, or the wrong number of words: " + let.form);
    kept_[let.name] = *text;
}

void Runner::carry_out(const Say& say) {
    call(filled(say.call, kept_).object());
}

void Runner::carry_out(const SayRaw& raw) {
    if (!speaker_) carry_out(As{"anon"});
    const std::string text = filled_text(raw.text, kept_);
    answer_ = base::parse_json(speaker_->client->exchange(text));
    try {
        const Value sent = base::parse_json(text);
        if (sent.find("endpoint")) follow_session(sent.object());
    } catch (const base::JsonError&) {
        // What is sent as it stands may be anything; then it changes no session.
    }
}

void Runner::carry_out(const Expect& expect) {
    if (const auto different = difference(filled(expect.answer, kept_), answer_))
        throw TranscriptError(line_, *different + "\nin " + base::to_json(answer_));
}

void Runner::open(const std::string& name) {
    Actor& actor = actors_[name];
    actor = {connect_(), settings_.anon_token};
    answer_ = base::parse_json(actor.client->greeting());
    speaker_ = &actor;
}

void Runner::call(Object call) {
    if (!speaker_) carry_out(As{"anon"});
    if (!call.contains("call_id")) call["call_id"] = "call-" + std::to_string(++calls_);
    if (!speaker_->client->keeps_session() && !speaker_->sid.empty() && !call.contains("sid"))
        call["sid"] = speaker_->sid;
    const std::string key = std::exchange(next_key_, "");
    answer_ = base::parse_json(speaker_->client->exchange(signed_frame(call, key.empty() ? speaker_->token : key)));

    const Value* echoed = at_path(answer_, {"args", "call_id"});
    if (!echoed || *echoed != *call.find("call_id"))
        throw TranscriptError(line_, "the call_id was not echoed in " + base::to_json(answer_));
    follow_session(call);
}

// What a client does: after auth and reauth it signs with the new token, after signout with the anonymous one.
void Runner::follow_session(const Object& call) {
    const Value* endpoint = call.find("endpoint");
    const Value* status = answer_.find("status");
    if (!endpoint || !endpoint->is_string() || !status || *status != Value(200)) return;
    const std::string name = base::to_lower(endpoint->string());
    if (name == "session/signout") {
        speaker_->token = settings_.anon_token;
        speaker_->sid.clear();
    }
    if (name != "session/auth" && name != "session/reauth") return;
    const auto text_of_session = [this](const std::string& attr) {
        const Value* text = at_path(answer_, {"args", "docs", "0", attr});
        if (!text || !text->is_string()) throw TranscriptError(line_, "no " + attr + " in " + base::to_json(answer_));
        return text->string();
    };
    speaker_->token = text_of_session("token");
    speaker_->sid = text_of_session("_id");
}

std::string Runner::filled_word(const std::string& word) const {
    const Value value = filled(Value(word), kept_);
    return value.is_string() ? value.string() : base::to_json(value);
}

}  // namespace limp::calls
