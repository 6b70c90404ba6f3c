// Connections: the subprotocol, compression, many calls at once, their order, and how it ends.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import jwt from 'jsonwebtoken';
import WebSocket from 'ws';
import { startDaemon } from './daemon.mjs';
import { LimpClient, admin, anonToken, sign } from './limp_client.mjs';

const modules = 'tests/calls/modules';
let daemon;
before(async () => (daemon = await startDaemon({ modules })));
after(async () => assert.equal(await daemon.stop(), 0));

test('under limp.jwt answers are signed with the key of their call', async () => {
  const client = await LimpClient.connect(daemon.port, { subprotocols: ['limp.jwt'] });
  assert.equal(client.socket.protocol, 'limp.jwt');
  assert.deepEqual(jwt.verify(client.greeting.token, anonToken), { status: 200, msg: 'Connection established.', args: {} });

  const auth = await client.auth('email', admin.email, admin.password);
  assert.equal(auth.status, 200);
  jwt.verify(auth.frame.token, anonToken);
  const read = await client.call('user/read');
  jwt.verify(read.frame.token, client.token);
  assert.equal(read.frame.call_id, read.args.call_id);
  const bad = await client.call('user/read', { key: 'no such key' });
  assert.equal(bad.args.code, 'CORE_REQ_INVALID_TOKEN');
  jwt.verify(bad.frame.token, anonToken);
  await client.close();
});

test('without it answers are plain, and an unknown subprotocol is not chosen', async () => {
  const client = await LimpClient.connect(daemon.port);
  assert.equal(client.socket.protocol, '');
  assert.equal((await client.call('user/read')).frame.token, undefined);
  await client.close();

  // ws closes by itself when the server chooses none of those it offered: what RFC 6455 has for "no".
  const socket = new WebSocket(`ws://127.0.0.1:${daemon.port}/ws`, ['something.else']);
  await new Promise((resolve) => socket.on('error', resolve));
});

for (const perMessageDeflate of [false, { threshold: 0, serverNoContextTakeover: true, clientNoContextTakeover: true }, true]) {
  const name = JSON.stringify(perMessageDeflate);
  test(`big messages, deflate ${name}`, async () => {
    const client = await LimpClient.connect(daemon.port, { options: { perMessageDeflate } });
    assert.equal(client.socket.extensions.includes('permessage-deflate'), perMessageDeflate !== false);
    for (const size of [0, 1, 125, 126, 1023, 1024, 65_535, 65_536, 1_000_000]) {
      const text = Array.from({ length: Math.ceil(size / 10) }, (_, i) => String(i * 7919).padStart(10, 'x')).join('').slice(0, size);
      const made = await client.call('kind/create', { query: { $soft: true }, doc: { name: text } });
      assert.equal(made.status, 200, `${size}: ${made.msg}`);
      assert.equal(made.args.docs[0].name, text);
    }
    await client.close();
  });
}

test('200 calls at once, each answered once, with its call_id', async () => {
  const client = await LimpClient.connect(daemon.port);
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, i) =>
      client.call(i % 2 ? 'user/read' : 'kind/create', { doc: i % 2 ? {} : { name: `n${i}`, count: i } })
    )
  );
  assert.ok(answers.every((answer) => answer.status === 200), JSON.stringify(answers.find((answer) => answer.status !== 200)));
  assert.equal(new Set(answers.map((answer) => answer.args.call_id)).size, 200);
  await client.close();
});

test('a read sees the writes that were sent before it, and writes keep their order', async () => {
  const client = await LimpClient.connect(daemon.port);
  const made = await client.call('kind/create', { doc: { name: 'ordered', count: 0 } });
  const query = { _id: { val: made.args.docs[0]._id } };
  const pending = [];
  for (let i = 1; i <= 30; ++i) {
    pending.push(client.call('kind/update', { query, doc: { count: i } }));
    // A write sent after the read may overlap it: the read sees this write or a later one, never an earlier one.
    pending.push(client.call('kind/read', { query }).then((answer) => assert.ok(answer.args.docs[0].count >= i)));
  }
  await Promise.all(pending);
  assert.equal((await client.call('kind/read', { query })).args.docs[0].count, 30);
  await client.close();
});

test('what is sent behind an auth, without waiting, is verified with the session that it leaves', async () => {
  const client = await LimpClient.connect(daemon.port);
  const session = (await client.auth('email', admin.email, admin.password)).args.docs[0];
  const next = await LimpClient.connect(daemon.port);
  const reauth = next.call('session/reauth', {
    query: { _id: { val: session._id }, hash: { val: sign({ token: session.token }, session.token) } },
  });
  const read = next.call('user/read', { key: session.token });
  const tooLate = next.call('user/read', { key: anonToken });
  assert.equal((await reauth).status, 200);
  assert.equal((await read).status, 200);
  assert.equal((await tooLate).args.code, 'CORE_REQ_INVALID_TOKEN');
  await Promise.all([client.close(), next.close()]);
});

test('a binary message is answered with 400', async () => {
  const client = await LimpClient.connect(daemon.port);
  const answer = new Promise((resolve) => client.socket.once('message', (data) => resolve(JSON.parse(data))));
  client.socket.send(Buffer.from([1, 2, 3]));
  assert.equal((await answer).status, 400);
  assert.equal((await client.call('user/read')).status, 200);
  await client.close();
});

test('SIGTERM: what is in flight is answered, sockets close with 1001, the exit code is 0', async () => {
  const other = await startDaemon({ modules });
  const client = await LimpClient.connect(other.port);
  const idle = await LimpClient.connect(other.port);
  // In one segment: when the first is answered, limpd has read them all.
  client.socket._socket.cork();
  const calls = Array.from({ length: 20 }, (_, i) => client.call('kind/create', { doc: { name: `last ${i}` } }));
  client.socket._socket.uncork();
  await calls[0];
  const stopped = other.stop();
  for (const answer of await Promise.all(calls)) assert.equal(answer.status, 200);
  assert.equal(await idle.closed, 1001);
  assert.equal(await client.closed, 1001);
  assert.equal(await stopped, 0);
});

test('data is there again after a restart', async () => {
  const { mkdtempSync, rmSync } = await import('node:fs');
  const { tmpdir } = await import('node:os');
  const { join } = await import('node:path');
  const folder = mkdtempSync(join(tmpdir(), 'limpd-kept-'));
  const args = ['--data', join(folder, 'kept.db')];
  try {
    const first = await startDaemon({ modules, args });
    const client = await LimpClient.connect(first.port);
    const session = (await client.auth('email', admin.email, admin.password)).args.docs[0];
    const made = await client.call('kind/create', { doc: { name: 'kept' } });
    await client.close();
    assert.equal(await first.stop(), 0);

    const second = await startDaemon({ modules, args });
    const again = await LimpClient.connect(second.port);
    const reauth = await again.call('session/reauth', {
      query: { _id: { val: session._id }, hash: { val: sign({ token: session.token }, session.token) } },
    });
    assert.equal(reauth.status, 200, 'sessions outlive a restart');
    again.token = session.token;
    const read = await again.call('kind/read', { query: { _id: { val: made.args.docs[0]._id } } });
    assert.equal(read.args.docs[0].name, 'kept');
    await again.close();
    assert.equal(await second.stop(), 0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
