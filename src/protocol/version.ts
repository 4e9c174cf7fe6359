/** Version of the volunteer protocol: it changes when a frame, the lease token, the digest or the chain changes meaning. */
export const PROTOCOL_VERSION = 1
