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
  'a list type of two': kind({ attrs: { name: ['str', 'int'] } }),
  'an index of nothing': kind({ indexes: [[]] }),
  'an index that is no list': kind({ indexes: 'name' }),
  'two former names': kind({ was: { name: ['title', 'label'] } }),
  'a former name that is none': kind({ was: { name: '_id' } }),
  'an empty choice': kind({ attrs: { name: { enum: [] } } }),
  'a module without a collection': { modules: { shop: { attrs: { name: 'str' } } } },
  'permissions that are no list': kind({ methods: { read: { permissions: '*' } } }),
  'a method without permissions': kind({ methods: { read: {} } }),
};
for (const [name, manifest] of Object.entries(mistakes)) test(`refused: ${name}`, () => assert.equal(validate(manifest), false));

test('valid: what a module says about the documents that it has', () => {
  validate(kind({ was: { name: 'title' }, indexes: ['name', ['name', 'price']] }));
  assert.deepEqual(validate.errors, null);
});
