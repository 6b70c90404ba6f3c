// Frames exactly as LIMP's SDK 4.0 composes them, and the values that it computes.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startDaemon } from './daemon.mjs';
import { LimpClient, admin, anonSession, anonToken, payloadSegment, sdkHash, sign } from './limp_client.mjs';

let daemon;
before(async () => (daemon = await startDaemon()));
after(async () => assert.equal(await daemon.stop(), 0));

// The payload has the caller's keys first, then sid, token, endpoint, call_id, iat, exp; no call_id stands outside.
async function sdkCall(client, { endpoint, query = {}, doc = {}, sid = anonSession, token = anonToken, callId }) {
  const now = Math.round(Date.now() / 1000); // rounds up, half the time
  const payload = { query, doc, sid, token, endpoint, call_id: callId, iat: now, exp: now + 86400 };
  return client.send({ token: sign(payload, token, {}) }, callId);
}

test('the hashes are the ones that the SDK sends', () => {
  assert.equal(
    sdkHash('email', 'ADMIN@LIMP.MASAAR.COM', '__ADMIN'),
    'eyJoYXNoIjpbImVtYWlsIiwiQURNSU5ATElNUC5NQVNBQVIuQ09NIiwiX19BRE1JTiJdfQ'
  );
  assert.equal(payloadSegment({ token: 'abcdef12' }, 'abcdef12'), 'eyJ0b2tlbiI6ImFiY2RlZjEyIn0');
});

test('auth, a call, checkAuth and signout as the SDK does them', async () => {
  const client = await LimpClient.connect(daemon.port);
  const auth = await sdkCall(client, {
    endpoint: 'session/auth',
    doc: { hash: sdkHash('email', admin.email, admin.password), email: admin.email },
    callId: 'k3j9x2',
  });
  assert.equal(auth.status, 200, JSON.stringify(auth));
  assert.equal(auth.args.call_id, 'k3j9x2');
  const { _id: sid, token } = auth.args.docs[0];

  const read = await sdkCall(client, { endpoint: 'user/read', sid, token, callId: 'a' });
  assert.equal(read.status, 200);
  assert.deepEqual(Object.keys(read.args).sort(), ['call_id', 'count', 'docs', 'groups', 'total']);

  // A page that was loaded anew: another connection, the session from its cookies, signed with the anonymous token.
  const page = await LimpClient.connect(daemon.port);
  const again = await sdkCall(page, {
    endpoint: 'session/reauth',
    query: { _id: { val: sid }, hash: { val: payloadSegment({ token }, token) } },
    callId: '',
  });
  assert.equal(again.status, 200, JSON.stringify(again));
  assert.equal(again.args.docs[0].token, token);

  // auth() forgets its own session first, so it signs anonymously on a connection that is signed in.
  const twice = await sdkCall(page, {
    endpoint: 'session/auth',
    doc: { hash: sdkHash('username', admin.username, admin.password), username: admin.username },
    callId: 'z',
  });
  assert.equal(twice.status, 200);

  const out = await sdkCall(client, { endpoint: 'session/signout', query: { _id: { val: sid } }, sid, token, callId: 'o' });
  assert.equal(out.status, 200);
  await Promise.all([client.close(), page.close()]);
});

test('the recorded auth frame, expired since 2019, is refused with its call_id', async () => {
  const client = await LimpClient.connect(daemon.port);
  const frame =
    '{"token":"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJkb2MiOnsiaGFzaCI6ImV5Sm9ZWE5vSWpwYkltVnRZV2xzSWl3aVFVUk5TVTVBVEVs' +
    'TlVDNU5RVk5CUVZJdVEwOU5JaXdpWDE5QlJFMUpUaUpkZlEiLCJlbWFpbCI6IkFETUlOQExJTVAuTUFTQUFSLkNPTSJ9LCJzaWQiOiJmMDAwMDAw' +
    'MDAwMDAwMDAwMDAwMDAwMTIiLCJ0b2tlbiI6Il9fQU5PTiIsInF1ZXJ5Ijp7fSwiZW5kcG9pbnQiOiJzZXNzaW9uL2F1dGgiLCJjYWxsX2lkIjoi' +
    'azNqOXgyIiwiaWF0IjoxNTQ5MDAwMDAwLCJleHAiOjE1NDkwODY0MDB9.dZw8pw9ZXsbXA4ByzCmAklVMyOTyj7L1Qyjf-GylwMc"}';
  const answer = await client.send(frame, 'k3j9x2');
  assert.equal(answer.status, 403);
  assert.equal(answer.args.code, 'CORE_REQ_INVALID_TOKEN');
  await client.close();
});

test('text outside ASCII survives the signature', async () => {
  assert.equal(
    sign({ a: 'é' }, 'kéy'),
    'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJhIjoiw6kifQ.Rjf-GqXPjRAZYm8FhHq1SEGGzlk566uZuE7v4T6EgBQ'
  );
  const client = await LimpClient.connect(daemon.port);
  const answer = await sdkCall(client, { endpoint: 'user/read', query: { username: { val: 'é漢字🙂' } }, callId: 'ключ' });
  assert.equal(answer.status, 200, JSON.stringify(answer));
  assert.equal(answer.args.total, 0);
  await client.close();
});
