import { headlessContributor } from '../client/headless.node.ts'
import type { ContributeOptions } from './contributeCommand.ts'
import { InterruptedError } from './errors.ts'
import { jsonReport } from './jsonReport.ts'
import { onStopSignal } from './onStopSignal.ts'
import { openHostStorage } from './openHostStorage.ts'
import { peopleReport } from './peopleReport.ts'
import { watchHost } from './watchHost.ts'

/**
 * Lends this machine to a coordinator until a signal ends it, or it cannot go on. Either way computing stops at once, what is
 * finished is delivered if it can be, and the rest is kept for the next time.
 *
 * @throws InterruptedError after SIGINT or SIGTERM, or when nobody reads its output any more
 * @throws HostStoppedError, NoCoordinatorError, NoGpuError when it cannot go on
 * @throws HostInUseError, StoreTooNewError, DataFolderError when it cannot begin
 */
export async function contribute(options: ContributeOptions): Promise<never> {
  const { server, threads, duty, backend, apps, dataDir, json } = options
  const storage = openHostStorage(dataDir, server)
  const host = headlessContributor({
    server,
    threads,
    share: duty / 100,
    backend,
    storage,
    ...(apps === undefined ? {} : { apps }),
  })
  const people = peopleReport(json ? process.stderr : process.stdout, dataDir)
  const reports = json ? [people, jsonReport(process.stdout)] : [people]
  const watch = watchHost(host, options, reports)
  onStopSignal((signal) => watch.end(new InterruptedError(signal)))
  for (const out of [process.stdout, process.stderr]) {
    out.on('error', () => watch.end(new InterruptedError('SIGPIPE')))
  }
  host.start()
  const why = await watch.over
  await host.stop()
  await watch.finish(why)
  storage.close()
  throw why
}
