import { decode, encode } from '@msgpack/msgpack'
import * as v from 'valibot'
import { MalformedFrameError } from './errors.ts'

/**
 * Frames are msgpack plain maps. Limits are set so that a hostile frame is refused by the decoder before it costs anything:
 * the longest legitimate value is a task's list of grants.
 */
const LIMITS = {
  maxStrLength: 16_384,
  maxBinLength: 65_536,
  maxArrayLength: 4_096,
  maxMapLength: 64,
  maxExtLength: 0,
}

export function encodeFrame(frame: object): Uint8Array {
  return encode(frame, { ignoreUndefined: true })
}

/**
 * @throws MalformedFrameError when the bytes are not msgpack, or not a frame of this schema
 */
export function decodeFrame<Schema extends v.GenericSchema>(
  schema: Schema,
  bytes: Uint8Array,
): v.InferOutput<Schema> {
  let value: unknown
  try {
    value = decode(bytes, LIMITS)
  } catch (cause) {
    throw new MalformedFrameError('it is not msgpack', { cause })
  }
  const parsed = v.safeParse(schema, value, { abortEarly: true })
  if (parsed.success) return parsed.output
  const [issue] = parsed.issues
  const path = v.getDotPath(issue)
  throw new MalformedFrameError(path ? `${path}: ${issue.message}` : issue.message)
}
