/** In pixels, before zooming. */
export const NODE = { width: 184, height: 44 } as const;
export const TERMINAL = { width: 76, height: 32 } as const;
