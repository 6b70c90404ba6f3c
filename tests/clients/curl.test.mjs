// What docs/protocol.md shows of curl is what curl shows.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { root, startDaemon } from './daemon.mjs';

let daemon;
before(async () => (daemon = await startDaemon({ modules: 'tests/calls/modules' })));
after(async () => assert.equal(await daemon.stop(), 0));

// The commands of the page's console blocks, in order, each with the output that is shown: "$ " begins a command, "> "
// goes on with it.
function examplesIn(page) {
  const examples = [];
  for (const [, block] of page.matchAll(/^```console\n(.*?)^```$/gms))
    for (const line of block.trimEnd().split('\n')) {
      const last = examples.at(-1);
      if (line.startsWith('$ ')) examples.push({ command: line.slice(2), shown: '' });
      else if (line.startsWith('> ')) last.command += '\n' + line.slice(2);
      else last.shown += line + '\n';
    }
  return examples;
}

// One shell runs all of them, as what one sets the next one needs. Gives what each has written.
async function outputs(examples) {
  const script = examples
    .map(({ command }, at) => `printf '\n@@%s@@\n' ${at}\n${command.replaceAll('localhost:8081', `127.0.0.1:${daemon.port}`)}`)
    .join('\n');
  const { stdout, stderr } = await promisify(execFile)('bash', ['-c', script], { timeout: 60_000 });
  assert.equal(stderr, '');
  return stdout.split(/\n@@\d+@@\n/).slice(1);
}

test('the examples of the protocol', async () => {
  const examples = examplesIn(readFileSync(join(root, 'docs', 'protocol.md'), 'utf8'));
  assert.ok(examples.filter(({ shown }) => shown).length >= 8);
  const written = await outputs(examples);
  for (const [at, { command, shown }] of examples.entries())
    assert.equal(written[at].replaceAll('\r', '').trim(), shown.trim(), command);
});
