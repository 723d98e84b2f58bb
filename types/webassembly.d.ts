/**
 * The part of the WebAssembly interface that the emulator uses. TypeScript keeps it in the DOM library, which would bring
 * `window` and a thousand names more; @types/node 20 leaves it out. Signatures follow lib.dom.d.ts.
 */
declare namespace WebAssembly {
  interface MemoryDescriptor {
    /** Size at the start, in pages of 64 KiB. */
    initial: number;
    /** Limit of growth, in pages of 64 KiB; a shared memory needs one. */
    maximum?: number;
    shared?: boolean;
  }

  interface Memory {
    readonly buffer: ArrayBuffer;
    grow(delta: number): number;
  }

  const Memory: {
    prototype: Memory;
    new (descriptor: MemoryDescriptor): Memory;
  };

  // Opaque: the tag only keeps other objects from passing as a module.
  interface Module {
    readonly [Symbol.toStringTag]: 'WebAssembly.Module';
  }

  const Module: {
    prototype: Module;
    new (bytes: ArrayBuffer | ArrayBufferView): Module;
  };

  type ExportValue = ((...args: number[]) => number) | Memory;
  type Exports = Record<string, ExportValue>;
  type Imports = Record<string, Record<string, ExportValue>>;

  interface Instance {
    readonly exports: Exports;
  }

  const Instance: {
    prototype: Instance;
    new (module: Module, imports?: Imports): Instance;
  };

  function validate(bytes: ArrayBuffer | ArrayBufferView): boolean;
  function compile(bytes: ArrayBuffer | ArrayBufferView): Promise<Module>;
  function instantiate(module: Module, imports?: Imports): Promise<Instance>;
}
