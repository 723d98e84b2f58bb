/** An interrupt controller as the core and its coprocessor port see it. */
export interface InterruptController {
  readonly name: string;
  /** Drives the level of a source. */
  setLine(source: number, asserted: boolean): void;
  /** Whether the core's IRQ input is asserted: some source is active, enabled and steered to IRQ. */
  readonly irqAsserted: boolean;
  /** Active sources, whatever their enable and steering. */
  asserted(): readonly number[];
  /** Active, enabled and steered to IRQ, highest priority first. */
  pending(): readonly number[];
  /** Coprocessor 6 read; `undefined` when no such register exists. */
  readCp6(crn: number, crm: number): number | undefined;
  /** Coprocessor 6 write; false when no such register exists. */
  writeCp6(crn: number, crm: number, value: number): boolean;
  reset(): void;
}
