// limpd's commands beside serving: backup, restore, and a new password for somebody who is locked out.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { program, root, runToEnd, startDaemon } from './daemon.mjs';
import { LimpClient, admin, payloadSegment } from './limp_client.mjs';

const cheap = { LIMP_PASSWORD_OPERATIONS: '1', LIMP_PASSWORD_MEMORY_KIB: '8192' };
const start = (data) => startDaemon({ args: ['--data', data] });
const tool = (words, input) => runToEnd([...words, '--modules', 'examples'], cheap, input);

let folder;
before(() => (folder = mkdtempSync(join(tmpdir(), 'limpd-tools-'))));
after(() => rmSync(folder, { recursive: true, force: true }));

async function refused(words, code, about, input) {
  const said = await tool(words, input);
  assert.equal(said.code, code, `${words.join(' ')}: ${said.out}${said.err}`);
  assert.equal(said.err.trim().split('\n').length, 1, said.err);
  assert.match(said.err, /^limpd: /);
  assert.match(said.err, about);
}

async function signedIn(port, password = admin.password) {
  const client = await LimpClient.connect(port);
  const answer = await client.auth('email', admin.email, password);
  assert.equal(answer.status, 200, JSON.stringify(answer));
  client.session = answer.args.docs[0];
  return client;
}

async function signInStatus(port, password) {
  const client = await LimpClient.connect(port);
  const { status } = await client.auth('username', admin.username, password);
  await client.close();
  return status;
}

// Whether the session goes on, on a new connection.
async function goesOn(port, session) {
  const client = await LimpClient.connect(port);
  const answer = await client.call('session/reauth', {
    query: { _id: { val: session._id }, hash: { val: payloadSegment({ token: session.token }, session.token) } },
  });
  await client.close();
  return answer.status === 200;
}

const texts = (text) => ({ ar_AE: text, en_AE: text });

// Somebody of the staff, with a photo of these bytes.
async function hire(client, name) {
  const content = Buffer.from(`photo of ${name}`).toString('base64');
  const photo = { name: 'a.png', type: 'image/png', size: Buffer.from(content, 'base64').length, lastModified: 0, content };
  const answer = await client.call('staff/create', {
    doc: { name: texts(name), jobtitle: texts('x'), bio: texts('x'), photo },
  });
  assert.equal(answer.status, 200, JSON.stringify(answer));
  return answer.args.docs[0]._id;
}

async function staff(port) {
  const client = await LimpClient.connect(port);
  const answer = await client.call('staff/read');
  await client.close();
  return new Map(answer.args.docs.map((doc) => [doc._id, doc]));
}

const filesBeside = (data) =>
  readdirSync(`${data}.files`, { recursive: true }).filter((name) => statSync(join(`${data}.files`, name)).isFile());

test('a backup beside a limpd that serves and writes, restored elsewhere', async () => {
  const data = join(folder, 'busy.db');
  const backup = join(folder, 'busy.backup');
  const restored = join(folder, 'elsewhere', 'limp.db');
  const daemon = await start(data);
  const client = await signedIn(daemon.port);
  const before = [];
  for (let n = 0; n < 10; ++n) before.push(await hire(client, `before ${n}`));

  let isOver = false;
  const writing = (async () => {
    let count = 0;
    while (!isOver) await hire(client, `meanwhile ${count++}`);
    return count;
  })();
  const said = await tool(['backup', backup, '--data', data]);
  isOver = true;
  assert.ok((await writing) > 0);
  assert.equal(said.code, 0, said.err);
  assert.match(said.out, /batch \d+, \d+ documents, 1 credential, \d+ files, \d+ KiB/);
  assert.ok(said.out.includes(`${data}.key`), said.out);
  assert.equal(statSync(backup).mode & 0o777, 0o600);
  const files = Number(/(\d+) files/.exec(said.out)[1]);
  const original = await staff(daemon.port);

  assert.equal((await tool(['restore', backup, '--data', restored])).code, 0);
  copyFileSync(`${data}.key`, `${restored}.key`);
  const copy = await start(restored);
  const there = await staff(copy.port);
  for (const id of before) assert.deepEqual(there.get(id), original.get(id));
  for (const [id, doc] of there) assert.deepEqual(doc, original.get(id));
  assert.equal(there.size, files);
  assert.equal(filesBeside(restored).length, files);
  assert.ok(await goesOn(copy.port, client.session), 'with the server key, sessions go on');
  await (await signedIn(copy.port)).close();
  await client.close();
  assert.equal(await copy.stop(), 0);
  assert.equal(await daemon.stop(), 0);
});

test('without the server key sessions end, and restore says so', async () => {
  const data = join(folder, 'keyless.db');
  const daemon = await start(data);
  const { session } = await signedIn(daemon.port);
  assert.equal(await daemon.stop(), 0);
  const backup = join(folder, 'keyless.backup');
  assert.equal((await tool(['backup', backup, '--data', data])).code, 0);
  const restored = join(folder, 'keyless2.db');
  const said = await tool(['restore', backup, '--data', restored]);
  assert.match(said.out, /server key .*keyless2\.db\.key is not there/);
  const copy = await start(restored);
  assert.equal(await goesOn(copy.port, session), false);
  assert.equal(await signInStatus(copy.port, admin.password), 200);
  assert.equal(await copy.stop(), 0);
});

test('backup and restore overwrite nothing and take nothing for what it is not', async () => {
  const data = join(folder, 'careful.db');
  const backup = join(folder, 'careful.backup');
  await refused(['backup', backup, '--data', data], 2, /careful\.db.*no such file/);
  await refused(['restore', backup, '--data', data], 2, /careful\.backup.*no such file/);
  const daemon = await start(data);
  assert.equal((await tool(['backup', backup, '--data', data])).code, 0);
  await refused(['backup', backup, '--data', data], 2, /careful\.backup exists already/);
  await refused(['restore', backup, '--data', data], 2, /in use by another limpd/);
  assert.equal(await daemon.stop(), 0);
  await refused(['restore', backup, '--data', data], 2, /careful\.db exists already/);
  await refused(['restore', data, '--data', join(folder, 'new.db')], 2, /not a backup/);
  writeFileSync(join(folder, 'text'), 'x'.repeat(5000));
  await refused(['restore', join(folder, 'text'), '--data', join(folder, 'new.db')], 2, /not a database/);
  assert.ok(!existsSync(join(folder, 'new.db')));
  await refused(['backup', join(folder, 'no', 'such', 'folder'), '--data', data], 2, /No such file or directory/);
  const memory = await runToEnd(['backup', backup, '--modules', 'examples'], { LIMP_DATA_DRIVER: 'memory' });
  assert.equal(memory.code, 2);
  assert.match(memory.err, /memory/);
  assert.deepEqual(readdirSync(folder).filter((name) => name.includes('.new-') || name.includes('.restoring')), []);
});

test('what fails on the way of a backup is no mistake of whoever asks', async () => {
  const data = join(folder, 'big.db');
  await (await start(data)).stop();
  const backup = join(folder, 'big.backup');
  const command = `ulimit -f 64; trap '' XFSZ; exec "${program}" backup "${backup}" --data "${data}" --modules examples`;
  const child = spawn('bash', ['-c', command], { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (some) => (said += some));
  assert.equal(await new Promise((resolve) => child.on('close', resolve)), 1, said);
  assert.match(said, /^limpd: cannot back up .*big\.db to .*big\.backup: /m);
  assert.ok(!existsSync(backup));
});

test('the manual has each command, and no other', async () => {
  const help = (await runToEnd(['--help'])).out.split('Subcommands:\n')[1].split('\n\n')[0];
  const page = readFileSync(join(root, 'docs', 'operations.md'), 'utf8');
  const commands = (text, form) => [...new Set([...text.matchAll(form)].map((match) => match[1]))].sort();
  assert.deepEqual(commands(page, /^\| `limpd ([a-z]+)/gm), commands(help, /^ {2}([a-z]+) /gm));
});

test('words that are wrong', async () => {
  await refused(['bakup', 'x'], 2, /"backup"/);
  await refused(['backup'], 2, /FILE/);
  await refused(['backup', 'x', '--port', '1'], 2, /--port/);
  await refused(['user'], 2, /password/);
  await refused(['user', 'password'], 2, /NAME/);
});

test('a locked-out admin gets a new password, and the old sessions end', async () => {
  const data = join(folder, 'locked.db');
  let daemon = await start(data);
  const { session } = await signedIn(daemon.port);
  await refused(['user', 'password', admin.username, '--data', data], 2, /in use by another limpd; stop it first/, 'new\n');
  assert.ok(await goesOn(daemon.port, session));
  assert.equal(await daemon.stop(), 0);

  const said = await tool(['user', 'password', admin.username.toLowerCase(), '--data', data], 'the new one\n');
  assert.equal(said.code, 0, said.err);
  assert.match(said.out, /"__ADMIN".* is set; 1 session has ended/);
  assert.ok(!said.out.includes('the new one') && !said.err.includes('the new one'));

  daemon = await start(data);
  assert.equal(await signInStatus(daemon.port, admin.password), 403);
  assert.equal(await signInStatus(daemon.port, 'the new one'), 200);
  assert.equal(await goesOn(daemon.port, session), false);
  assert.equal(await daemon.stop(), 0);

  for (const name of [admin.email.toLowerCase(), admin.phone, session.user._id])
    assert.equal((await tool(['user', 'password', name, '--data', data], 'another\n')).code, 0, name);
  daemon = await start(data);
  assert.equal(await signInStatus(daemon.port, 'another'), 200);
  assert.equal(await daemon.stop(), 0);
});

test('names and passwords that are wrong change nothing', async () => {
  const data = join(folder, 'wrong.db');
  await refused(['user', 'password', admin.username, '--data', data], 2, /no data file/, 'new\n');
  assert.ok(!existsSync(data));
  await (await start(data)).stop();
  await refused(['user', 'password', '__ADMEN', '--data', data], 2, /no user "__ADMEN"; did you mean "__ADMIN"/, 'new\n');
  await refused(['user', 'password', 'zzzz', '--data', data], 2, /no user "zzzz"$/m, 'new\n');
  await refused(['user', 'password', 'f00000000000000000000011', '--data', data], 2, /no user/, 'new\n');
  await refused(['user', 'password', admin.username, '--data', data], 2, /empty/, '\n');
  await refused(['user', 'password', admin.username, '--data', data], 2, /no password/, '');
  await refused(['user', 'password', admin.username, '--data', data], 2, /UTF-8/, Buffer.from([0xff, 0x0a]));
  const daemon = await start(data);
  assert.equal(await signInStatus(daemon.port, admin.password), 200);
  assert.equal(await daemon.stop(), 0);
});

test('a user who is banned is said to be, and let in with --activate', async () => {
  const data = join(folder, 'banned.db');
  let daemon = await start(data);
  const client = await signedIn(daemon.port);
  const banned = await client.call('user/update', {
    query: { _id: { val: client.session.user._id } },
    doc: { status: 'banned' },
  });
  assert.equal(banned.status, 200, JSON.stringify(banned));
  assert.equal(await daemon.stop(), 0);

  const said = await tool(['user', 'password', admin.username, '--data', data], 'new\n');
  assert.equal(said.code, 0, said.err);
  assert.match(said.out, /"banned".*--activate/);
  daemon = await start(data);
  assert.equal(await signInStatus(daemon.port, 'new'), 403);
  assert.equal(await daemon.stop(), 0);

  const active = await tool(['user', 'password', admin.username, '--activate', '--data', data], 'newer\n');
  assert.equal(active.code, 0, active.err);
  assert.ok(!active.out.includes('--activate'));
  daemon = await start(data);
  assert.equal(await signInStatus(daemon.port, 'newer'), 200);
  assert.equal(await daemon.stop(), 0);
});

// On a terminal of its own, answers each prompt with the next line: {code, shown}.
function onTerminal(words, lines) {
  const command = [program, ...words, '--modules', 'examples'].join(' ');
  return new Promise((resolve, reject) => {
    const child = spawn('script', ['-qec', command, '/dev/null'], {
      cwd: root,
      env: { ...process.env, ...cheap },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let shown = '';
    let answered = 0;
    child.stdout.on('data', (data) => {
      shown += data;
      const prompts = shown.split(/New password for .*?: |The same again: /).length - 1;
      while (answered < prompts) child.stdin.write(`${lines[answered++]}\n`);
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), 30_000);
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code, shown });
    });
  });
}

test('on a terminal the password is asked for twice and not shown', async () => {
  const data = join(folder, 'terminal.db');
  await (await start(data)).stop();
  const words = ['user', 'password', admin.username, '--data', data];
  const different = await onTerminal(words, ['secret-one', 'secret-two']);
  assert.equal(different.code, 2, different.shown);
  assert.match(different.shown, /not the same/);
  const same = await onTerminal(words, ['secret-one', 'secret-one']);
  assert.equal(same.code, 0, same.shown);
  assert.match(same.shown, /is set/);
  for (const { shown } of [different, same]) assert.ok(!shown.includes('secret'), shown);
  const daemon = await start(data);
  assert.equal(await signInStatus(daemon.port, 'secret-one'), 200);
  assert.equal(await daemon.stop(), 0);
});
