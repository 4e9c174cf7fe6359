import { randomUUID } from 'node:crypto'
import pg from 'pg'

/**
 * An empty schema, which costs less than a database and is as good: everything that is said to its URL stays in it.
 * @param server of a user who may make one
 */
export async function newDatabase(
  server: string,
): Promise<{ url: string; remove: () => Promise<void> }> {
  const schema = `weft_${randomUUID().replaceAll('-', '')}`
  await run(server, `CREATE SCHEMA ${schema}`)
  const url = new URL(server)
  url.searchParams.set('options', `-c search_path=${schema}`)
  return {
    url: url.href,
    remove: () => run(server, `SET client_min_messages = warning; DROP SCHEMA ${schema} CASCADE`),
  }
}

async function run(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
