/** Version of the volunteer protocol: it changes when a frame, the lease token, the digest or the chain changes meaning. */
export const PROTOCOL_VERSION = 1

/** Version of the program, as `package.json` has it, for what it writes about itself. */
export const WEFT_VERSION = '0.1.0'
