import { openHostStorage } from '../../../src/cli/openHostStorage.ts'
import { createIdentity, identityOf, type KeptIdentity } from '../../../src/client/identity.ts'
import { sampleTask } from './sampleTask.ts'

/**
 * Writes one task after another until it is killed, each together with the next state of task 0, and says so only when a
 * write has returned. First it says which host it is: the one it finds, or a new one.
 */
const [dataDir = '', from = '0'] = process.argv.slice(2)
const storage = openHostStorage(dataDir, new URL('http://localhost:8787'))
const { host } = await identityOf((await storage.identity()) ?? (await newIdentity()))
process.stdout.write(`${host}\n`)
for (let n = Number(from) + 1; ; n++) {
  const tasks = [sampleTask(0, n, host), sampleTask(n, 5, host)]
  await storage.write(new Map(tasks.map((task) => [task.task, task])))
  process.stdout.write(`${n}\n`)
}

async function newIdentity(): Promise<KeptIdentity> {
  const made = await createIdentity({ extractable: true })
  await storage.keepIdentity(made)
  return made
}
