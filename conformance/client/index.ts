/** Client conformance: what code that uses async_tx must keep. */
export type { AsyncTxClient, ClientHost, ClientOutcome } from './client';
export type { ClientCase } from './client-cases';
export { CLIENT_CASES, CLIENT_GROUPS } from './client-cases';
export type { ClientConditionName } from './conditions';
export { CLIENT_CONDITIONS } from './conditions';
export type { ClientRunOptions } from './client-run';
export { runClientCase } from './run-client-case';
