import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join } from 'node:path'
import { build } from 'vite'

export interface ServedPage {
  readonly address: string
  close(): void
}

const KERNELS = join(import.meta.dirname, '../../public/kernels')
const TYPES: Readonly<Record<string, string>> = {
  '': 'text/html',
  '.js': 'text/javascript',
  '.wgsl': 'text/plain',
  '.wasm': 'application/wasm',
}

/**
 * Bundles `page/` as the site is bundled, and serves it and the kernels on loopback: WebGPU wants a secure context, and localhost
 * is one.
 */
export async function servePage(): Promise<ServedPage> {
  const files = new Map<string, string | Uint8Array>(await bundle())
  for (const name of readdirSync(KERNELS)) {
    files.set(`/kernels/${name}`, readFileSync(join(KERNELS, name)))
  }
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    const body = files.get(path)
    response.writeHead(body === undefined ? 404 : 200, {
      'content-type': TYPES[extname(path)] ?? 'text/plain',
    })
    response.end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return {
    address: `http://127.0.0.1:${address.port}/`,
    close: () => void server.close(),
  }
}

/** Each file by its path; the page itself is `/`. */
async function bundle(): Promise<[string, string | Uint8Array][]> {
  const built = await build({
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    build: {
      write: false,
      target: 'es2023',
      rollupOptions: { input: join(import.meta.dirname, 'page/page.ts') },
    },
    worker: { format: 'es' },
  })
  const files = [built].flat().flatMap((one) => ('output' in one ? one.output : []))
  const script = files.find((file) => file.type === 'chunk' && file.isEntry)
  if (script === undefined) throw new Error('the page has no script')
  const html = `<!doctype html><title>Weft</title><script type="module" src="/${script.fileName}"></script>`
  return [
    ['/', html],
    ...files.map((file): [string, string | Uint8Array] => [
      `/${file.fileName}`,
      file.type === 'chunk' ? file.code : file.source,
    ]),
  ]
}
