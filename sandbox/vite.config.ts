import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

// limpd serves the page under a Content-Security-Policy that knows no inline script, style or data: script.
export default defineConfig({
  base: '/_/',
  plugins: [svelte()],
  build: { target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
});
