/** The names of the platforms alone: what a help text needs, without the machines behind them. */

/** In the order help texts show them. */
export const PLATFORM_NAMES = ['iop342', 'iop341', 'iop348', 'iop331', 'iop321', 'none'] as const;

export type PlatformName = (typeof PLATFORM_NAMES)[number];
