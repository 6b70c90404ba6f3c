// What LIMP's README tells a client to do, with jsonwebtoken and ws.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startDaemon } from './daemon.mjs';
import { LimpClient, admin, anonSession, payloadSegment, readmeHash, sign } from './limp_client.mjs';

let daemon;
before(async () => (daemon = await startDaemon()));
after(async () => assert.equal(await daemon.stop(), 0));

test('the server speaks first', async () => {
  const client = await LimpClient.connect(daemon.port);
  assert.deepEqual(client.greeting, { status: 200, msg: 'Connection established.' });
  await client.close();
});

test('auth goes raw, with a whole JWS as hash; every other call is tokenised', async () => {
  const client = await LimpClient.connect(daemon.port);
  const answer = await client.send(
    {
      call_id: 'auth',
      endpoint: 'session/auth',
      query: {},
      doc: { hash: readmeHash('email', admin.email, admin.password), email: admin.email },
    },
    'auth'
  );
  assert.equal(answer.status, 200, JSON.stringify(answer));
  const session = answer.args.docs[0];
  assert.match(session._id, /^[0-9a-f]{24}$/);
  assert.ok(session.token.length >= 43, 'a token of 256 bits');

  client.token = session.token;
  const read = await client.call('user/read', { query: { _id: { val: session.user._id } } });
  assert.equal(read.status, 200);
  assert.equal(read.args.docs[0].email, admin.email);

  const raw = await client.send({ call_id: 'raw', endpoint: 'user/read', sid: session._id, query: {}, doc: {} }, 'raw');
  assert.equal(raw.status, 403);
  assert.equal(raw.args.code, 'CORE_REQ_NOT_TOKENISED');
  await client.close();
});

test('the key order inside the hash does not matter, and iat neither', async () => {
  const client = await LimpClient.connect(daemon.port);
  const hash = sign({ password: admin.password, username: admin.username }, admin.password, {});
  const answer = await client.call('session/auth', { doc: { username: admin.username, hash } });
  assert.equal(answer.status, 200, JSON.stringify(answer));
  await client.close();
});

test('reauth brings a session back, with the whole JWS and with its payload', async () => {
  const first = await LimpClient.connect(daemon.port);
  const session = (await first.auth('email', admin.email, admin.password)).args.docs[0];
  await first.close();

  for (const hash of [sign({ token: session.token }, session.token), payloadSegment({ token: session.token }, session.token)]) {
    const client = await LimpClient.connect(daemon.port);
    const answer = await client.send(
      { call_id: 'r', endpoint: 'session/reauth', query: { _id: { val: session._id }, hash: { val: hash } }, doc: {} },
      'r'
    );
    assert.equal(answer.status, 200, JSON.stringify(answer));
    assert.equal(answer.args.docs[0]._id, session._id);
    client.token = session.token;
    assert.equal((await client.call('user/read')).status, 200);
    await client.close();
  }
});

test('signing out makes the connection anonymous again', async () => {
  const client = await LimpClient.connect(daemon.port);
  const session = (await client.auth('phone', admin.phone, admin.password)).args.docs[0];
  const out = await client.call('session/signout', { query: { _id: { val: session._id } } });
  assert.equal(out.status, 200);
  client.token = '__ANON';
  const read = await client.call('user/read');
  assert.equal(read.args.docs[0]._id, 'f00000000000000000000011');
  const nobody = await client.call('session/signout', { query: { _id: { val: anonSession } } });
  assert.equal(nobody.args.code, 'CORE_SESSION_ANON_SIGNOUT');
  await client.close();
});
