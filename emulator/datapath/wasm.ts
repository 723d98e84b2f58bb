import { invariant } from '../findings';
import type { Dram } from '../memory/dram';
import type { Datapath } from './datapath';
import { MAX_SOURCES } from './datapath';
import { CRC_TABLES_BYTES, LIST_BYTES, MULTIPLIERS_OFFSET } from './layout';
import { DATAPATH_MODULE } from './wasm-module';

type Kernel = (...args: number[]) => number;

let compiled: WebAssembly.Module | undefined;

/** The module, compiled when it is needed for the first time. */
function datapathModule(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(fromBase64(DATAPATH_MODULE));
  return compiled;
}

/** A loop, because this is part of every start: Uint8Array.from takes 4 ms. */
function fromBase64(text: string): Uint8Array {
  const characters = atob(text);
  const bytes = new Uint8Array(characters.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = characters.charCodeAt(i);
  return bytes;
}

/**
 * A DRAM that is used again keeps its instance: making one costs 0.1 ms, and calls stay fast as long as a call site
 * sees the same functions.
 */
const instances = new WeakMap<Dram, WebAssembly.Instance>();

function instanceOn(dram: Dram): WebAssembly.Instance {
  let instance = instances.get(dram);
  if (instance === undefined) {
    instance = new WebAssembly.Instance(datapathModule(), { dram: { memory: dram.wasm } });
    instances.set(dram, instance);
  }
  return instance;
}

/** The datapath in WASM SIMD, working on the memory of the DRAM itself. Its source is tools/datapath. */
export function wasmDatapath(dram: Dram): Datapath {
  const kernels = instanceOn(dram).exports;
  const kernel = (name: string): Kernel => kernels[name] as Kernel;
  const isZero = kernel('isZero');
  const crcPrepare = kernel('crcPrepare');
  const crcUpdate = kernel('crcUpdate');
  const xor = kernel('xor');
  const syndrome = kernel('syndrome');
  const pqGeneral = kernel('pqGeneral');

  const crcTables = dram.reserveSilicon(CRC_TABLES_BYTES);
  let crcPrepared = false;

  const list = dram.reserveSilicon(LIST_BYTES);
  const words = dram.allWords;
  const firstSource = list >>> 2;
  const firstMultiplier = (list + MULTIPLIERS_OFFSET) >>> 2;
  const setSources = (sources: ArrayLike<number>, count: number): void => {
    invariant(count <= MAX_SOURCES, 'the list of sources is long enough');
    for (let i = 0; i < count; i++) words[firstSource + i] = sources[i];
  };

  return {
    load: kernel('move'),
    accumulate: kernel('accumulate'),
    store: kernel('move'),
    fill: kernel('fill'),
    isZero: (queue, bytes) => isZero(queue, bytes) !== 0,
    loadPq: kernel('loadPq'),
    accumulatePq: kernel('accumulatePq'),
    multiplyLoad: kernel('multiplyLoad'),
    multiplyAccumulate: kernel('multiplyAccumulate'),
    crc32c: (register, source, bytes) => {
      if (!crcPrepared) crcPrepare(crcTables);
      crcPrepared = true;
      return crcUpdate(crcTables, register, source, bytes) >>> 0;
    },
    swap32: kernel('swap32'),
    xor: (destination, sources, count, bytes) => {
      setSources(sources, count);
      xor(destination, list, count, bytes);
    },
    syndrome: (p, q, sources, count, bytes) => {
      setSources(sources, count);
      syndrome(p, q, list, count, bytes);
    },
    pqGeneral: (p, q, sources, multipliers, count, bytes) => {
      setSources(sources, count);
      for (let i = 0; i < count; i++) words[firstMultiplier + i] = multipliers[i];
      pqGeneral(p, q, list, count, bytes);
    },
  };
}
