/** The part of JSON Schema that the API's document uses. */
export interface Schema {
  readonly type?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly Schema[]
  readonly pattern?: string
  readonly minimum?: number
}

/** Where a value does not fit its schema; undefined when it fits. Fields that the schema does not name do not fit. */
export function misfit(schema: Schema, value: unknown, at = '$'): string | undefined {
  if (schema.anyOf) {
    return schema.anyOf.some((one) => misfit(one, value) === undefined) ? undefined : at
  }
  if ('const' in schema && schema.const !== value) return at
  if (schema.enum && !schema.enum.includes(value)) return at
  switch (schema.type) {
    case undefined:
      return undefined
    case 'array':
      return Array.isArray(value)
        ? value
            .map((item, i) => misfit(schema.items ?? {}, item, `${at}[${i}]`))
            .find((where) => where !== undefined)
        : at
    case 'object': {
      if (typeof value !== 'object' || value === null) return at
      const fields = new Map(Object.entries(value))
      const missing = schema.required?.find((name) => !fields.has(name))
      if (missing !== undefined) return `${at}.${missing}`
      for (const [name, field] of fields) {
        const known = schema.properties?.[name]
        if (schema.properties && known === undefined) return `${at}.${name}`
        const where = known && misfit(known, field, `${at}.${name}`)
        if (where !== undefined) return where
      }
      return undefined
    }
    case 'integer':
      return Number.isInteger(value) && Number(value) >= (schema.minimum ?? -Infinity)
        ? undefined
        : at
    case 'string':
      return typeof value === 'string' && new RegExp(schema.pattern ?? '').test(value)
        ? undefined
        : at
    case 'null':
      return value === null ? undefined : at
    default:
      return typeof value === schema.type ? undefined : at
  }
}
