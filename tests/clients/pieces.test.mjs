// Files in pieces, as LIMP's SDKs from 4.2 on send them: file/upload ahead of the call that they are for.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startDaemon } from './daemon.mjs';
import { admin, anonToken, LimpClient, sign } from './limp_client.mjs';

let daemon;
before(async () => {
  daemon = await startDaemon({
    modules: 'tests/calls/modules',
    args: ['--packages', 'gallery'],
    env: { LIMP_MESSAGE_BYTES_MAX: '1048576', LIMP_UPLOAD_BYTES_MAX: '3145728' },
  });
});
after(() => daemon?.stop());

async function signedIn() {
  const client = await LimpClient.connect(daemon.port);
  await client.auth('email', admin.email, admin.password);
  return client;
}

// Each with its own bytes, so that an exchange of pieces would show.
const bytes = Buffer.from(Array.from({ length: 2_000_000 }, (_, at) => (at * 31 + (at >> 9)) & 0xff));
const chunkBytes = 200_000;
const total = bytes.length / chunkBytes;
const picture = { doc: { title: 'Dunes', rank: 1, photo: [{}] } };

// As the SDK writes it: all at once, the bytes as numbers between commas.
function sendPieces(client, attr = 'photo', only = total) {
  const file = { name: 'dunes.bin', size: bytes.length, type: 'application/octet-stream', lastModified: 1_549_000_000_000 };
  return Promise.all(
    Array.from({ length: only }, (_, at) => {
      const content = bytes.subarray(at * chunkBytes, (at + 1) * chunkBytes).join(',');
      return client.call('file/upload', { doc: { attr, index: '0', chunk: at + 1, total, file: { ...file, content } } });
    }),
  );
}

test('a file that is larger than a message comes in pieces, and is in the next document', async () => {
  const client = await signedIn();
  const [pieces, answer] = await Promise.all([sendPieces(client), client.call('picture/create', picture)]);
  assert.deepEqual(pieces.map(({ status }) => status), Array(total).fill(200));
  assert.equal(answer.status, 200, answer.msg);
  const id = answer.args.docs[0]._id;

  const response = await fetch(`http://127.0.0.1:${daemon.port}/picture/retrieve_file/${id}/photo`);
  assert.equal(response.status, 200);
  assert.ok(Buffer.from(await response.arrayBuffer()).equals(bytes));
  await client.close();
});

test('a file that has not come whole is waited for', async () => {
  const client = await signedIn();
  await sendPieces(client, 'photo', total - 1);
  const { status, args, msg } = await client.call('picture/create', picture);
  assert.deepEqual([status, args.code], [400, 'CORE_FILE_INCOMPLETE']);
  assert.match(msg, /9 of 10 pieces/);
  await client.close();
});

test('what waits on a connection is bounded, and is no other connection’s', async () => {
  const [one, other] = [await signedIn(), await signedIn()];
  assert.equal((await sendPieces(one, 'photo', 1))[0].status, 200);
  const [{ status, args }] = await sendPieces(one, 'another', 1);
  assert.deepEqual([status, args.code], [413, 'CORE_FILE_TOO_LARGE']);
  assert.equal((await sendPieces(other, 'photo', 1))[0].status, 200);
  const { args: refused } = await other.call('picture/create', picture);
  assert.equal(refused.code, 'CORE_FILE_INCOMPLETE');
  for (const client of [one, other]) await client.close();
});

test('whoever signs in on a connection does not get the files of who was there before', async () => {
  const client = await LimpClient.connect(daemon.port);
  await sendPieces(client);
  await client.auth('email', admin.email, admin.password);
  const answer = await client.call('picture/create', picture);
  assert.equal(answer.status, 400);
  assert.doesNotMatch(answer.args.code, /CORE_FILE/);
  await client.close();
});

test('by HTTP there is no connection to keep pieces on', async () => {
  const file = { name: 'a', size: 1, type: '', lastModified: 0, content: '1' };
  const call = { endpoint: 'file/upload', call_id: '1', doc: { attr: 'photo', index: '0', chunk: 1, total: 1, file } };
  const response = await fetch(`http://127.0.0.1:${daemon.port}/call`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ token: sign(call, anonToken) }),
  });
  assert.equal(response.status, 400);
  assert.equal((await response.json()).args.code, 'CORE_FILE_NO_SOCKET');
});
