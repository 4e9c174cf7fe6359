import type { Page, Worker } from '@playwright/test'

/** What the code below keeps in every worker that has WebGPU. */
interface WatchedScope {
  readonly name: string
  readonly devices?: GPUDevice[]
  readonly submissions?: number
}

/** Runs in the worker before its own code: keeps its devices and counts its submissions. */
const WATCH = `
if ('GPUAdapter' in globalThis) {
  globalThis.devices = []
  globalThis.submissions = 0
  const { requestDevice } = GPUAdapter.prototype
  GPUAdapter.prototype.requestDevice = async function (...wanted) {
    const device = await requestDevice.apply(this, wanted)
    devices.push(device)
    return device
  }
  const { submit } = GPUQueue.prototype
  GPUQueue.prototype.submit = function (...commands) {
    submissions++
    return submit.apply(this, commands)
  }
}
`

/** Ways in which a GPU, or what a browser offers of it, can be at fault: code that runs in the worker before its own. */
export const faults = {
  noAdapter: 'GPU.prototype.requestAdapter = async () => null',
  smallLimits: `
    Object.defineProperty(GPUSupportedLimits.prototype, 'maxComputeInvocationsPerWorkgroup', {
      get: () => 32,
    })`,
  noDevice: `
    GPUAdapter.prototype.requestDevice = async () => {
      throw new DOMException('Not today.', 'OperationError')
    }`,
  brokenShader: changedShaders(`code + ' this is no shader'`),
  wrongDigest: changedShaders(
    `code.replace('atomicAdd(&result.digestLow, digest.x)', 'atomicAdd(&result.digestLow, digest.x ^ 1u)')`,
  ),
}

/** @param code an expression: a shader's code, made of what the worker asked for, \`code\` */
function changedShaders(code: string): string {
  return `
    const { createShaderModule } = GPUDevice.prototype
    GPUDevice.prototype.createShaderModule = function ({ code, ...rest }) {
      return createShaderModule.call(this, { ...rest, code: ${code} })
    }`
}

/** Puts code before that of every worker of the page. Call it before the page is opened. */
export async function watchGpu(page: Page, fault = ''): Promise<void> {
  await page.route('**/assets/executor.worker-*.js', async (route) => {
    const response = await route.fetch()
    const guarded = fault === '' ? '' : `if ('GPUAdapter' in globalThis) {${fault}}\n`
    await route.fulfill({ response, body: `${WATCH}${guarded}${await response.text()}` })
  })
}

/** The page's GPU worker, if there is one now. */
export async function gpuWorker(page: Page): Promise<Worker | undefined> {
  for (const worker of page.workers()) {
    // One that ends meanwhile is not the one.
    const name = await worker
      .evaluate(() => (globalThis as unknown as WatchedScope).name)
      .catch(String)
    if (name === 'weft-gpu') return worker
  }
  return undefined
}

/** How often it was given something to do so far; 0 where there is no such worker. */
export async function submissions(page: Page): Promise<number> {
  const worker = await gpuWorker(page)
  const count = await worker
    ?.evaluate(() => (globalThis as unknown as WatchedScope).submissions)
    .catch(() => 0)
  return count ?? 0
}

/** Destroys every device that it has opened, in the middle of whatever they do. */
export async function destroyDevices(page: Page): Promise<void> {
  const worker = await gpuWorker(page)
  await worker?.evaluate(() => {
    for (const device of (globalThis as unknown as WatchedScope).devices ?? []) device.destroy()
  })
}
