import * as v from 'valibot'
import { taskWorkunitSchema } from '../../protocol/messages.ts'

export const testWorkunit = v.parse(taskWorkunitSchema, {
  id: 'batch.0',
  batch: 'batch',
  kind: 'practice',
  app: 'test-app',
  version: 1,
  input: {},
  itemCount: 1_000,
  itemCost: '3',
})
