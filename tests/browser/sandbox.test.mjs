// The sandbox in Chromium, against limpd: what a developer does on it. CHROMIUM names the browser.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { chromium } from 'playwright-core';
import { startDaemon } from '../clients/daemon.mjs';
import { servePage } from './page_server.mjs';

const admin = { email: 'ADMIN@LIMP.MASAAR.COM', password: '__ADMIN' };
const folder = mkdtempSync(join(tmpdir(), 'limpd-browser-'));
const args = ['--data', join(folder, 'limp.db'), '--packages', 'limp-sample-app'];
let daemon, server, browser, page, faults;

before(async () => {
  daemon = await startDaemon({ args });
  server = await servePage();
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
});
after(async () => {
  await browser?.close();
  await server?.close();
  await daemon?.stop();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  page.setDefaultTimeout(15_000);
  faults = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => /Content.Security.Policy/i.test(message.text()) && faults.push(message.text()));
  await page.goto(`${server.url}?server=ws://127.0.0.1:${daemon.port}/ws`);
  await page.getByRole('status').getByText('connected').waitFor();
});
afterEach(async () => {
  await page.close();
  assert.deepEqual(faults, [], 'the page breaks neither itself nor its policy');
});

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
  await page.getByText(new RegExp(`^${endpoint.split('/')[0]} `)).first().click();
  await page.getByRole('button', { name: endpoint, exact: true }).click();
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
  await call('blog/delete', { query: { _id: { val: id } }, doc: {} });
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
  await page.getByRole('status').getByText('waiting').waitFor();
  daemon = await startDaemon({ args, listenOn: port });
  await page.getByRole('status').getByText('connected').waitFor();
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

test('Arabic runs from right to left', async () => {
  await signedIn();
  await makeCat('أخبار اليوم');
  await call('blog_cat/read', { query: { 'title.ar_AE': { val: 'أخبار اليوم' } } });
  const cell = newest().getByRole('cell').filter({ hasText: 'أخبار' }).first();
  assert.equal(await cell.getAttribute('dir'), 'auto');
  if (process.env.SCREENSHOTS) await page.screenshot({ path: join(process.env.SCREENSHOTS, 'arabic.png') });
});
