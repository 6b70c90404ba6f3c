// Starting, as a person does it: flags, mistakes, and what limpd says about them.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { runToEnd, startDaemon } from './daemon.mjs';
import { LimpClient } from './limp_client.mjs';

// A start that cannot be: code 2, and one line that says why.
async function assertRefused(args, about, env) {
  const { code, err } = await runToEnd(args, env);
  assert.equal(code, 2, `${args.join(' ')}: ${err}`);
  const lines = err.trim().split('\n');
  assert.equal(lines.length, 1, err);
  assert.match(lines[0], /^limpd: /);
  assert.match(lines[0], about);
}

test('--version and --help', async () => {
  const version = await runToEnd(['--version']);
  assert.equal(version.code, 0);
  assert.match(version.out, /^limpd \d+\.\d+\.\d+\n$/);
  const help = await runToEnd(['-h']);
  assert.equal(help.code, 0);
  for (const flag of ['--env', '--debug', '--packages', '--port', '--modules', '--data', '--check', '--log-format', '--address'])
    assert.ok(help.out.includes(flag), flag);
});

test('flags that are wrong', async () => {
  await assertRefused(['--prot', '8081'], /--port/);
  await assertRefused(['--port', 'eighty'], /eighty/);
  await assertRefused(['--port', '70000'], /70000/);
  await assertRefused(['--log-format', 'xml'], /xml/);
  await assertRefused(['serve'], /serve/);
  await assertRefused(['--modules', '/no/such/folder', '--check'], /no\/such\/folder/);
  await assertRefused(['--modules', 'examples', '--packages', 'no_such_package', '--check'], /no_such_package/);
});

test('a variable that is no key is not passed over in silence', async () => {
  const { code, err } = await runToEnd(['--modules', 'examples', '--check'], { LIMP_NO_SUCH_KEY: '1' });
  assert.equal(code, 0, err);
  assert.match(err, /warn .*LIMP_NO_SUCH_KEY/);
});

test('--check reads everything and leaves', async () => {
  const { code, err } = await runToEnd(['--modules', 'examples', '--check']);
  assert.equal(code, 0, err);
});

// A package "shop" with this limp.json must be refused with its file and this line.
async function assertManifestRefused(lines, line, wanted) {
  const folder = mkdtempSync(join(tmpdir(), 'limpd-manifest-'));
  try {
    mkdirSync(join(folder, 'shop'));
    writeFileSync(join(folder, 'shop', 'limp.json'), lines.join('\n'));
    await assertRefused(['--modules', folder, '--check'], new RegExp(`shop/limp\\.json:${line}: .*${wanted}`));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const product = (line) => ['{"modules": {"product": {', '"collection": "products",', '"attrs": {"name": "str", "maker": "id"},', line, '}}}'];
const reads = (permission) => product(`"methods": {"read": {"permissions": [${permission}]}}`);

test('a manifest with a mistake: file, line and what would be right', async () => {
  await assertManifestRefused(['{"modules": {"product": {"collection": "products",', '"attrs": {"name": "strr"}}}}'], 2, '"str"');
  await assertManifestRefused(product('"methds": {}'), 4, '"methods"');
});

test('a manifest that means nothing: the same', async () => {
  await assertManifestRefused(product('"extns": {"maker": ["usr", ["name"]]}'), 4, '"user"');
  await assertManifestRefused(product('"extns": {"maker": ["user", ["nmae"]]}'), 4, '"name"');
  await assertManifestRefused(reads('["raed"]'), 4, 'read');
  await assertManifestRefused(reads('["*", {"nmae": "x"}]'), 4, '"name"');
  await assertManifestRefused(product('"defaults": {"name": 7}'), 4, 'name');
  await assertManifestRefused(['{"modules": {', '"user": {"collection": "mine", "attrs": {"name": "str"}}', '}}'], 2, 'exists already');
  await assertManifestRefused(['{"modules": {"mine": {', '"collection": "users",', '"attrs": {"name": "str"}', '}}}'], 2, 'belongs to module');
});

test('documents that must exist are checked, though they would be made later', async () => {
  const docs = (doc) => ['{"docs": [', JSON.stringify(doc), ']}'];
  const _id = 'f00000000000000000000020';
  await assertManifestRefused(docs({ module: 'group', doc: { _id } }), 2, 'needs the attrs');
  await assertManifestRefused(docs({ module: 'grup', doc: { _id } }), 2, '"group"');
  await assertManifestRefused(docs({ module: 'group', doc: { _id, nmae: 1 } }), 2, 'nmae');
});

test('a port that is taken is said plainly', async () => {
  const daemon = await startDaemon();
  const { code, err } = await runToEnd(
    ['-p', String(daemon.port), '--address', '127.0.0.1', '--modules', 'examples'], { LIMP_DATA_DRIVER: 'memory' });
  assert.notEqual(code, 0);
  const last = err.trim().split('\n').at(-1);
  assert.match(last, new RegExp(String(daemon.port)));
  assert.match(last, /in use/);
  const client = await LimpClient.connect(daemon.port);
  await client.close();
  assert.equal(await daemon.stop(), 0);
});

test('with --log-format json every line is an object', async () => {
  const daemon = await startDaemon({ env: { LIMP_DATA_DRIVER: 'memory' } });
  await daemon.stop();
  const { err } = await runToEnd(['--modules', 'examples', '--check', '--log-format', 'json']);
  for (const line of err.trim().split('\n').filter(Boolean)) {
    const entry = JSON.parse(line);
    for (const member of ['time', 'level', 'room', 'msg']) assert.ok(member in entry, line);
  }
});

test('defaults that everybody knows are warned of', async () => {
  const daemon = await startDaemon({ env: { LIMP_DATA_DRIVER: 'memory' } });
  await daemon.stop();
  assert.match(daemon.log(), /warn .*admin_password/);
  assert.match(daemon.log(), /warn .*anon_token/);
});

test('--env prod wants secrets of its own', async () => {
  await assertRefused(['--modules', 'examples', '--env', 'prod', '--check'], /ADMIN_PASSWORD|ANON_TOKEN/);
  const { code, err } = await runToEnd(['--modules', 'examples', '--env', 'prod', '--check'], {
    ADMIN_PASSWORD: 'one of our own',
    ANON_TOKEN: 'and another',
  });
  assert.equal(code, 0, err);
});

test('no secret reaches the log, at any level', async () => {
  const daemon = await startDaemon({ args: ['--debug'], env: { LIMP_DATA_DRIVER: 'memory', LIMP_ADMIN_PASSWORD: 'tell-nobody' } });
  const client = await LimpClient.connect(daemon.port);
  const auth = await client.auth('username', '__ADMIN', 'tell-nobody');
  assert.equal(auth.status, 200, JSON.stringify(auth));
  await client.call('user/read');
  await client.close();
  await daemon.stop();
  for (const secret of ['tell-nobody', auth.args.docs[0].token, Buffer.from('tell-nobody').toString('base64url')])
    assert.ok(!daemon.log().includes(secret));
});

test('a second signal does not wait for anybody', async () => {
  const daemon = await startDaemon({ env: { LIMP_DATA_DRIVER: 'memory', LIMP_STOP_GRACE_MS: '60000' } });
  // A peer that is greeted and then never answers a close frame.
  const silent = connect(daemon.port, '127.0.0.1');
  silent.on('error', () => {});
  silent.write(
    'GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n' +
      'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n'
  );
  await new Promise((resolve) => silent.once('data', resolve));
  process.kill(daemon.pid, 'SIGTERM');
  while (!daemon.log().includes('stopping')) await new Promise((resolve) => setImmediate(resolve));
  process.kill(daemon.pid, 'SIGINT');
  assert.equal(await daemon.stop(), 130);
  silent.destroy();
});
