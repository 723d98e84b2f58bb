import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nameFilter } from '../../../emulator/trace/filter';
import { VcdWriter } from '../../../emulator/trace/vcd';
import { createTarget } from '../../../index';
import type { Target } from '../../../index';
import { ACTIVE, board, CHANNELS, ENABLE, EOC, IRQ, KIB, NS, putDescriptor, REG, US } from '../board';
import type { Dump } from './read-vcd';
import { readVcd } from './read-vcd';

/** Runs a board and reads what was recorded of it. */
function recorded(drive: (target: Target) => void, globs: readonly string[] = []): { text: string; dump: Dump } {
  const pieces: string[] = [];
  const writer = new VcdWriter((piece) => pieces.push(piece), nameFilter(globs));
  const target = board({ dramBytes: 64 * KIB, waves: writer.sink });
  drive(target);
  writer.close();
  const text = pieces.join('');
  return { text, dump: readVcd(text) };
}

/** Two descriptors, the second with an interrupt, on a channel. */
function start(target: Target, channel = 0): void {
  putDescriptor(target, 0x1000, { next: 0x1040, count: 3000, destination: 0x8000, sources: [0x4000, 0x5000] });
  putDescriptor(target, 0x1040, {
    interrupt: true,
    writeBack: true,
    count: 100,
    destination: 0x9000,
    sources: [0x4000],
  });
  target.write32(CHANNELS[channel] + REG.ANDAR, 0x1000);
  target.write32(CHANNELS[channel] + REG.ACCR, ENABLE);
}

/** A register put together from its fields in the dump, which are all of its bits. @param name like `adma0.ACSR` */
function register(dump: Dump, name: string, time: number): number {
  let [value, bits] = [0, 0];
  for (const [path, width] of dump.widths) {
    if (!path.startsWith(`machine.${name}.`)) continue;
    value += dump.at(path, time) * 2 ** dump.lowest.get(path)!;
    bits += width;
  }
  expect(bits).toBe(32);
  return value;
}

describe('a dump of a chain', () => {
  it('holds at every moment what a read at that moment returns', () => {
    const reads: { name: string; time: number; value: number }[] = [];
    const { dump } = recorded((target) => {
      start(target);
      while (target.now < 40 * US) {
        for (const name of ['ACCR', 'ACSR', 'ADAR', 'ANDAR', 'ADCR', 'ABCR'] as const) {
          const before = target.now;
          const value = target.read32(CHANNELS[0] + REG[name]);
          // The unit is sampled half way.
          reads.push({ name, time: before + (target.now - before) / 2, value });
        }
        target.advance(137 * NS);
      }
    });
    for (const { name, time, value } of reads) {
      expect([name, time, register(dump, `adma0.${name}`, time)]).toEqual([name, time, value]);
    }
    const states = new Set(reads.filter(({ name }) => name === 'ACSR').map(({ value }) => value));
    expect([...states]).toEqual([ACTIVE, EOC]);
    expect(new Set(reads.filter(({ name }) => name === 'ANDAR').map(({ value }) => value)).size).toBe(2);
  });

  it('has a change at the moment it happens, not when somebody looks', () => {
    let ended = 0;
    const { dump } = recorded((target) => {
      start(target);
      target.runUntil(() => target.assertedInterrupts().includes(IRQ.eoc[0]), 100 * US);
      ended = target.now;
      target.advance(3 * US);
      target.write32(CHANNELS[0] + REG.ACSR, EOC);
      target.advance(3 * US);
    });
    const [up, down] = dump.changes('machine.adma0_lines.end_of_chain');
    expect(up).toBe(ended);
    expect(down).toBeGreaterThan(ended + 3 * US);
    expect(dump.changes('machine.adma0.ACSR.END_OF_CHAIN')).toEqual([up, down]);
    expect(dump.changes('machine.adma0.ACSR.ACTIVE')).toHaveLength(2);
    expect(dump.changes('machine.adma1.ACSR.ACTIVE')).toEqual([]);
  });

  it('has the registers of coprocessor 6 as they are read there', () => {
    const reads: { time: number; value: number }[] = [];
    const { dump } = recorded((target) => {
      target.writeCp6(0, 4, 0b10_0010);
      target.advance(10 * NS);
      start(target, 1);
      for (let i = 0; i < 40; i++) {
        reads.push({ time: target.now, value: target.readCp6(0, 4) });
        target.advance(500 * NS);
      }
    });
    for (const { time, value } of reads) expect(register(dump, 'intc.INTCTL0', time)).toBe(value);
    expect(reads[0].value).toBe(0b10_0010);
  });

  it('ends when the recording does', () => {
    const { dump } = recorded((target) => target.advance(7 * US));
    expect(dump.end).toBe(7 * US);
  });

  it('holds only what is wanted', () => {
    const { dump } = recorded(start, ['adma0.*', '!adma0.ACSR']);
    const units = new Set([...dump.widths.keys()].map((path) => path.split('.').slice(1, 3).join('.')));
    expect(units).toContain('adma0.ACCR');
    expect([...units].filter((name) => !name.startsWith('adma0.') || name === 'adma0.ACSR')).toEqual([]);
  });

  it('is the same to the byte for the same run', () => {
    const drive = (target: Target): void => {
      start(target);
      target.advance(20 * US);
    };
    expect(recorded(drive).text).toBe(recorded(drive).text);
  });

  it.each(['iop342', 'iop331', 'iop321', 'none'] as const)('declares every unit of %s', (platform) => {
    const pieces: string[] = [];
    const writer = new VcdWriter((piece) => pieces.push(piece));
    createTarget(platform, { dramBytes: 64 * KIB, waves: writer.sink }).advance(US);
    writer.close();
    expect([...readVcd(pieces.join('')).widths.keys()].some((path) => path.startsWith('machine.intc.'))).toBe(true);
  });

  const tool = spawnSync('vcd2fst', ['--help']).error === undefined;
  if (!tool) process.stderr.write('skipped: vcd2fst (package gtkwave) is not installed\n');
  (tool ? it : it.skip)('is accepted by vcd2fst of GTKWave', () => {
    const folder = mkdtempSync(join(tmpdir(), 'adma-vcd-'));
    try {
      const { text } = recorded((target) => {
        start(target);
        target.advance(20 * US);
      });
      writeFileSync(join(folder, 'a.vcd'), text);
      execFileSync('vcd2fst', ['-v', join(folder, 'a.vcd'), '-f', join(folder, 'a.fst')], { stdio: 'pipe' });
      expect(statSync(join(folder, 'a.fst')).size).toBeGreaterThan(0);
      const back = execFileSync('fst2vcd', [join(folder, 'a.fst')], { encoding: 'utf8' });
      expect(back).toMatch(/END_OF_CHAIN/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
