import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

// `npm run dev` serves the page as it changes, and hands what it asks for on to a limpd.
const limpd = process.env.LIMPD ?? 'http://localhost:8081';

// limpd serves the page under a Content-Security-Policy that knows no inline script, style or data: script.
export default defineConfig({
  base: '/_/',
  plugins: [svelte()],
  build: { target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: { proxy: { '/ws': { target: limpd, ws: true }, '^/(?!_)': limpd } },
});
