import { headlessContributor } from '../../src/client/headless.node.ts'

/** A host in a process of its own, to be killed. It stops in order only if it is asked to. */
const [, , server = '', threads = '1'] = process.argv
const host = headlessContributor({ server, threads: Number(threads) })
host.start()
process.on('message', () => {
  void host.stop().then(() => process.disconnect())
})
