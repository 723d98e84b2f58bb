/**
 * The few words in which the datapath is written: small functions that return WebAssembly text. A kernel is
 * a `func` whose body is a `sweep`: it says once what happens to one piece of the operands, and the sweep
 * writes the unrolled loop, the loop of single vectors and the loop of single bytes from it.
 */

/** Bytes of one v128. */
export const VECTOR = 16;

export const get = (local: string): string => `(local.get $${local})`;
export const set = (local: string, value: string): string => `(local.set $${local} ${value})`;
export const i32 = (value: number): string => `(i32.const ${value})`;
export const add = (a: string, b: string): string => `(i32.add ${a} ${b})`;
export const xor = (...values: readonly string[]): string => values.reduce((a, b) => `(v128.xor ${a} ${b})`);
export const and = (a: string, b: string): string => `(v128.and ${a} ${b})`;
/** A vector with the same byte sixteen times. */
export const splat = (byte: number): string => `(v128.const i8x16${` ${byte}`.repeat(VECTOR)})`;
export const ZERO = '(v128.const i64x2 0 0)';

/** 0, 1, … count − 1. */
export const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** Locals by type. */
export interface Locals {
  readonly i32?: readonly string[];
  readonly v128?: readonly string[];
}

export interface FunctionShape {
  /** all of type i32 */
  readonly params: readonly string[];
  readonly locals?: Locals;
  /** whether it returns an i32 */
  readonly result?: boolean;
  /** whether it is seen from outside, under its own name */
  readonly exported?: boolean;
}

/** A function. */
export function func(name: string, shape: FunctionShape, ...body: readonly string[]): string {
  const head = [
    ...(shape.exported ? [`(export "${name}")`] : []),
    ...shape.params.map((param) => `(param $${param} i32)`),
    ...(shape.result ? ['(result i32)'] : []),
    ...(shape.locals?.i32 ?? []).map((local) => `(local $${local} i32)`),
    ...(shape.locals?.v128 ?? []).map((local) => `(local $${local} v128)`),
  ];
  return `(func $${name} ${head.join(' ')}\n${body.join('\n')})`;
}

/** Repeats `body` as long as the condition, an i32, holds; asked before each turn. Labels need distinct names. */
export function repeatWhile(label: string, condition: string, ...body: readonly string[]): string {
  return `(if ${condition} (then (loop $${label}\n${body.join('\n')}\n(br_if $${label} ${condition}))))`;
}

/**
 * One piece of the operands in the body of a sweep: a vector, or a single byte standing in lane 0 of one (its
 * other lanes hold what they like and are never stored).
 */
export interface Piece {
  /** Its number within the turn of the loop. */
  readonly index: number;
  readonly bytes: 16 | 1;
  /** The piece of the operand that starts at address `operand` (text of an i32). */
  readonly load: (operand: string) => string;
  /** Puts a v128 in the place of the piece. */
  readonly store: (operand: string, value: string) => string;
}

/** The locals a sweep works with: `at` runs from 0 to the parameter `bytes`. */
export const SWEEP_LOCALS = ['at', 'end'] as const;

/**
 * Runs over operands of `bytes` bytes (a parameter of the function): as many turns of `unroll` vectors as fit,
 * then single vectors, then single bytes. No byte outside the operands is read or written. The body is told
 * all pieces of a turn, so it can keep a set of locals for each.
 */
export function sweep(unroll: number, body: (pieces: readonly Piece[]) => string): string {
  const whole = (stride: number): string => set('end', `(i32.and ${get('bytes')} ${i32(-stride)})`);
  const turns = (stride: number, pieces: readonly Piece[]): string =>
    repeatWhile(
      `by${stride}`,
      `(i32.lt_u ${get('at')} ${get('end')})`,
      body(pieces),
      set('at', add(get('at'), i32(stride))),
    );
  const strides = unroll === 1 ? [1] : [unroll, 1];
  return [
    ...strides.flatMap((vectors) => [
      whole(vectors * VECTOR),
      turns(vectors * VECTOR, range(vectors).map(vectorPiece)),
    ]),
    whole(1),
    turns(1, [BYTE_PIECE]),
  ].join('\n');
}

/** A sweep whose pieces have nothing to do with each other. */
export function sweepEach(unroll: number, body: (piece: Piece) => string): string {
  return sweep(unroll, (pieces) => pieces.map(body).join('\n'));
}

const here = (operand: string): string => add(operand, get('at'));

function vectorPiece(index: number): Piece {
  const offset = `offset=${index * VECTOR} align=1`;
  return {
    index,
    bytes: VECTOR,
    load: (operand) => `(v128.load ${offset} ${here(operand)})`,
    store: (operand, value) => `(v128.store ${offset} ${here(operand)} ${value})`,
  };
}

const BYTE_PIECE: Piece = {
  index: 0,
  bytes: 1,
  load: (operand) => `(v128.load8_splat ${here(operand)})`,
  store: (operand, value) => `(v128.store8_lane 0 ${here(operand)} ${value})`,
};
