/** How many runs may be under way in one GPU executor at once: enough that the GPU has work while one run ends and the next arrives. */
export const GPU_LANES = 3
