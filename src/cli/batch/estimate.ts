import type { Estimate } from '../coordinatorApi.ts'
import { readText } from '../readText.ts'
import { chosenApp } from './chosenApp.ts'
import { connect, type ConnectionOptions } from './connection.ts'
import { noteRefused } from './noteRefused.ts'
import { printer, type Printer } from './printer.ts'

export interface EstimateOptions extends ConnectionOptions {
  readonly app?: string
}

/**
 * Says what the lines of a file would take. Nothing is submitted.
 * @param path `-` is standard input
 * @throws as `submit` does
 */
export async function estimate(path: string, options: EstimateOptions): Promise<void> {
  const { api } = await connect(options)
  const text = await readText(path, path)
  const print = printer()
  const answer = await api.estimate({ app: await chosenApp(api, options.app), text })
  if (options.json) return print.line(JSON.stringify(answer))
  noteRefused(answer, print)
  await print.record(estimateRecord(answer, print))
}

export function estimateRecord(
  { ahead, creditPerSecond, ...answer }: Estimate,
  { number }: Pick<Printer, 'number'>,
): [string, string][] {
  const rate =
    creditPerSecond === null
      ? 'not known yet: ask again in ten seconds'
      : `${number(Math.round(creditPerSecond))} credit a second`
  return [
    ['Workunits', number(answer.workunits)],
    ['Items', number(answer.items)],
    ['Credit', number(answer.credit)],
    ['Left out', number(answer.refusedCount)],
    ['Quota', answer.withinQuota ? 'there is room' : 'no room now'],
    ['Ahead', `${number(ahead.workunits)} workunits, ${number(ahead.credit)} credit`],
    ['Computed now', rate],
    ['Time alone', spell(answer.seconds)],
    ['Time after what is ahead', spell(answer.secondsWithAhead)],
    ['Price', 'nothing is charged yet'],
  ]
}

/** A time that is a guess anyway. */
export function spell(seconds: number | null): string {
  if (seconds === null) return 'not known without a rate'
  if (seconds < 90) return `${Math.ceil(seconds)} s`
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`
  if (seconds < 48 * 3_600) return `${Math.round(seconds / 3_600)} h`
  return `${Math.round(seconds / 86_400)} days`
}
