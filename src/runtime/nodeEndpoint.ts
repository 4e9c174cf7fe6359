import type { Endpoint } from 'comlink'
import type { NodeEndpoint } from 'comlink/dist/umd/node-adapter'
import adapt from 'comlink/dist/esm/node-adapter.mjs'

/** Makes Node's worker ports speak as the web's do. */
export const nodeEndpoint: (port: NodeEndpoint) => Endpoint = adapt
