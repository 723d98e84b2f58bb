/** A small language for describing YAML files as literals, and its reader: every refusal carries file, line and column. */
import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Node } from 'yaml';

import { FieldError, InputError, quote } from '../../raid5/workload/input-error';
import type { Field } from './fields';
import { didYouMean } from './spelling';

/** What a node must look like, and the value it stands for. */
export interface Shape<T> {
  readonly expected: string;
  read(node: Node, path: string, source: YamlSource): T;
}

interface Entry<T> {
  readonly shape: Shape<T>;
  readonly absent?: { readonly value: T };
}

/** Keys that a later version of the language may have, and what they would do: refused by name. */
export type Later = Readonly<Record<string, string>>;

type Entries<T> = { readonly [K in keyof T]: Entry<T[K]> };

/** A key that must be there. */
export function required<T>(shape: Shape<T>): Entry<T> {
  return { shape };
}

/** A key that may be left out, and its value then. */
export function optional<T, D>(shape: Shape<T>, value: D): Entry<T | D> {
  return { shape, absent: { value } };
}

/** A YAML text and the places in it: paths like `faults[0].fail.disk` where something was read. */
export class YamlSource {
  private readonly lines = new LineCounter();
  private readonly offsets = new Map<string, number>();

  constructor(
    private readonly text: string,
    private readonly file: string,
  ) {}

  /**
   * Parses the text and reads it as a shape.
   * @throws InputError for the first thing that is wrong
   */
  read<T>(shape: Shape<T>): T {
    // Keys that stand twice are left to the reader, which can say where.
    const document = parseDocument(this.text, { lineCounter: this.lines, prettyErrors: false, uniqueKeys: false });
    for (const { pos, code, message } of [...document.errors, ...document.warnings]) {
      const problem = code === 'MULTIPLE_DOCS' ? 'a second document starts' : `this is no YAML: ${message}`;
      this.fail(pos[0], problem, 'one well-formed document');
    }
    const root: Node | null = document.contents;
    if (root === null || (isScalar(root) && root.value === null)) this.fail(0, 'the scenario is empty', shape.expected);
    return shape.read(root, '', this);
  }

  has(path: string): boolean {
    return this.offsets.has(path);
  }

  /**
   * Runs a check on what was read at `path`.
   * @throws InputError in place of a FieldError, at the place of `path`
   */
  at<T>(path: string, check: () => T): T {
    try {
      return check();
    } catch (error) {
      if (error instanceof FieldError)
        this.fail(this.offsets.get(path) ?? 0, `${path}: ${error.problem}`, error.expected);
      throw error;
    }
  }

  /** Notes where `path` stands. */
  note(path: string, node: Node): void {
    this.offsets.set(path, node.range?.[0] ?? 0);
  }

  fail(place: number | Node, problem: string, expected: string): never {
    const { line, col } = this.lines.linePos(typeof place === 'number' ? place : (place.range?.[0] ?? 0));
    // An empty text has no lines.
    throw new InputError(this.file, Math.max(line, 1), Math.max(col, 1), problem, expected);
  }
}

function describe(node: Node): string {
  if (isMap(node)) return 'is a mapping';
  if (isSeq(node)) return 'is a list';
  if (isAlias(node)) return 'is an alias';
  if (isScalar(node) && node.value !== null) return `is a ${typeof node.value}`;
  return 'has no value';
}

/** A scalar that a field reads. */
export function value<T>(field: Field<T>): Shape<T> {
  const { expected } = field;
  return {
    expected,
    read(node, path, source) {
      source.note(path, node);
      if (!isScalar(node) || node.value === null) return source.fail(node, `${path} ${describe(node)}`, expected);
      const text = typeof node.value === 'string' ? node.value : node.source!;
      if (!field.types.some((type) => type === typeof node.value)) {
        source.fail(node, `${path}: ${quote(text)} ${describe(node)}`, expected);
      }
      return source.at(path, () => field.parse(text));
    },
  };
}

/** A mapping with these keys and no others. */
export function group<T extends object>(entries: Entries<T>, later: Later = {}): Shape<T> {
  const keys = Object.keys(entries);
  const expected = `a mapping with the keys: ${keys.join(', ')}`;
  return {
    expected,
    read(node, path, source) {
      source.note(path, node);
      const name = path === '' ? 'the scenario' : path;
      if (!isMap(node)) return source.fail(node, `${name} ${describe(node)}`, expected);
      const result = new Map<string, unknown>();
      for (const { key, value } of node.items) {
        const place = isNode(key) ? key : node;
        const word = isScalar(key) ? String(key.value) : String(key);
        if (Object.hasOwn(later, word)) {
          source.fail(place, `${word}: this version has no ${later[word]}`, `one of: ${keys.join(', ')}`);
        }
        if (!Object.hasOwn(entries, word)) {
          const problem = `unknown key ${quote(word)} in ${name}${didYouMean(word, keys)}`;
          source.fail(place, problem, `one of: ${keys.join(', ')}`);
        }
        if (result.has(word)) source.fail(place, `the key '${word}' stands twice in ${name}`, 'each key once');
        const { shape } = entries[word as keyof T];
        // A key without a colon in a flow mapping has no value node at all.
        if (!isNode(value)) return source.fail(place, `${word} has no value`, shape.expected);
        result.set(word, shape.read(value, path === '' ? word : `${path}.${word}`, source));
      }
      for (const key of keys) {
        if (result.has(key)) continue;
        const { shape, absent } = entries[key as keyof T];
        if (absent === undefined) source.fail(node, `${name} lacks the key '${key}'`, shape.expected);
        else result.set(key, absent.value);
      }
      return Object.fromEntries(result) as T;
    },
  };
}

/** A scalar of one shape or a mapping of another. */
export function scalarOr<A, B>(scalar: Shape<A>, mapping: Shape<B>): Shape<A | B> {
  return {
    expected: `${scalar.expected}; or ${mapping.expected}`,
    read: (node, path, source) => (isMap(node) ? mapping : scalar).read(node, path, source),
  };
}

/** What something means in the terms of the rooms below; a FieldError carries the place of the whole. */
export function mapped<A, B>(shape: Shape<A>, meaning: (read: A) => B): Shape<B> {
  return {
    expected: shape.expected,
    read(node, path, source) {
      const read = shape.read(node, path, source);
      return source.at(path, () => meaning(read));
    },
  };
}

/** What a mapping with one of several keys says; the others are undefined. */
export type OneKey<T> = { readonly [K in keyof T]: T[K] | undefined };

/** A mapping with exactly one of these keys. */
export function oneKey<T extends object>(
  shapes: { readonly [K in keyof T]: Shape<T[K]> },
  later: Later = {},
): Shape<OneKey<T>> {
  const keys = Object.keys(shapes) as (keyof T & string)[];
  const entries = Object.fromEntries(keys.map((key) => [key, optional(shapes[key], undefined)])) as Entries<OneKey<T>>;
  const expected = `a mapping with one key: ${keys.join(' or ')}`;
  return {
    expected,
    read(node, path, source) {
      const read = group(entries, later).read(node, path, source);
      const present = keys.filter((key) => read[key] !== undefined);
      if (present.length !== 1) source.fail(node, `${path} has ${present.length} of the keys`, expected);
      return read;
    },
  };
}

/** A list of things of one shape. */
export function list<T>(item: Shape<T>): Shape<readonly T[]> {
  const expected = `a list; each item ${item.expected}`;
  return {
    expected,
    read(node, path, source) {
      source.note(path, node);
      if (!isSeq(node)) return source.fail(node, `${path} ${describe(node)}`, expected);
      return node.items.map((child, index) => {
        const place = `${path}[${index}]`;
        return isNode(child)
          ? item.read(child, place, source)
          : source.fail(node, `${place} has no value`, item.expected);
      });
    },
  };
}
