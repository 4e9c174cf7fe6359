import type { Find } from '../client/snapshot.ts'
import type { ToldFind } from '../client/tellFind.ts'
import type { WeftError } from '../protocol/errors.ts'
import type { ContributeOptions } from './contributeCommand.ts'
import type { HostView } from './hostWords.ts'

/** What a host tells of itself while it is at work, to a person or to a program. */
export interface HostReport {
  /** Once, when it is known who this host is. */
  started(options: ContributeOptions, view: HostView): void
  /** Something may have changed, or a second has passed. */
  look(view: HostView): void
  found(find: Find, told: ToldFind): void
  /** Once, the last: everything that could be delivered is. */
  stopped(why: WeftError, view: HostView): void
}
