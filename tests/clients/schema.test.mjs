// The published schema of limp.json, against every manifest in the tree and against manifests with mistakes.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import Ajv2020 from 'ajv/dist/2020.js';
import { parse } from 'jsonc-parser';
import { root } from './daemon.mjs';

const schema = JSON.parse(readFileSync(join(root, 'schema', 'limp.schema.json'), 'utf8'));
const validate = new Ajv2020({ allErrors: true, strict: false }).compile(schema);

const read = (file) => parse(readFileSync(file, 'utf8'), [], { allowTrailingComma: false });
const manifests = ['examples', 'tests/calls/modules'].flatMap((folder) =>
  readdirSync(join(root, folder))
    .map((name) => join(root, folder, name, 'limp.json'))
    .filter((file) => existsSync(file))
);

test('there are examples', () => assert.ok(manifests.length >= 2, String(manifests)));

for (const file of manifests)
  test(`valid: ${file.slice(root.length + 1)}`, () => {
    validate(read(file));
    assert.deepEqual(validate.errors, null);
  });

const kind = (changes) => ({ modules: { shop: { collection: 'shops', attrs: { name: 'str' }, methods: {}, ...changes } } });
const mistakes = {
  'an unknown key': { modles: {} },
  'an unknown key of a module': kind({ colection: 'shops' }),
  'a type that does not exist': kind({ attrs: { name: 'strr' } }),
  'a list type of none': kind({ attrs: { name: [] } }),
  'an unknown option': kind({ attrs: { name: { str: { length: 3 } } } }),
  'an option of the wrong kind': kind({ attrs: { name: { int: { min: '0' } } } }),
  'a type in place of options': kind({ attrs: { name: { date: 'str' } } }),
  'a dict without values': kind({ attrs: { name: { dict: { key: 'str' } } } }),
  'a union of one': kind({ attrs: { name: { union: ['str'] } } }),
  'a counter that does not count': kind({ attrs: { name: { counter: 'INV' } } }),
  'a searched attr that is none': kind({ searched: ['_id'] }),
  'a template with a collection': { templates: { media: { collection: 'media', attrs: {} } } },
  'a template without attrs': { templates: { media: {} } },
  'an index of nothing': kind({ indexes: [[]] }),
  'an index that is no list': kind({ indexes: 'name' }),
  'two former names': kind({ was: { name: ['title', 'label'] } }),
  'a former name that is none': kind({ was: { name: '_id' } }),
  'an empty choice': kind({ attrs: { name: { enum: [] } } }),
  'a module without a collection': { modules: { shop: { attrs: { name: 'str' } } } },
  'permissions that are no list': kind({ methods: { read: { permissions: '*' } } }),
  'a method without permissions': kind({ methods: { read: {} } }),
  'file retrieval that is no GET method': kind({ methods: { retrieve_file: { permissions: [], get_method: false } } }),
  'file retrieval with arguments of its own': kind({ methods: { retrieve_file: { permissions: [], query_args: [] } } }),
};
for (const [name, manifest] of Object.entries(mistakes)) test(`refused: ${name}`, () => assert.equal(validate(manifest), false));

test('valid: what a module says about the documents that it has', () => {
  validate(kind({ was: { name: 'title' }, indexes: ['name', ['name', 'price']] }));
  assert.deepEqual(validate.errors, null);
});

test('valid: types with options', () => {
  validate(
    kind({
      attrs: {
        a: { int: { min: 0, max: 10 } },
        b: ['str', 'int'],
        c: { dict: { key: 'id', value: { list: { of: 'str', max: 3 } }, required: [] } },
        d: { union: ['int', { date: { min: '2020-01-01', max: '+3d' } }] },
        e: { file: { types: ['image/*'], size_max: 1048576 } },
        f: { counter: 'INV-$__counter:6' },
        g: { 'date?': 'time' },
      },
      searched: ['b'],
      history: true,
      methods: { delete: { permissions: [{ privilege: 'admin', hard: true }] }, undelete: { permissions: [] } },
    })
  );
  assert.deepEqual(validate.errors, null);
});

test('valid: templates', () => {
  validate({ templates: { media: { attrs: { title: 'str' }, searched: ['title'], methods: {} } } });
  assert.deepEqual(validate.errors, null);
});
