// limpd's commands for those who write packages: new, check, routes, test.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { root, runToEnd } from './daemon.mjs';

let modules;
beforeEach(() => (modules = mkdtempSync(join(tmpdir(), 'limpd-packages-'))));
afterEach(() => rmSync(modules, { recursive: true, force: true }));

const tool = (...words) => runToEnd([...words, '--modules', modules]);
const inShop = (...path) => join(modules, 'shop', ...path);

async function made() {
  const said = await tool('new', 'shop');
  assert.equal(said.code, 0, said.err);
  return said;
}

async function refused(words, about) {
  const said = await tool(...words);
  assert.equal(said.code, 2, `${words.join(' ')}: ${said.out}${said.err}`);
  assert.equal(said.err.trim().split('\n').length, 1, said.err);
  assert.match(said.err, about);
}

test('a new package is right, and its transcript passes', async () => {
  const said = await made();
  for (const file of [inShop('limp.json'), inShop('tests', 'shop.call')]) {
    assert.ok(said.out.includes(file), said.out);
    assert.doesNotMatch(readFileSync(file, 'utf8'), /NAME/);
  }
  assert.deepEqual(await tool('check'), { code: 0, signal: null, out: '1 package is right\n', err: '' });
  const tested = await tool('test', 'shop');
  assert.equal(tested.code, 0, tested.out + tested.err);
  assert.equal(tested.out, `ok    ${inShop('tests', 'shop.call')}\n1 transcript, 0 failed\n`);
});

test('a new package with C++ is built, and its transcript passes', async () => {
  const said = await tool('new', 'shop', '--cpp');
  assert.equal(said.code, 0, said.err);
  assert.ok(said.out.includes(inShop('shop.cpp')), said.out);
  assert.doesNotMatch(readFileSync(inShop('shop.cpp'), 'utf8'), /NAME|CODE/);
  const tested = await tool('test');
  assert.equal(tested.code, 0, tested.out + tested.err);
  assert.match((await tool('routes', 'shop')).out, /^shop\/count +\*$/m);
});

test('new overwrites nothing and takes no name that cannot be', async () => {
  await made();
  const before = readFileSync(inShop('limp.json'), 'utf8');
  await refused(['new', 'shop'], /exists already/);
  assert.equal(readFileSync(inShop('limp.json'), 'utf8'), before);
  await refused(['new'], /NAME/);
  await refused(['new', 'a', 'b'], /"b"/);
  for (const name of ['Shop', '1shop', 'my-shop', '../shop', '/tmp', '_shop', 'a b'])
    await refused(['new', name], /lower-case/);
  for (const name of ['core', 'user', 'session']) await refused(['new', name], /core/);
  assert.deepEqual(readdirSync(modules), ['shop']);
});

test('check says each mistake with its place', async () => {
  await made();
  assert.equal((await tool('new', 'cafe')).code, 0);
  for (const name of ['shop', 'cafe']) {
    const file = join(modules, name, 'limp.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"user": "id"', '"user": "idd"'));
  }
  const both = await tool('check');
  assert.equal(both.code, 1);
  const lines = both.err.trim().split('\n');
  assert.equal(lines.length, 2, both.err);
  assert.match(lines[0], /^limpd: .*cafe\/limp\.json:\d+: .*idd/);
  assert.match(lines[1], /^limpd: .*shop\/limp\.json:\d+: .*idd/);
  for (const name of ['bar', 'inn']) {
    assert.equal((await tool('new', name)).code, 0);
    writeFileSync(join(modules, name, 'limp.json'), '{"modules": {}\n');
  }
  const all = (await tool('check')).err.trim().split('\n');
  assert.deepEqual(all.map((line) => /([a-z]+)\/limp\.json:\d+: /.exec(line)?.[1]), ['bar', 'inn', 'cafe', 'shop']);
  const one = await tool('check', 'shop');
  assert.equal(one.code, 1);
  assert.doesNotMatch(one.err, /cafe/);
  await refused(['check', 'shopp'], /no package "shopp"/);
  await refused(['check', 'shop', '--data', 'x'], /--data/);
  for (const command of ['check', 'build'])
    await refused([command, 'shop', '--packages', 'cafe'], /^limpd: .*--packages/);
});

test('check says what means nothing among modules', async () => {
  await made();
  const file = inShop('limp.json');
  writeFileSync(file, readFileSync(file, 'utf8').replace('["user", ["name"]]', '["usr", ["name"]]'));
  const said = await tool('check');
  assert.equal(said.code, 1);
  const line = readFileSync(file, 'utf8').split('\n').findIndex((text) => text.includes('"usr"')) + 1;
  assert.ok(said.err.includes(`limp.json:${line}: `), said.err);
});

test('check says of every module what means nothing', async () => {
  const names = ['shop', 'cafe', 'zoo'];
  const file = (name) => join(modules, name, 'limp.json');
  for (const name of names) {
    assert.equal((await tool('new', name)).code, 0);
    const text = readFileSync(file(name), 'utf8')
      .replace('["user", ["name"]]', '["usr", ["name"]]')
      .replace('"create": {', '"create": {"doc_args": [{"!scan": "file"}], ');
    writeFileSync(file(name), text);
  }
  const said = await tool('check');
  assert.equal(said.code, 1);
  const lines = said.err.trim().split('\n');
  const count = (name, about) =>
    lines.filter((line) => line.startsWith(`limpd: ${file(name)}:`) && line.includes(about)).length;
  for (const name of names) {
    assert.equal(count(name, 'no module "usr"'), 1, said.err);
    assert.equal(count(name, 'argument "scan" cannot be of type "file" or "bin"'), 1, said.err);
  }
  assert.equal(lines.length, 2 * names.length, said.err);
});

test('routes shows methods, permissions and arguments', async () => {
  await made();
  const table = await tool('routes', 'shop');
  assert.equal(table.code, 0, table.err);
  const lines = table.out.trimEnd().split('\n');
  assert.equal(lines.length, 7, table.out);
  const column = lines[0].indexOf('WHO');
  for (const line of lines.slice(1)) assert.match(line, /^shop\/(create|delete|read|update) /);
  for (const line of lines) assert.equal(line[column - 1], ' ');
  assert.match(table.out, /^shop\/read +\* +query {"state":{"val":"published"}}$/m);
  assert.match(table.out, /^shop\/update +update +!_id: id +query {"user":"\$__user"}$/m);
  const all = JSON.parse((await tool('routes', '--json')).out);
  assert.ok(all.some((route) => route.endpoint === 'session/auth' && route.package === 'core'));
  assert.deepEqual(all.find((route) => route.endpoint === 'shop/delete'), {
    endpoint: 'shop/delete',
    package: 'shop',
    get_method: false,
    query_args: [{ '!_id': 'id' }],
    doc_args: [],
    permissions: [{ privilege: 'admin', query: {}, doc: {}, hide: [], hard: false }],
  });
  await refused(['routes', 'shp'], /did you mean "shop"/);
});

test('test shows what differs, with its place, and goes on', async () => {
  await made();
  writeFileSync(inShop('tests', 'a.call'), 'as admin\n> {"endpoint": "shop/read"}\n< {"args": {"docs": [{}]}}\n');
  writeFileSync(inShop('tests', 'b.call'), '> {"endpoint": "shop/read"}\n');
  writeFileSync(inShop('tests', 'c.call'), 'modules examples\n> {"endpoint": "shop/read"}\n< {}\n');
  const said = await tool('test');
  assert.equal(said.code, 1);
  assert.ok(said.out.includes(`FAILS ${inShop('tests', 'a.call')}:3: args.docs should be a list of 1, is []\n`), said.out);
  assert.ok(said.out.includes(`FAILS ${inShop('tests', 'b.call')}:1: nothing is expected of this call\n`), said.out);
  assert.match(said.out, /FAILS .*c\.call: "modules" does not go here/);
  assert.match(said.out, /^4 transcripts, 3 failed$/m);
  await refused(['test', 'shp'], /did you mean "shop"/);
  rmSync(inShop('tests'), { recursive: true });
  const none = await tool('test');
  assert.equal(none.code, 1);
  assert.match(none.err, /no transcripts/);
});

test('the configuration of a package holds in its transcripts', async () => {
  await made();
  const file = inShop('limp.json');
  const config = '"config": {"admin_password": "another", "anon_token": "a-visitor"},';
  writeFileSync(file, readFileSync(file, 'utf8').replace('"modules"', `${config} "modules"`));
  const said = await tool('test');
  assert.equal(said.code, 0, said.out + said.err);
});

test('what docs/testing.md shows passes', async () => {
  await made();
  const page = readFileSync(join(root, 'docs', 'testing.md'), 'utf8');
  const shown = [...page.matchAll(/```call\n(.*?)```/gs)].map((match) => match[1]);
  assert.ok(shown.length > 0);
  shown.forEach((text, at) => writeFileSync(inShop('tests', `shown-${at}.call`), text));
  const said = await tool('test');
  assert.equal(said.code, 0, said.out + said.err);
  for (const word of ['as', 'connect', 'login', 'key', 'save', 'let', '>', '<', '!'])
    assert.ok(shown.some((text) => text.split('\n').some((line) => line.startsWith(`${word} `))), word);
});

test('the sample app passes its transcripts', async () => {
  const said = await runToEnd(['test', '--modules', 'examples']);
  assert.equal(said.code, 0, said.out + said.err);
  assert.match(said.out, /limp-sample-app\/tests\/blog\.call/);
});

test('each command says in its help what it does, with an example', async () => {
  for (const command of ['new', 'check', 'routes', 'test', 'build']) {
    const said = await runToEnd([command, '--help']);
    assert.equal(said.code, 0);
    assert.match(said.out, new RegExp(`Example: limpd ${command}`));
  }
  assert.ok(!existsSync(join(modules, 'shop')));
});
