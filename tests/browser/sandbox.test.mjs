// The sandbox in Chromium, against limpd: what a developer does on it. CHROMIUM names the browser.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { chromium } from 'playwright-core';
import { root, startDaemon } from '../clients/daemon.mjs';

const admin = { email: 'ADMIN@LIMP.MASAAR.COM', password: '__ADMIN' };
const folder = mkdtempSync(join(tmpdir(), 'limpd-browser-'));
const args = ['--data', join(folder, 'limp.db'), '--packages', 'limp-sample-app'];
let daemon, browser, page, faults;

before(async () => {
  daemon = await startDaemon({ args });
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
});
after(async () => {
  await browser?.close();
  await daemon?.stop();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  page = await browser.newPage({ viewport: { width: 1400, height: 900 }, timezoneId: 'Asia/Dubai' });
  page.setDefaultTimeout(20_000);
  faults = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => /Content.Security.Policy/i.test(message.text()) && faults.push(message.text()));
  await open(daemon);
});
afterEach(async () => {
  await page.close();
  assert.deepEqual(faults, [], 'the page breaks neither itself nor its policy');
});

// As a browser that is led there from the bare address.
async function open({ port }) {
  await page.goto(`http://127.0.0.1:${port}/`);
  await page.getByRole('link', { name: 'sandbox' }).click();
  assert.equal(new URL(page.url()).pathname, '/_/');
  await page.getByRole('status').getByText('connected', { exact: true }).waitFor();
}

async function signIn(password = admin.password) {
  await page.getByLabel('Name', { exact: true }).fill(admin.email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

async function signedIn() {
  await signIn();
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
}

const newest = () => page.getByRole('article').first();

// Sends what is filled in, and gives the text of its entry once it has been answered with that status.
async function send(endpoint, status = 200) {
  const before = await page.getByRole('article', { name: `Call of ${endpoint}` }).count();
  await page.getByRole('button', { name: 'Send' }).click();
  const calls = page.getByRole('article', { name: `Call of ${endpoint}` });
  await calls.nth(before).waitFor();
  await calls.first().getByRole('heading', { level: 3 }).getByText(String(status), { exact: true }).waitFor();
  return calls.first().innerText();
}

async function call(endpoint, { query = {}, doc = {} }, status = 200) {
  await page.getByLabel('Endpoint').fill(endpoint);
  await page.getByRole('textbox', { name: 'query as JSON' }).fill(JSON.stringify(query));
  await page.getByRole('textbox', { name: 'doc as JSON' }).fill(JSON.stringify(doc));
  return send(endpoint, status);
}

async function choose(endpoint) {
  const button = page.getByRole('button', { name: endpoint, exact: true });
  const module = page.getByRole('navigation').locator('summary').filter({ hasText: new RegExp(`^${endpoint.split('/')[0]} `) });
  await module.waitFor();
  if (!(await button.isVisible())) await module.click();
  await button.click();
}

const both = (text) => ({ ar_AE: text, en_AE: text });
const post = (title, cat) => ({
  title: both(title), subtitle: both('s'), content: both('c'), permalink: 'p', tags: [], cat, status: 'published',
  access: { anon: true, users: [], groups: [] },
});

async function idOfNewest() {
  return /"_id":"(?:[^"\\])*?([0-9a-f]{24})"/.exec(await newest().locator('pre').last().textContent())[1];
}

async function makeCat(title) {
  await choose('blog_cat/create');
  await page.getByRole('group', { name: /^title/ }).getByLabel('ar_AE').fill(title);
  await page.getByRole('group', { name: /^desc/ }).getByLabel('ar_AE').fill('d');
  await send('blog_cat/create');
  return idOfNewest();
}

test('a category and a post bound to it: made, read, changed, followed, deleted', async () => {
  await signedIn();
  const cat = await makeCat('News');
  assert.match(await page.getByRole('textbox', { name: 'doc as JSON' }).innerText(), /"News"/, 'the form is in the JSON');
  await call('blog/create', { query: {}, doc: post('First', cat) });
  const id = await idOfNewest();
  assert.match(await call('blog/read', { query: { _id: { val: id } } }), /First/);
  await newest().getByRole('button', { name: 'News' }).click();
  await page.getByRole('article', { name: 'Call of blog_cat/read' }).waitFor();
  await call('blog/update', { query: { _id: { val: id } }, doc: { 'title.ar_AE': 'Second' } });
  assert.match(await call('blog/read', { query: { _id: { val: id } } }), /Second/);
  await newest().getByRole('button', { name: 'Delete' }).click();
  assert.equal(await page.getByLabel('Endpoint').inputValue(), 'blog/delete');
  await send('blog/delete');
  assert.match(await call('blog/read', { query: { _id: { val: id } } }), /Found 0|No doc|0 docs/);
});

test('what is typed as JSON is in the form', async () => {
  await signedIn();
  await choose('blog_cat/create');
  await page.getByRole('textbox', { name: 'doc as JSON' }).fill(JSON.stringify({ title: both('typed') }));
  const field = page.getByRole('group', { name: /^title/ }).getByLabel('en_AE');
  await page.waitForFunction((input) => input.value === 'typed', await field.elementHandle());
});

test('a wrong password is refused, with the reason', async () => {
  await signIn('another');
  await page.getByText('CORE_SESSION_INVALID_CREDS', { exact: false }).first().waitFor();
  assert.equal(await page.getByRole('button', { name: 'Sign out' }).count(), 0);
});

test('a refused call says why', async () => {
  const said = await call('blog_cat/create', { doc: { title: both('x'), desc: both('x') } }, 403);
  assert.match(said, /CORE_SESSION_FORBIDDEN/);
  assert.match(said, /takes the privilege blog_cat\.create/);
  await page.getByText('sign in as a user that may call it', { exact: false }).waitFor();
});

test('markup in a document is text', async () => {
  await signedIn();
  const markup = '<img src=x onerror=window.ran=1><script>window.ran=1</script>';
  await makeCat(markup);
  const said = await call('blog_cat/read', { query: {} });
  assert.ok(said.includes(markup));
  assert.equal(await page.evaluate(() => window.ran), undefined);
  assert.equal(await page.locator('main img, main script').count(), 0);
});

test('a lost connection comes back, with its session', async () => {
  await signedIn();
  const { port } = daemon;
  await daemon.stop();
  await page.getByRole('status').getByText('lost, trying again').waitFor();
  daemon = await startDaemon({ args, listenOn: port });
  await page.getByRole('status').getByText('connected', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
  assert.match(await call('user/read', { query: { $limit: 1 } }), /200/);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
});

test('nothing is wider than a narrow screen, in both colours', async () => {
  await signedIn();
  await call('user/read', { query: {} });
  for (const width of [360, 800, 1400])
    for (const theme of ['light', 'dark']) {
      await page.setViewportSize({ width, height: 900 });
      await page.getByLabel('Colours').selectOption(theme);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${width} px`);
      if (process.env.SCREENSHOTS) await page.screenshot({ path: join(process.env.SCREENSHOTS, `${width}-${theme}.png`) });
    }
});

test('nothing is out of reach for a screen reader or for weak eyes, as far as axe can tell', async () => {
  await signedIn();
  await makeCat('Seen by all');
  await call('blog_cat/read', { query: { $limit: 2 } });
  await choose('blog/create');
  const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  await page.evaluate(source);
  for (const theme of ['light', 'dark']) {
    await page.getByLabel('Colours').selectOption(theme);
    const { violations } = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa'] }));
    const said = violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`));
    assert.deepEqual(said, [], theme);
  }
});

test('Arabic runs from right to left, typed and read', async () => {
  await signedIn();
  const title = 'أخبار اليوم 2026';
  await makeCat(title);
  await choose('blog_cat/create');
  const field = page.getByRole('group', { name: /^title/ }).getByLabel('ar_AE');
  await field.fill(title);
  const direction = (element) => getComputedStyle(element).direction;
  assert.equal(await field.evaluate(direction), 'rtl', 'the box that it is typed into');
  await call('blog_cat/read', { query: { 'title.ar_AE': { val: title } } });
  const cell = newest().getByRole('cell').filter({ hasText: title }).first();
  assert.equal(await cell.evaluate(direction), 'rtl', 'the cell that it is read in');
  assert.equal(await newest().getByRole('columnheader').first().evaluate(direction), 'ltr');
  if (process.env.SCREENSHOTS) await page.screenshot({ path: join(process.env.SCREENSHOTS, 'arabic.png') });
});

test('a row of a table begins the call that changes it', async () => {
  await signedIn();
  await makeCat('Before');
  const id = await idOfNewest();
  await call('blog_cat/read', { query: { _id: { val: id } } });
  await newest().getByRole('button', { name: 'Change' }).click();
  assert.equal(await page.getByLabel('Endpoint').inputValue(), 'blog_cat/update');
  await page.getByRole('group', { name: /^title/ }).getByLabel('ar_AE').fill('After');
  await send('blog_cat/update');
  assert.match(await call('blog_cat/read', { query: { _id: { val: id } } }), /After/);
});

test('a reference is looked for by its name, on the server', async () => {
  await signedIn();
  await makeCat('Lighthouse keeping');
  const id = await idOfNewest();
  await choose('blog/create');
  const field = page.getByLabel(/^cat\b/);
  await field.fill('keeping');
  const option = page.locator(`datalist option[value="${id}"]`);
  await option.waitFor({ state: 'attached' });
  assert.equal(await option.textContent(), 'Lighthouse keeping');
  await field.fill(id);
  assert.match(await page.getByRole('textbox', { name: 'doc as JSON' }).innerText(), new RegExp(id));
});

test('no password and no token is shown of what was sent', async () => {
  await signedIn();
  const [sent, says, came] = await newest().locator('details').last().locator('pre').allTextContents();
  assert.match(sent, /^\{"token":"[\w-]+\.\(hidden\)\.[\w-]+"/);
  assert.equal(JSON.parse(says).payload.doc.hash, '(hidden)');
  const token = await page.evaluate(() => JSON.parse(sessionStorage.getItem('limp.session')).token);
  for (const text of [sent, says, came, await page.locator('.log').innerText()]) assert.ok(!text.includes(token));
});

test('times are typed in the zone of the browser, and sent in UTC', async () => {
  await signedIn();
  await choose('blog/update');
  const field = page.getByLabel(/^expiry_time/);
  await field.fill('2026-11-22T17:11:05');
  assert.match(await page.getByRole('textbox', { name: 'doc as JSON' }).innerText(), /2026-11-22T13:11:05\.000Z/);
});

test('with the keyboard alone', async () => {
  const press = async (...keys) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.textContent.trim());
  const tabTo = async (what) => {
    for (let at = 0; at < 60; ++at) {
      if ((await focused()) === what) return;
      await press('Tab');
    }
    assert.fail(`Tab does not come to ${what}`);
  };
  await tabTo('name');
  await page.keyboard.type(admin.email);
  await press('Tab');
  await page.keyboard.type(admin.password);
  await press('Enter');
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
  await tabTo('endpoint');
  await page.keyboard.type('user/read');
  await press('Enter');
  await page.getByRole('article', { name: 'Call of user/read' }).getByText('Found 2 docs.', { exact: true }).waitFor();
});

test('a file goes up by the form, and is shown in the table', async () => {
  const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
  const gallery = await startDaemon({ modules: 'tests/calls/modules', args: ['--packages', 'gallery'] });
  try {
    await open(gallery);
    await signedIn();
    await choose('picture/create');
    await page.getByLabel(/^title\b/).fill('A pixel');
    await page.getByLabel(/^rank\b/).fill('3');
    await page.getByLabel(/^photo\b/).setInputFiles({ name: 'pixel.png', mimeType: 'image/png', buffer: Buffer.from(pixel, 'base64') });
    await page.getByRole('textbox', { name: 'doc as JSON' }).getByText('pixel.png').waitFor();
    await send('picture/create');
    await choose('picture/read');
    await page.getByLabel(/^_id/).fill(await idOfNewest());
    await send('picture/read');
    await newest().getByRole('button', { name: 'pixel.png' }).click();
    const image = newest().getByRole('img', { name: 'pixel.png' });
    await image.waitFor();
    assert.equal(await image.evaluate((shown) => shown.decode().then(() => shown.naturalWidth)), 1);
  } finally {
    await gallery.stop();
  }
});

test('a package that is changed shows by itself, and so does why it is not served', async () => {
  const modules = join(folder, 'modules');
  const manifest = join(modules, 'gallery', 'limp.json');
  cpSync(join(root, 'tests/calls/modules/gallery'), join(modules, 'gallery'), { recursive: true });
  const developed = await startDaemon({ modules, args: ['--packages', 'gallery'] });
  try {
    await open(developed);
    await signedIn();
    await choose('picture/create');
    await page.getByLabel(/^title\b/).fill('kept');
    const served = readFileSync(manifest, 'utf8');
    writeFileSync(manifest, served.replace('"title": "str"', '"title": "strr"'));
    await page.getByRole('region', { name: /not served/ }).getByText('did you mean "str"?').waitFor();
    assert.equal(await page.getByLabel(/^title\b/).inputValue(), 'kept', 'what was typed stays');
    writeFileSync(manifest, served.replaceAll('"note"]', '"note", "caption"]').replace('"note": "str"', '"note": "str", "caption": "str"'));
    await page.getByLabel(/^caption\b/).waitFor();
    assert.equal(await page.getByRole('region', { name: /not served/ }).count(), 0);
  } finally {
    await developed.stop();
  }
});
