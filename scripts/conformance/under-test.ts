/** What the suite is run on, as a worker can be told. */
import type { DmaDriver } from '../../dmaengine/driver';
import type { AsyncTxClient } from '../../conformance/client';
import { goodParts, stackOf, stackWith } from '../../conformance/stack';
import type { Stack } from '../../conformance/stack';
import { MUTANTS } from '../../conformance/mutants';
import { FieldError } from '../../raid5/workload/input-error';
import type { Exports } from './load-module';
import { loadModule } from './load-module';

export type UnderTest =
  | { readonly kind: 'iop-adma' }
  | { readonly kind: 'driver'; readonly file: string }
  | { readonly kind: 'client'; readonly file: string }
  | { readonly kind: 'mutant'; readonly id: string };

/** Puts the software under test together. @throws FieldError when a file exports no driver */
export function stackUnderTest(what: Exclude<UnderTest, { readonly kind: 'client' }>): Stack {
  switch (what.kind) {
    case 'iop-adma':
      return stackOf(goodParts());
    case 'driver':
      return stackWith(driverOf(what.file, loadModule(what.file)));
    case 'mutant': {
      const parts = goodParts();
      MUTANTS.find(({ id }) => id === what.id)!.install(parts);
      return stackOf(parts);
    }
  }
}

/** The client that a file exports as `client`, or by default. @throws FieldError when it exports none */
export function clientUnderTest(file: string): AsyncTxClient {
  const exports = loadModule(file);
  const client = exports['client'] ?? exports['default'];
  if (typeof client !== 'object' || client === null || !('run' in client) || typeof client.run !== 'function') {
    throw new FieldError(`${file}: exports no client`, 'export const client: AsyncTxClient = { name, run }');
  }
  return client as AsyncTxClient;
}

/** What the file exports as `driver`, or by default. */
function driverOf(file: string, exports: Exports): DmaDriver {
  const driver = exports['driver'] ?? exports['default'];
  if (typeof driver !== 'object' || driver === null || !('probe' in driver) || typeof driver.probe !== 'function') {
    throw new FieldError(`${file}: exports no driver`, 'export const driver: DmaDriver = { name, probe }');
  }
  return driver as DmaDriver;
}
