import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, sep } from 'node:path'
import staticFiles from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import * as v from 'valibot'
import { NotFoundError } from '../../protocol/errors.ts'
import { kernelHashSchema } from '../../protocol/ids.ts'

const KERNEL_TYPE: Readonly<Record<string, string>> = {
  '.wasm': 'application/wasm',
  '.wgsl': 'text/wgsl; charset=utf-8',
}
const FOREVER = 'public, max-age=31536000, immutable'

const NOT_BUILT = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Weft</title>
<h1>The site is not built yet</h1>
<p>The coordinator runs, and its API answers at <a href="/api/health">/api/health</a>.
To see the page, run <code>npm run build</code> and start again; <code>npm start</code> does both.</p>
</html>
`

/** The built site, and kernels by their hash. Hosts without a page need only the kernels, which are there without a build. */
export async function siteRoutes(
  app: FastifyInstance,
  { siteDir, kernelsDir }: { siteDir: string; kernelsDir: string },
): Promise<void> {
  const hide = { schema: { hide: true } }
  app.get<{ Params: { file: string } }>('/kernels/:file', hide, async (request, reply) => {
    const { file } = request.params
    const [, name, suffix = ''] = /^(.*)(\.wasm|\.wgsl)$/.exec(file) ?? []
    const bytes =
      v.is(kernelHashSchema, name) &&
      (await readFirst([kernelsDir, join(siteDir, 'kernels')], name + suffix))
    if (!bytes) throw new NotFoundError('kernel', file)
    return reply
      .type(KERNEL_TYPE[suffix] ?? '')
      .header('cache-control', FOREVER)
      .send(bytes)
  })

  if (!existsSync(join(siteDir, 'index.html'))) {
    app.get('/', hide, async (_, reply) => reply.type('text/html; charset=utf-8').send(NOT_BUILT))
    return
  }
  await app.register(staticFiles, {
    root: siteDir,
    cacheControl: false,
    // Built assets carry a hash in their name; everything else is asked for anew each time.
    setHeaders: (response, path) => {
      const asset = path.startsWith(join(siteDir, 'assets') + sep)
      void response.header('cache-control', asset ? FOREVER : 'no-cache')
    },
    schemaHide: true,
  })
}

async function readFirst(
  directories: readonly string[],
  file: string,
): Promise<Buffer | undefined> {
  for (const directory of directories) {
    try {
      return await readFile(join(directory, file))
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    }
  }
  return undefined
}
