// Modules that change while they have documents: what --check says, what a start does, and what clients see then.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { runToEnd, startDaemon } from './daemon.mjs';
import { LimpClient, admin } from './limp_client.mjs';

const everybody = { permissions: [['*']] };
const methods = { read: everybody, create: everybody, update: { ...everybody, query_args: ['!_id'] } };

// A shop whose manifest is written anew before each start, on one data file.
class Shop {
  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'limpd-upkeep-'));
    mkdirSync(join(this.folder, 'modules', 'shop'), { recursive: true });
    mkdirSync(join(this.folder, 'data'));
    this.data = join(this.folder, 'data', 'limp.db');
  }

  declare(product, rest = {}) {
    const modules = { product: { collection: 'products', methods, ...product }, ...rest.modules };
    writeFileSync(join(this.folder, 'modules', 'shop', 'limp.json'), JSON.stringify({ config: rest.config ?? {}, modules }));
  }

  // Runs `work` with a client of a limpd that runs meanwhile; gives the log.
  async serve(work = async () => {}) {
    const daemon = await startDaemon({ modules: join(this.folder, 'modules'), args: ['--data', this.data] });
    try {
      const client = await LimpClient.connect(daemon.port);
      await work(client, this);
      await client.close();
    } finally {
      assert.equal(await daemon.stop(), 0);
    }
    return daemon.log();
  }

  async check() {
    const before = this.files();
    const result = await runToEnd(['--modules', join(this.folder, 'modules'), '--data', this.data, '--check']);
    assert.deepEqual(this.files(), before);
    return result;
  }

  // What a check announces is what the next start does, and the start after it does nothing more.
  async bringUpTo(product, lines, rest) {
    this.declare(product, rest);
    const { code, err } = await this.check();
    assert.equal(code, 0, err);
    assert.deepEqual(linesOf(err, 'would: '), lines);
    assert.deepEqual(linesOf(await this.serve()), lines);
    assert.deepEqual(linesOf((await this.check()).err, 'would: '), []);
    assert.deepEqual(linesOf(await this.serve()), []);
  }

  // Neither a check nor a start accepts it, for these reasons; nothing is changed.
  async assertRefused(product, reasons, rest) {
    this.declare(product, rest);
    const args = ['--modules', join(this.folder, 'modules'), '--data', this.data, '--address', '127.0.0.1', '-p', '0'];
    for (const { code, err } of [await this.check(), await runToEnd(args)]) {
      assert.equal(code, 2, err);
      const lines = err.trim().split('\n');
      assert.match(lines[0], /^limpd: \d+ stored documents? do(es)? not fit the manifests; nothing was changed:$/);
      assert.deepEqual(lines.slice(1, -1).map((line) => line.trim()), reasons);
      assert.match(lines.at(-1), /docs\/manifest\.md/);
    }
  }

  files() {
    const folder = join(this.folder, 'data');
    const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
    return Object.fromEntries(names.map(({ name }) => [name, readFileSync(join(folder, name), 'base64')]));
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const linesOf = (log, before = '') =>
  log.split('\n').map((line) => line.split(` info  store: ${before}`)[1]).filter((line) => line && !line.startsWith('opened'));

async function create(client, endpoint, doc) {
  const answer = await client.call(endpoint, { doc });
  assert.equal(answer.status, 200, JSON.stringify(answer));
  return answer.args.docs[0]._id;
}

async function read(client, query = {}) {
  const answer = await client.call('product/read', { query });
  assert.equal(answer.status, 200, JSON.stringify(answer));
  return answer.args.docs;
}

const withShop = (name, work) =>
  test(name, async () => {
    const shop = new Shop();
    try {
      await work(shop);
    } finally {
      shop.remove();
    }
  });

withShop('each kind of change is announced, done once, and seen', async (shop) => {
  let tea, cup;
  shop.declare({ attrs: { name: 'str', price: 'int' } });
  const first = await shop.serve(async (client) => {
    tea = await create(client, 'product/create', { name: 'tea', price: 5 });
    cup = await create(client, 'product/create', { name: 'cup', price: 7 });
  });
  assert.deepEqual(linesOf(first), []);

  await shop.bringUpTo({ attrs: { name: 'str', price: 'int', stock: 'int' }, defaults: { stock: 1 } }, [
    'products: attr "stock" got its default (2 documents)',
  ]);
  await shop.bringUpTo({ attrs: { title: 'str', price: 'int', stock: 'int' }, was: { title: 'name' } }, [
    'products: attr "name" is now "title" (2 documents)',
  ]);
  await shop.bringUpTo({ attrs: { title: 'str', price: 'float', stock: 'int' } }, [
    'products: attr "price" is now kept as float (2 documents)',
  ]);
  await shop.bringUpTo({ attrs: { title: 'str', price: 'float' } }, [
    'products: attr "stock" is declared no more; its values stay, unseen (2 documents)',
  ]);
  const attrs = { title: 'str', price: 'float', stock: 'int' };
  await shop.bringUpTo({ attrs, unique_attrs: ['title'], indexes: [['price', 'title']] }, [
    'products: "title" is unique now',
    'products: "price" with "title" is indexed now',
  ]);
  await shop.serve(async (client) => {
    assert.deepEqual(await read(client), [
      { _id: cup, title: 'cup', price: 7.0, stock: 1, _rev: 4 },
      { _id: tea, title: 'tea', price: 5.0, stock: 1, _rev: 4 },
    ]);
    assert.deepEqual((await read(client, { title: { val: 'tea' } })).map((doc) => doc._id), [tea]);
    const again = await client.call('product/create', { doc: { title: 'tea', price: 1, stock: 1 } });
    assert.equal(again.status, 409, JSON.stringify(again));
  });
});

withShop('what does not fit is refused with its documents, and everything stays', async (shop) => {
  let tea, cup;
  const before = { attrs: { name: 'str', price: 'str' } };
  shop.declare(before);
  await shop.serve(async (client) => {
    tea = await create(client, 'product/create', { name: 'tea', price: '5' });
    cup = await create(client, 'product/create', { name: 'tea', price: 'free' });
  });
  const files = shop.files();

  await shop.assertRefused({ attrs: { name: 'str', price: 'str', stock: 'int' } }, [
    `products ${tea}: needs attr "stock": give it a default for the documents that lack it, or make it optional`,
    `products ${cup}: needs attr "stock": give it a default for the documents that lack it, or make it optional`,
  ]);
  await shop.assertRefused({ attrs: { name: 'str', price: { enum: ['free', 'dear'] } } }, [
    `products ${tea}: attr "price" must be one of "free", "dear"`,
  ]);
  await shop.assertRefused({ ...before, unique_attrs: ['name'] }, [
    `products ${cup}: has the same name as ${tea}, which must be unique`,
  ]);
  assert.deepEqual(shop.files()['limp.db'], files['limp.db']);

  shop.declare(before);
  const log = await shop.serve(async (client) => {
    assert.deepEqual((await read(client)).map((doc) => [doc._id, doc._rev]), [[cup, 1], [tea, 1]]);
    await client.call('product/update', { query: { _id: { val: cup } }, doc: { name: 'cup' } });
  });
  assert.deepEqual(linesOf(log), []);
  await shop.bringUpTo({ ...before, unique_attrs: ['name'] }, ['products: "name" is unique now']);
});

withShop('a document with the old and the new name is not guessed at', async (shop) => {
  let tea;
  shop.declare({ attrs: { name: 'str', title: 'str' } });
  await shop.serve(async (client) => (tea = await create(client, 'product/create', { name: 'a', title: 'b' })));
  await shop.assertRefused({ attrs: { title: 'str' }, was: { title: 'name' } }, [
    `products ${tea}: has both "title" and "name", which it was called before`,
  ]);
});

withShop('of many documents that do not fit the first are named', async (shop) => {
  shop.declare({ attrs: { name: 'str' } });
  await shop.serve(async (client) => {
    for (let n = 0; n < 23; ++n) await create(client, 'product/create', { name: `n${n}` });
  });
  shop.declare({ attrs: { name: 'int' } });
  const { code, err } = await shop.check();
  assert.equal(code, 2);
  assert.match(err, /^limpd: 23 stored documents do not fit/);
  assert.match(err, /\n    and 3 more\n/);
  assert.equal(err.trim().split('\n').length, 23);
});

withShop('a collection that no module declares is warned of, and comes back', async (shop) => {
  shop.declare({ attrs: { name: 'str' } });
  await shop.serve((client) => create(client, 'product/create', { name: 'tea' }));
  shop.declare({ collection: 'goods', attrs: { name: 'str' } });
  const warning = /warn  store: no module declares the collection products, which has 1 document\n/;
  assert.match((await shop.check()).err, warning);
  assert.match(await shop.serve(async (client) => assert.deepEqual(await read(client), [])), warning);
  shop.declare({ attrs: { name: 'str' } });
  const log = await shop.serve(async (client) => assert.equal((await read(client)).length, 1));
  assert.doesNotMatch(log, /no module declares/);
});

withShop('a check beside a limpd that runs', async (shop) => {
  shop.declare({ attrs: { name: 'str' } });
  await shop.serve(async (client) => {
    await create(client, 'product/create', { name: 'tea' });
    shop.declare({ attrs: { name: 'str', stock: { type: 'int', default: 0 } } });
    const args = ['--modules', join(shop.folder, 'modules'), '--data', shop.data, '--check'];
    const { code, err } = await runToEnd(args);
    assert.equal(code, 0, err);
    assert.deepEqual(linesOf(err, 'would: '), ['products: attr "stock" got its default (1 document)']);
    await create(client, 'product/create', { name: 'cup' });
  });
  assert.deepEqual(linesOf(await shop.serve()), ['products: attr "stock" got its default (2 documents)']);
});

withShop('other locales: texts are filled, none is lost', async (shop) => {
  const product = { attrs: { title: 'locale' } };
  shop.declare(product);
  await shop.serve((client) => create(client, 'product/create', { title: { ar_AE: 'شاي', en_AE: 'tea' } }));
  shop.declare(product, { config: { locales: ['en_AE', 'fr_AE'], locale: 'en_AE' } });
  const { code, err } = await shop.check();
  assert.equal(code, 0, err);
  await shop.serve(async (client) => {
    const [doc] = await read(client);
    assert.equal(doc.title.fr_AE, 'tea');
    assert.equal(doc.title.ar_AE, 'شاي');
    const auth = await client.auth('email', admin.email, admin.password);
    assert.equal(auth.status, 200, JSON.stringify(auth));
  });
});

withShop('in memory there is nothing to rehearse', async (shop) => {
  shop.declare({ attrs: { name: 'str' } }, { config: { data_driver: 'memory' } });
  const { code, err } = await shop.check();
  assert.equal(code, 0, err);
  assert.deepEqual(shop.files(), {});
});

withShop('declarations that mean nothing: file and line', async (shop) => {
  const refused = async (product, about) => {
    shop.declare({ attrs: { name: 'str', meta: 'attrs', tags: ['str'] }, ...product });
    const { code, err } = await shop.check();
    assert.equal(code, 2, err);
    assert.match(err, /shop\/limp\.json:1: /);
    assert.match(err, about);
  };
  await refused({ indexes: ['meta'] }, /"meta" cannot be indexed: its type is attrs/);
  await refused({ indexes: [['name', 'tags']] }, /"tags" is a list/);
  await refused({ indexes: ['nmae'] }, /did you mean "name"/);
  await refused({ was: { name: 'meta' } }, /"meta" is an attr of its own/);
  await refused({ was: { name: 'name' } }, /"name" is called so/);
});
