import { defineConfig } from 'vite'
import { kernelSources } from './src/web/build/kernelSources.node.ts'
import { writeOfferedApps } from './src/web/build/offeredApps.node.ts'

export default defineConfig({
  root: 'src/web',
  publicDir: '../../public',
  plugins: [kernelSources(import.meta.dirname), writeOfferedApps(import.meta.dirname)],
  build: {
    outDir: '../../dist',
    emptyOutDir: true,
    target: 'es2023',
    // No data: URLs: what the page loads is a file that a strict content policy and a reader can see.
    assetsInlineLimit: 0,
  },
  worker: { format: 'es' },
  server: {
    host: '127.0.0.1',
    proxy: {
      '/api': { target: 'http://127.0.0.1:8787', ws: true },
      '/kernels': 'http://127.0.0.1:8787',
    },
  },
})
