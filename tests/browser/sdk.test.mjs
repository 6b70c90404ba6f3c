// The JavaScript SDK against limpd, from Node.js.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { WebSocket } from 'ws';
import { Client, LimpError } from '../../sdk/js/dist/index.js';
import { startDaemon } from '../clients/daemon.mjs';

const admin = ['email', 'ADMIN@LIMP.MASAAR.COM', '__ADMIN'];
const folder = mkdtempSync(join(tmpdir(), 'limpd-sdk-'));
const args = ['--data', join(folder, 'limp.db'), '--packages', 'gallery'];
let daemon, client;

before(async () => (daemon = await startDaemon({ modules: 'tests/calls/modules', args })));
afterEach(() => client?.close());
after(async () => {
  await daemon?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function connected(options = {}) {
  client = new Client({ url: `ws://127.0.0.1:${daemon.port}/ws`, WebSocket, retryMin: 10, ...options });
  await client.connect();
  return client;
}

test('what is called behind a sign-in, without waiting for it, is called as that user', async () => {
  const { auth, call } = bound(await connected());
  const [session, answer] = await Promise.all([auth(...admin), call('user/read', { query: { $limit: 1 } })]);
  assert.equal(answer.status, 200);
  assert.equal(session.user.email, admin[1]);
  await client.signout();
  await assert.rejects(call('user/create', { doc: {} }), { status: 403, code: 'CORE_SESSION_FORBIDDEN' });
});

test('a refusal is a LimpError with status, code and answer', async () => {
  const { auth } = bound(await connected());
  await assert.rejects(auth(admin[0], admin[1], 'another'), (error) => {
    assert.ok(error instanceof LimpError);
    assert.equal(error.code, 'CORE_SESSION_INVALID_CREDS');
    assert.equal(error.answer.status, error.status);
    return true;
  });
});

test('a file goes up in a document and comes back by HTTP GET, as the session', async () => {
  const { auth, call } = bound(await connected());
  await auth(...admin);
  const content = Buffer.from('of the dunes');
  const photo = { name: 'note.txt', type: 'text/plain', size: content.length, lastModified: 0, content: content.toString('base64') };
  const { args } = await call('picture/create', { doc: { title: 'Dunes', rank: 1, photo } });
  const blob = await client.retrieve('picture', args.docs[0]._id, 'photo');
  assert.equal(await blob.text(), 'of the dunes');
  await assert.rejects(client.retrieve('picture', 'f'.repeat(24), 'photo'), LimpError);
  const response = await client.get(`/picture/read/${args.docs[0]._id}`);
  assert.equal((await response.json()).args.docs[0].title, 'Dunes');
});

test('when limpd comes back, the session goes on', async () => {
  const { auth, call } = bound(await connected());
  await auth(...admin);
  const { port } = daemon;
  await daemon.stop();
  const answered = call('user/read', { query: { $limit: 1 } });
  daemon = await startDaemon({ modules: 'tests/calls/modules', args, listenOn: port });
  assert.equal((await answered).status, 200);
});

function bound(client) {
  return { auth: client.auth.bind(client), call: client.call.bind(client) };
}
