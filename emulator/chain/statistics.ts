/** What a unit has done since power-on. */
export interface UnitStatistics {
  descriptors: number;
  /** bytes read from sources, or filled */
  bytes: number;
  phases: number;
  /** picoseconds with the active bit set */
  busyTime: number;
  errors: number;
}
