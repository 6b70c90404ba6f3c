// Limits that a client meets: each is on by default, has its key, and says what to do.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import WebSocket from 'ws';

import { startDaemon } from './daemon.mjs';
import { LimpClient, admin, sdkHash } from './limp_client.mjs';

const memory = { LIMP_DATA_DRIVER: 'memory' };

async function withDaemon(env, work, args = []) {
  const daemon = await startDaemon({ env: { ...memory, ...env }, args });
  try {
    await work(daemon);
  } finally {
    assert.equal(await daemon.stop(), 0, daemon.log());
  }
}

const codes = (answers) => answers.map((answer) => answer.args?.code ?? answer.status);

test('sign-ins past what may wait are told that it is busy; each is answered, other calls go on', async () => {
  const env = { LIMP_PASSWORD_THREADS: '1', LIMP_PASSWORD_WAITING_MAX: '2', LIMP_PASSWORD_MEMORY_KIB: '65536' };
  await withDaemon(env, async ({ port }) => {
    const clients = await Promise.all(Array.from({ length: 100 }, () => LimpClient.connect(port)));
    const other = await LimpClient.connect(port);
    const wrong = clients.map((client) => client.auth('email', admin.email, 'wrong'));
    assert.equal((await other.call('user/read')).status, 200);
    const said = codes(await Promise.all(wrong));
    assert.ok(said.includes('CORE_SESSION_BUSY'), String(said));
    assert.ok(said.includes('CORE_SESSION_INVALID_CREDS'), String(said));
    assert.deepEqual([...new Set(said)].sort(), ['CORE_SESSION_BUSY', 'CORE_SESSION_INVALID_CREDS']);
    assert.equal((await other.auth('email', admin.email, admin.password)).status, 200);
  });
});

test('100 sign-ups with one e-mail make one user', async () => {
  await withDaemon({ LIMP_PASSWORD_WAITING_MAX: '1000' }, async ({ port }) => {
    const client = await LimpClient.connect(port);
    await client.auth('email', admin.email, admin.password);
    const others = await Promise.all(Array.from({ length: 10 }, () => LimpClient.connect(port)));
    await Promise.all(others.map((other) => other.auth('email', admin.email, admin.password)));
    const email = 'Same@example.com';
    const signUp = (n) => {
      const mine = n % 2 ? email : email.toLowerCase();
      const doc = { email: mine, name: { ar_AE: 'x' }, email_hash: sdkHash('email', mine, 'pw') };
      return others[n % 10].call('user/create', { doc });
    };
    const said = codes(await Promise.all(Array.from({ length: 100 }, (_, n) => signUp(n))));
    assert.equal(said.filter((one) => one === 200).length, 1, String(said));
    assert.equal(said.filter((one) => one === 'CORE_USER_DUPLICATE_USER').length, 99, String(said));
  });
});

test('calls of an address past its quota are refused, a batch costs what is in it', async () => {
  await withDaemon({ LIMP_QUOTA_ADDRESS_PER_MINUTE: '10' }, async ({ port }) => {
    const client = await LimpClient.connect(port);
    const batch = Array.from({ length: 11 }, () => ({}));
    assert.equal((await client.call('blog/create', { doc: batch })).args.code, 'CORE_REQ_QUOTA');
    const said = codes(await Promise.all(Array.from({ length: 12 }, () => client.call('user/read'))));
    assert.equal(said.filter((one) => one === 200).length, 10, String(said));
    assert.equal(said.filter((one) => one === 'CORE_REQ_QUOTA').length, 2, String(said));
  });
});

test('messages that are no calls count too', async () => {
  await withDaemon({ LIMP_QUOTA_ADDRESS_PER_MINUTE: '5' }, async ({ port }) => {
    const client = await LimpClient.connect(port);
    const said = codes(await Promise.all(Array.from({ length: 7 }, () => client.call('user/read', { key: 'no such key' }))));
    assert.equal(said.filter((one) => one === 'CORE_REQ_INVALID_TOKEN').length, 5, String(said));
    assert.equal(said.filter((one) => one === 'CORE_REQ_QUOTA').length, 2, String(said));
  });
});

test('a session has a quota of its own', async () => {
  await withDaemon({ LIMP_QUOTA_SESSION_PER_MINUTE: '5' }, async ({ port }) => {
    const client = await LimpClient.connect(port);
    await client.auth('email', admin.email, admin.password);
    const said = codes(await Promise.all(Array.from({ length: 7 }, () => client.call('user/read'))));
    assert.equal(said.filter((one) => one === 200).length, 5, String(said));
    assert.equal((await (await LimpClient.connect(port)).call('user/read')).status, 200);
  });
});

test('a read gives so many documents and says that there are more', async () => {
  await withDaemon({ LIMP_READ_LIMIT_MAX: '3' }, async ({ port }) => {
    const client = await LimpClient.connect(port);
    await client.auth('email', admin.email, admin.password);
    const doc = Array.from({ length: 5 }, (_, n) => ({ title: { ar_AE: `t${n}` }, desc: { ar_AE: 'd' } }));
    assert.equal((await client.call('blog_cat/create', { doc })).args.count, 5);
    const all = await client.call('blog_cat/read');
    assert.deepEqual([all.args.count, all.args.total, all.args.more], [3, 5, true]);
    const two = await client.call('blog_cat/read', { query: { $limit: 2 } });
    assert.deepEqual([two.args.count, two.args.total, two.args.more], [2, 5, true]);
  });
});

test('many calls in flight are slowed down, not refused', async () => {
  await withDaemon({ LIMP_CALLS_IN_FLIGHT_MAX: '2' }, async ({ port }) => {
    const client = await LimpClient.connect(port);
    const said = codes(await Promise.all(Array.from({ length: 300 }, () => client.call('user/read'))));
    assert.deepEqual([...new Set(said)], [200]);
  });
});

test('JSON that is too deep or too large is refused with its call_id', async () => {
  await withDaemon({ LIMP_JSON_DEPTH_MAX: '8', LIMP_JSON_VALUES_MAX: '100' }, async ({ port }) => {
    const client = await LimpClient.connect(port);
    const deep = JSON.parse('['.repeat(20) + ']'.repeat(20));
    assert.equal((await client.call('user/read', { query: deep })).args.code, 'CORE_REQ_INVALID_CALL');
    const wide = { _id: { val: Array.from({ length: 200 }, () => 'f00000000000000000000010') } };
    assert.equal((await client.call('user/read', { query: wide })).args.code, 'CORE_REQ_INVALID_CALL');
    assert.equal((await client.call('user/read')).status, 200);
  });
});

test('a message that is too large closes with 1009, and hurts nobody else', async () => {
  await withDaemon({ LIMP_MESSAGE_BYTES_MAX: '65536' }, async ({ port }) => {
    const [large, other] = await Promise.all([LimpClient.connect(port), LimpClient.connect(port)]);
    large.socket.send('x'.repeat(70_000));
    assert.equal(await large.closed, 1009);
    assert.equal((await other.call('user/read')).status, 200);
  });
});

test('connections past the limit of an address are closed, earlier ones stay', async () => {
  await withDaemon({ LIMP_CONNECTIONS_PER_ADDRESS_MAX: '2' }, async ({ port }) => {
    const kept = await Promise.all([LimpClient.connect(port), LimpClient.connect(port)]);
    await assert.rejects(LimpClient.connect(port));
    for (const client of kept) assert.equal((await client.call('user/read')).status, 200);
  });
});

test('pages of other sites may not connect', async () => {
  const opens = (port, origin) =>
    new Promise((resolve) => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, { origin });
      socket.on('open', () => resolve(true) ?? socket.close());
      socket.on('unexpected-response', (_, response) => resolve(response.statusCode));
      socket.on('error', () => resolve('error'));
    });
  await withDaemon({}, async ({ port }) => {
    assert.equal(await opens(port, 'https://evil.example'), 403);
    assert.equal(await opens(port, 'http://localhost:5173'), true);
    assert.equal(await opens(port, `http://127.0.0.1:${port}`), true);
  });
});
