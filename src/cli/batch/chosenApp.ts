import type { CoordinatorApi } from '../coordinatorApi.ts'
import { AppNeededError } from '../errors.ts'

/**
 * The app that was named; without a name the only one that the coordinator has.
 * @throws AppNeededError where there are several
 */
export async function chosenApp(
  api: Pick<CoordinatorApi, 'apps'>,
  named: string | undefined,
): Promise<string> {
  if (named !== undefined) return named
  const apps = await api.apps()
  const [only] = apps
  if (only === undefined || apps.length > 1) throw new AppNeededError(apps)
  return only.id
}
