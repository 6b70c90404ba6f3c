#include "engine/uploads.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <string>

namespace limp::engine {
namespace {

struct UploadsTest : testing::Test {
    UploadsTest() {
        module.name = "picture";
        Attr papers;
        papers.name = "papers";
        papers.type = Type::list_of(Type::of(Type::Kind::file));
        Attr photo;
        photo.name = "photo";
        photo.type = Type::of(Type::Kind::file);
        Attr title;
        title.name = "title";
        title.type = Type::of(Type::Kind::str);
        module.attrs = {photo, papers, title};
    }

    static FilePiece piece(std::int64_t number, std::int64_t pieces, Value content, std::int64_t size = 6) {
        return {
            .attr = "photo",
            .index = "0",
            .number = number,
            .pieces = pieces,
            .file =
                {{"name", "a.png"}, {"type", "image/png"}, {"size", size}, {"lastModified", 0}, {"content", content}},
        };
    }
    static FilePiece of(std::string attr, std::string index, FilePiece piece) {
        piece.attr = std::move(attr);
        piece.index = std::move(index);
        return piece;
    }

    static std::string code_of(const std::function<void()>& work) {
        try {
            work();
        } catch (const Refusal& refusal) {
            return refusal.code();
        }
        return "";
    }
    std::string refused(FilePiece piece) {
        return code_of([&] { uploads.add(std::move(piece)); });
    }
    Document taken(Document doc) {
        uploads.put_into(doc, module);
        return doc;
    }

    std::shared_ptr<UploadedBytes> all = std::make_shared<UploadedBytes>(0);
    // Each of these files takes 1,024 bytes, some 80 for its head and its key, and its own.
    Uploads uploads{5'000, all, 8'000};
    Module module;
};

TEST_F(UploadsTest, PiecesBecomeTheFileOfTheNextDoc) {
    uploads.add(piece(1, 2, "1,2,3"));
    uploads.add(piece(2, 2, List{4, 5, 6}));
    EXPECT_GT(all->load(), 6);
    const Document doc = taken({{"title", "a"}, {"photo", "sent apart"}});
    const Object& file = doc.find("photo")->list().at(0).object();
    EXPECT_EQ(*file.find("content"), Value("AQIDBAUG"));
    EXPECT_EQ(*file.find("name"), Value("a.png"));
    EXPECT_EQ(all->load(), 0);
    EXPECT_EQ(*taken({{"photo", "next"}}).find("photo"), Value("next")) << "they are forgotten";
}

TEST_F(UploadsTest, FilesOfAnAttrKeepTheirOrder) {
    for (const char* index : {"10", "9", "0"})
        uploads.add(of("papers", index, piece(1, 1, std::string("aaa") + index[0], 3)));
    const Document doc = taken({{"papers", Value()}});
    std::string order;
    for (const Value& file : doc.find("papers")->list()) order += file.find("content")->string().back();
    EXPECT_EQ(order, "091");
}

TEST_F(UploadsTest, OtherDocsLeaveThem) {
    uploads.add(piece(1, 1, "1,2,3,4,5,6"));
    EXPECT_EQ(taken({{"title", "a"}}), Document({{"title", "a"}}));
    EXPECT_TRUE(taken({{"photo", "x"}}).find("photo")->is_list());
}

TEST_F(UploadsTest, AttrsThatHoldNoFilesTakeNone) {
    uploads.add(of("title", "0", piece(1, 1, "1,2,3,4,5,6")));
    EXPECT_EQ(*taken({{"title", "a"}}).find("title"), Value("a"));
}

TEST_F(UploadsTest, PiecesComeInOrder) {
    EXPECT_EQ(refused(piece(2, 2, "1")), "CORE_FILE_INVALID_PIECE");
    uploads.add(piece(1, 3, "1"));
    EXPECT_EQ(refused(piece(3, 3, "1")), "CORE_FILE_INVALID_PIECE");
    EXPECT_EQ(refused(piece(2, 3, "1")), "CORE_FILE_INVALID_PIECE") << "one out of order ends the file";
    uploads.add(piece(1, 3, "1"));
    EXPECT_EQ(refused(piece(2, 4, "1")), "CORE_FILE_INVALID_PIECE") << "of another total";
    uploads.add(piece(1, 3, "1"));
    EXPECT_EQ(refused(piece(2, 3, "1", 7)), "CORE_FILE_INVALID_PIECE") << "of another size";
    EXPECT_EQ(all->load(), 0);
}

TEST_F(UploadsTest, TheFirstPieceBeginsAnew) {
    uploads.add(piece(1, 2, "9,9,9"));
    uploads.add(piece(1, 2, "1,2,3"));
    uploads.add(piece(2, 2, "4,5,6"));
    EXPECT_EQ(taken({{"photo", 0}}).find("photo")->list()[0].find("content")->string(), "AQIDBAUG");
}

TEST_F(UploadsTest, WrongPiecesAreRefused) {
    EXPECT_EQ(refused(piece(1, 0, "1")), "CORE_FILE_INVALID_PIECE");
    EXPECT_EQ(refused(piece(1, 7, "1")), "CORE_FILE_INVALID_PIECE") << "more pieces than bytes";
    EXPECT_EQ(refused(piece(1, 1, "1", -1)), "CORE_FILE_INVALID_PIECE");
    EXPECT_EQ(refused(piece(1, 1, "1,2,3,4,5,6,7")), "CORE_FILE_INVALID_PIECE") << "more bytes than the size";
    EXPECT_EQ(refused(piece(1, 1, "not bytes")), "CORE_FILE_INVALID_PIECE");
    FilePiece bare = piece(1, 1, "1");
    bare.file.erase("content");
    EXPECT_EQ(refused(bare), "CORE_FILE_INVALID_PIECE");
    bare.file.erase("size");
    EXPECT_EQ(refused(bare), "CORE_FILE_INVALID_PIECE");
    EXPECT_EQ(all->load(), 0);
}

TEST_F(UploadsTest, WhatHasNotComeWholeIsWaitedFor) {
    uploads.add(piece(1, 2, "1,2,3"));
    EXPECT_EQ(code_of([&] { taken({{"photo", 0}}); }), "CORE_FILE_INCOMPLETE");
    uploads.add(piece(2, 2, "4,5,6"));
    EXPECT_TRUE(taken({{"photo", 0}}).find("photo")->is_list());
}

TEST_F(UploadsTest, TheRoomIsBounded) {
    EXPECT_EQ(refused(piece(1, 2, "1", 5'001)), "CORE_FILE_TOO_LARGE");
    EXPECT_EQ(refused(piece(1, 2, "1", std::numeric_limits<std::int64_t>::max())), "CORE_FILE_TOO_LARGE");
    uploads.add(of("papers", "0", piece(1, 2, "1", 3'000)));
    EXPECT_EQ(refused(piece(1, 2, "1", 1'000)), "CORE_FILE_TOO_LARGE") << "together with what waits";
    const std::int64_t of_one = all->load();
    {
        Uploads other(10'000, all, 8'000);
        EXPECT_EQ(code_of([&] { other.add(piece(1, 2, "1", 4'000)); }), "CORE_SERVER_BUSY");
        other.add(piece(1, 2, "1", 2'000));
        EXPECT_GT(all->load(), of_one);
    }
    EXPECT_EQ(all->load(), of_one) << "what a connection holds goes with it";
    uploads.clear();
    EXPECT_EQ(all->load(), 0);
}

TEST_F(UploadsTest, ManySmallFilesCountForWhatTheyTake) {
    int kept = 0;
    while (refused(of("photo", std::to_string(kept), piece(1, 1, "1", 1))).empty()) ++kept;
    EXPECT_EQ(kept, 4);
    uploads.clear();
    FilePiece wordy = piece(1, 1, "1", 1);
    wordy.file["name"] = std::string(5'000, 'x');
    EXPECT_EQ(refused(wordy), "CORE_FILE_TOO_LARGE");
}

}  // namespace
}  // namespace limp::engine
