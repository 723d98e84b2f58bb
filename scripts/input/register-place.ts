/** How a user names a register and a value of it. */
import { FieldError, quote } from '../../raid5/workload/input-error';

/** A register by address, by name or by its place in coprocessor 6. */
export type RegisterPlace =
  | { readonly kind: 'address'; readonly address: number }
  | { readonly kind: 'name'; readonly unit: string; readonly register: string }
  | { readonly kind: 'cp6'; readonly crn: number; readonly crm: number };

const PLACE = 'an address like 0xffd80004, a register like adma0.ACSR or cp6:CRn,CRm like cp6:c0,c4';
const VALUE = 'a 32-bit number like 0x2000, 0b10 or 8192';
/** Addresses of the IOP13xx have 36 bits. */
const ADDRESS_DIGITS = 9;

/** @throws FieldError */
export function parsePlace(text: string): RegisterPlace {
  const cp6 = /^cp6:c?(\d{1,2}),c?(\d{1,2})$/i.exec(text);
  if (cp6 !== null) {
    const [crn, crm] = [Number(cp6[1]), Number(cp6[2])];
    if (crn > 15 || crm > 15) throw new FieldError(`${quote(text)}: there are registers c0 to c15`, PLACE);
    return { kind: 'cp6', crn, crm };
  }
  const name = /^(\w+)\.(\w+)$/.exec(text);
  if (name !== null) return { kind: 'name', unit: name[1], register: name[2] };
  const address = /^(?:0x)?([0-9a-f_]+)$/i.exec(text);
  const digits = address?.[1].replaceAll('_', '') ?? '';
  if (digits === '' || digits.length > ADDRESS_DIGITS) throw new FieldError(`${quote(text)} is no register`, PLACE);
  return { kind: 'address', address: parseInt(digits, 16) };
}

/** @throws FieldError */
export function parseValue(text: string): number {
  const plain = text.replaceAll('_', '');
  if (!/^(0x[0-9a-f]+|0b[01]+|\d+)$/i.test(plain)) throw new FieldError(`${quote(text)} is no number`, VALUE);
  const value = Number(plain);
  if (value > 0xffff_ffff) throw new FieldError(`${quote(text)} is more than 32 bits`, VALUE);
  return value;
}
